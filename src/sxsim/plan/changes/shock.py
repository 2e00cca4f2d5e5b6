"""What happens to a plan from outside: shocks, events, rougher years, closer ties."""

from __future__ import annotations

from dataclasses import dataclass

from sxsim.errors import PlanError
from sxsim.plan.changes.effect import Effect, check_effects
from sxsim.plan.checks import check_finite, check_id, check_order, check_year


@dataclass(frozen=True, kw_only=True, slots=True)
class Shock:
    """A blow, or a stroke of luck, in one known year, to one indicator or to several at once.

    Parameters
    ----------
    id, label
        Its name, and how people call it.
    effects
        What it does in its year; growth and units a year mean those of that one year.
    year
        When.
    recovery
        Half-life in years of the distance it opens; None: it stays.

    Raises
    ------
    PlanError
        No effect, two on one indicator, or a recovery that is not above 0.

    Examples
    --------
    >>> from sxsim.plan.changes.effect import EffectUnit
    >>> fall = Effect(indicator="gdp", size=-8.0, unit=EffectUnit.PERCENT, origin="coal prices halve")
    >>> Shock(id="coal", label="Coal price", effects=(fall,), year=2015, recovery=3.0).indicators
    ('gdp',)
    """

    id: str
    label: str
    effects: tuple[Effect, ...]
    year: int
    recovery: float | None = None

    def __post_init__(self) -> None:
        owner = f"shock {self.id}"
        _check_blow("shock", self.id, self.effects, self.recovery)
        check_year(owner, "year", self.year)

    @property
    def key(self) -> tuple[str, ...]:
        """What it decides."""
        return ("shock", self.id)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators it moves."""
        return tuple(effect.indicator for effect in self.effects)


@dataclass(frozen=True, kw_only=True, slots=True)
class RandomEvent:
    """A blow that may fall in any year, with the same chance every year.

    Parameters
    ----------
    id, label, effects, recovery
        As for a shock; an uncertain size is drawn anew for every event.
    probability
        Chance of one in a year.
    first_year, last_year
        Years it can happen in; None: from the first to the last of the run.
    once
        Whether it happens at most once on a path.
    origin
        Where the chance comes from.

    Raises
    ------
    PlanError
        As for a shock; a probability outside 0 to 1, or years out of order.

    Examples
    --------
    >>> from sxsim.plan.changes.effect import EffectUnit
    >>> fall = Effect(indicator="gdp", size=-8.0, unit=EffectUnit.PERCENT)
    >>> RandomEvent(id="coal", label="Coal price", effects=(fall,), probability=0.1).once
    True
    """

    id: str
    label: str
    effects: tuple[Effect, ...]
    probability: float
    first_year: int | None = None
    last_year: int | None = None
    recovery: float | None = None
    once: bool = True
    origin: str = ""

    def __post_init__(self) -> None:
        owner = f"event {self.id}"
        _check_blow("event", self.id, self.effects, self.recovery)
        if not 0 <= self.probability <= 1:
            raise PlanError(
                f"{owner}: probability = {self.probability!r} is not from 0 to 1.", "0.1 is one in ten years."
            )
        for key, year in (("first_year", self.first_year), ("last_year", self.last_year)):
            if year is not None:
                check_year(owner, key, year)
        if self.first_year is not None and self.last_year is not None:
            check_order(owner, ("first_year", self.first_year), ("last_year", self.last_year))

    @property
    def key(self) -> tuple[str, ...]:
        """What it decides."""
        return ("event", self.id)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators it moves."""
        return tuple(effect.indicator for effect in self.effects)


@dataclass(frozen=True, kw_only=True, slots=True)
class VolatilityChange:
    """Rougher years, or calmer ones: the yearly shocks of some indicators are multiplied.

    Parameters
    ----------
    names
        Ids of the indicators; empty for all.
    factor
        What the standard deviation of a year is multiplied by.
    start, end
        First and last year; None goes on to the end of the run.
    origin
        Where the number comes from.

    Raises
    ------
    PlanError
        The factor is negative or not finite, or years are out of order.

    Examples
    --------
    >>> VolatilityChange(names=("gdp",), factor=1.5, start=2015).indicators
    ('gdp',)
    """

    names: tuple[str, ...] = ()
    factor: float
    start: int
    end: int | None = None
    origin: str = ""

    def __post_init__(self) -> None:
        owner = f"volatility of {', '.join(self.names) or 'all'}"
        check_finite(owner, "factor", self.factor)
        if self.factor < 0:
            raise PlanError(f"{owner}: factor = {self.factor!r} is negative.", "1 leaves years as they are.")
        check_year(owner, "start", self.start)
        if self.end is not None:
            check_order(owner, ("start", self.start), ("end", self.end))

    @property
    def key(self) -> tuple[str, ...]:
        """What it decides."""
        return ("volatility", *sorted(self.names))

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators it speaks of."""
        return self.names


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrelationChange:
    """Indicators that move more closely together than they did, or less.

    Parameters
    ----------
    names
        Ids of the indicators; empty for all.
    share
        Part of the way from the correlation as it is to moving as one (above 0), or to independence (below).
    origin
        Where the number comes from.

    Raises
    ------
    PlanError
        The share is not between -1 (included) and 1, or a single indicator is named.

    Examples
    --------
    >>> CorrelationChange(share=0.5).indicators
    ()
    """

    names: tuple[str, ...] = ()
    share: float
    origin: str = ""

    def __post_init__(self) -> None:
        owner = f"correlation of {', '.join(self.names) or 'all'}"
        if not -1 <= self.share < 1:
            raise PlanError(
                f"{owner}: share = {self.share!r} is not from -1 to below 1.", "0 leaves it as it is."
            )
        if len(self.names) == 1:
            raise PlanError(f"{owner}: one indicator has none.", "Name two or more, or none for all.")

    @property
    def key(self) -> tuple[str, ...]:
        """What it decides."""
        return ("correlation", *sorted(self.names))

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators it speaks of."""
        return self.names


def _check_blow(kind: str, name: str, effects: tuple[Effect, ...], recovery: float | None) -> None:
    check_id(kind, name)
    owner = f"{kind} {name}"
    if not effects:
        raise PlanError(f"{owner}: it has no effect.", "Say what it does to which indicator.")
    check_effects(owner, effects)
    if recovery is not None and not recovery > 0:
        raise PlanError(
            f"{owner}: recovery = {recovery!r} is not above 0.", "Give a half-life in years, or leave it out."
        )
