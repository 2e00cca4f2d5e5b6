"""Identities in an order in which each comes after what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

from sxsim.errors import PlanError
from sxsim.identities.identity import Identity


def in_order(identities: Iterable[Identity]) -> tuple[Identity, ...]:
    """Sort identities so that each comes after those it reads in the same year; the order given is no matter.

    Raises
    ------
    PlanError
        Two of them define one indicator, or some need each other within a year.

    Examples
    --------
    >>> whole = Identity(indicator="whole", expression="national + provincial")
    >>> share = Identity(indicator="share", expression="national / whole")
    >>> [identity.indicator for identity in in_order([share, whole])]
    ['whole', 'share']
    """
    by_name: dict[str, Identity] = {}
    for identity in sorted(identities, key=lambda one: one.indicator):
        if other := by_name.get(identity.indicator):
            raise PlanError(
                f"identity {identity.indicator}: it is defined twice, as {other.expression!r} and as "
                f"{identity.expression!r}.",
                "Keep one of the two.",
            )
        by_name[identity.indicator] = identity
    needs = {
        name: sorted({figure.name for figure in identity.figures if not figure.lag} & set(by_name))
        for name, identity in by_name.items()
    }
    try:
        return tuple(by_name[name] for name in TopologicalSorter(needs).static_order())
    except CycleError as error:
        chain = error.args[1][::-1]
        raise PlanError(
            f"identity {chain[0]}: it needs itself within a year ({' -> '.join(chain)}).",
            f"Where the figure of the year before is meant, write {chain[1]}[-1].",
        ) from None


def needed(identities: Sequence[Identity], names: Iterable[str]) -> set[str]:
    """Return the names given and those of everything they are computed from.

    Examples
    --------
    >>> ratio = Identity(indicator="ratio", expression="rd / gdp")
    >>> sorted(needed([ratio], ["ratio"]))
    ['gdp', 'ratio', 'rd']
    """
    by_name = {identity.indicator: identity for identity in identities}
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += by_name[name].parts if name in by_name else ()
    return found
