"""Which levers of a scenario have strengths that rise and fall together."""

from __future__ import annotations

from dataclasses import dataclass

from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.plan import LinkedStrengths, Pull, Scenario
from sxsim.scenarios.ground import owner_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """Who owns the number that linked levers share, and the correlation; the default links nothing."""

    owner: str = ""
    correlation: float = 0.0


def links_of(scenario: Scenario) -> dict[str, Link]:
    """Return the link of every lever that has one; refuse levers that are not pulled, or linked twice."""
    pulled = [change.lever.id for change in scenario.changes if isinstance(change, Pull)]
    found: dict[str, Link] = {}
    for change in scenario.changes:
        if not isinstance(change, LinkedStrengths):
            continue
        link = Link(owner="+".join(sorted(change.levers)), correlation=change.correlation)
        for lever in dict.fromkeys(change.levers):
            if lever not in pulled:
                raise UnknownNameError(
                    f"{owner_of(scenario, change)}: lever {lever!r} is not pulled.", nearest(lever, pulled)
                )
            if lever in found:
                raise RequestError(
                    f"{owner_of(scenario, change)}: lever {lever!r} is linked in {found[lever].owner!r} too.",
                    "Link all of them at once.",
                )
            found[lever] = link
    return found
