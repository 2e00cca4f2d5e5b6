"""One question as it is asked: of which model, under which scenario, about which targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.question import Question, ask
from sxsim.identities import needed
from sxsim.links import Count, Log
from sxsim.plan import Change, GivenPath, Lever, Pull, Review, Rule, Scenario, Target, Transmission
from sxsim.processes import Grown, GrowthModel

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A model, a scenario, and targets that can be assessed, by what they speak of.

    Attributes
    ----------
    model, scenario, targets
        What is asked.
    """

    model: GrowthModel
    scenario: Scenario
    targets: tuple[Target, ...]

    def with_targets(self, targets: Sequence[Target]) -> Case:
        """Return the case with other targets."""
        return replace(self, targets=tuple(targets))

    @property
    def indicators(self) -> tuple[str, ...]:
        """Fitted indicators that decide the targets."""
        return tuple(sorted({name for one in self.questions.values() for name in one.indicators}))

    @property
    def levers(self) -> tuple[Lever, ...]:
        """Levers the scenario pulls."""
        return tuple(change.lever for change in self.scenario.changes if isinstance(change, Pull))

    @property
    def questions(self) -> dict[str, Question]:
        """What the targets ask, by their ids."""
        asked = {target.id: ask(target, self.model) for target in self.targets}
        return {name: found for name, found in asked.items() if isinstance(found, Question)}

    def reading(self, name: str) -> tuple[Target, ...]:
        """Return the targets an indicator may decide, by itself or by what it passes on."""
        if self._given:
            return self.targets
        asked, reached = self.questions, self._reached(name)
        return tuple(target for target in self.targets if asked[target.id].indicators & reached)

    def comparing(self) -> tuple[Target, ...]:
        """Return the targets that more than one indicator decides."""
        if self._given or any(isinstance(change, Review | Rule) for change in self.scenario.changes):
            return self.targets
        asked = self.questions
        return tuple(target for target in self.targets if len(asked[target.id].indicators) > 1)

    def groups(self, targets: Sequence[Target], *, joint: bool) -> list[Case]:
        """Return what is asked in one go: all together first if some of them matter, the others one by one.

        Nothing stands first where the joint is not asked for, or does not depend on the targets.
        """
        lead = self.lead if joint and set(self.lead).intersection(targets) else ()
        rest = [(target,) for target in targets if target not in lead]
        return [self.with_targets(some) for some in ((lead, *rest) if lead else rest)]

    @property
    def lead(self) -> tuple[Target, ...]:
        """Return the targets that enter the joint: all but proxies, or all where there are only proxies."""
        return tuple(target for target in self.targets if target.proxy_for is None) or self.targets

    @property
    def _given(self) -> bool:
        """Whether figures of years to come are given, which everything correlated follows."""
        changes = self.scenario.changes
        return bool(self.model.conditions) or any(isinstance(one, GivenPath) for one in changes)

    def _reached(self, name: str) -> frozenset[str]:
        """Indicators to which something is passed on from one, itself among them."""
        links = [link for change in self.scenario.changes for link in _links(change)]
        found, before = {name}, set[str]()
        while found != before:
            before = set(found)
            found |= {to for read, to in links if found & needed(self.model.identities, [read])}
        return frozenset(found)

    def last_year(self, name: str) -> int:
        """Return the last year that is asked of an indicator."""
        years = [row.year for one in self.questions.values() if name in one.indicators for row in one.rows]
        return max(years, default=self.model.last_year + 1)

    def spread(self, name: str) -> float:
        """Half the central 68 % of an indicator in its last year, on the link scale; of the median member."""
        grown = self.model[name]
        low, high = grown.marginal(self.last_year(name) - grown.last_years()).quantiles([0.1587, 0.8413])
        return float(np.nanmedian(high - low)) / 2.0

    def middle(self, name: str) -> float:
        """Median of an indicator in its last year, on the link scale; of the median member."""
        grown = self.model[name]
        moved = grown.marginal(self.last_year(name) - grown.last_years()).quantiles([0.5])[0]
        return float(np.nanmedian(grown.last_level() + moved))


def _links(change: Change) -> list[tuple[str, str]]:
    """From which indicator to which a change passes something on."""
    match change:
        case Transmission():
            return [(change.source, change.target)]
        case Review() | Rule():
            return [(read, change.indicator) for read in change.reads]
    return []


def slope_of_link(grown: Grown, level: float) -> float:
    """Published units per unit of the link scale around a level on it."""
    step = 0.01
    values = smooth_inverse(grown, np.array([level - step, level + step]))
    return float((values[1] - values[0]) / (2.0 * step))


def smooth_inverse(grown: Grown, levels: Array) -> Array:
    """Link scale to published units, before a count is cut to its whole part."""
    carrier = Log() if isinstance(grown.carrier, Count) else grown.carrier
    return carrier.inverse(levels)
