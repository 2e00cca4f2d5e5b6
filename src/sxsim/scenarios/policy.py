"""A scenario compiled: what it does to the world's paths, and what of that differs from draw to draw."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sxsim.identities import needed
from sxsim.plan import Review, Rule, TargetRevision
from sxsim.processes import GrowthModel
from sxsim.scenarios.channels import Channels

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Policy:
    """What a scenario does to the levels of the world's paths.

    Attributes
    ----------
    scenario
        Id of the scenario.
    model
        Whose world it is replayed over: the model itself, or one on the same streams that is conditioned on a
        path or has other volatility or correlation.
    offsets
        What is added to the link-scale level on every path alike, ``(member, year)`` by indicator; uncertain
        strengths at their medians among it.
    moves
        What differs from draw to draw; None leaves every exact route open.
    revisions
        Changes of targets, which leave the paths alone.
    """

    scenario: str
    model: GrowthModel
    offsets: Mapping[str, Array]
    moves: Moves | None = None
    revisions: tuple[TargetRevision, ...] = ()

    def differs(self, names: Iterable[str]) -> bool:
        """Whether the levels of some indicators are moved differently from draw to draw."""
        return self.moves is not None and not self.moves.names.isdisjoint(self.parts(names))

    def touches(self, name: str) -> bool:
        """Whether an indicator is moved at all."""
        return not self.parts((name,)).isdisjoint(self.offsets) or self.differs((name,))

    def needs(self, names: Iterable[str]) -> frozenset[str]:
        """Fitted indicators whose paths decide those of some, fitted or derived."""
        asked = self.parts(names)
        if self.moves is None or not self.differs(asked):
            return asked
        return asked | self.parts(self.moves.reads)

    def parts(self, names: Iterable[str]) -> frozenset[str]:
        """Fitted indicators that some rest on."""
        return frozenset(needed(self.model.identities, names)).difference(self.model.derived)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Moves:
    """What a policy adds to the levels, path by path.

    Attributes
    ----------
    sways
        Additions that do not look at the path: what uncertain strengths make beyond their medians, random
        events.
    deciders
        Rules, which look at what was published.
    channels
        How additions reach other indicators.
    names
        Indicators whose levels differ from draw to draw.
    """

    sways: tuple[Sway, ...]
    deciders: tuple[Decider, ...]
    channels: Channels
    names: frozenset[str]

    @property
    def reads(self) -> frozenset[str]:
        """Indicators a rule looks at."""
        return frozenset(name for decider in self.deciders for name in decider.rule.reads)


class Numbers(Protocol):
    """Random numbers of some draws, owned by levers and events, never by a scenario."""

    def strength(self, owner: str) -> Array:
        """Return a standard normal number for each draw, ``(draw,)``."""
        ...

    def once(self, key: Hashable, make: Callable[[Array], Array], numbers: Array) -> Array:
        """Return what is made of some numbers, made once for all that give the same key."""
        ...

    def events(self, owner: str) -> tuple[Array, Array]:
        """Return a uniform and a standard normal number for each year, ``(year, draw)``."""
        ...


class Sway(Protocol):
    """An addition to link-scale levels that differs from draw to draw and does not look at the path."""

    @property
    def owner(self) -> str:
        """Whose numbers it needs."""
        ...

    def drawn(self, numbers: Numbers) -> Array:
        """Return what decides its size, one number for each draw, ``(draw,)``."""
        ...

    def add(self, numbers: Numbers, into: Mapping[str, Array], steps: Collection[int], place: int) -> None:
        """Add to the levels ``(year, draw)`` of the indicators it moves, of one member of their batch.

        Years not among the steps may be left as they are.
        """
        ...


class Conversion(Protocol):
    """Effort of every year, in units of an effect, as an addition to the link-scale level."""

    def reached(self, before: Array | None, effort: Array, step: int, place: int) -> Array:
        """Return what effort has led to by year ``step``, from that of the year before, ``(draw,)``."""
        ...

    def row(self, reached: Array, step: int, place: int) -> Array:
        """Return the addition in year ``step`` from what effort has led to by then, ``(draw,)``."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Decider:
    """A rule, prepared.

    Attributes
    ----------
    rule
        What is decided.
    conversion
        From its effort to levels.
    """

    rule: Review | Rule
    conversion: Conversion
