"""Levers: what the government can do, and how hard a scenario pulls."""

from __future__ import annotations

from dataclasses import dataclass

from sxsim.errors import PlanError
from sxsim.plan.changes.effect import Effect, check_effects
from sxsim.plan.changes.ramp import AT_ONCE, IN_PROPORTION, Ramp, Returns
from sxsim.plan.checks import check_finite, check_id, check_order, check_year


@dataclass(frozen=True, kw_only=True, slots=True)
class Lever:
    """Something the government can do, the targets it is meant to move, and what it is assumed to do.

    Parameters
    ----------
    id, label, label_zh
        Row id, and how people call it.
    text, lines
        The plan's own words, and where they stand.
    targets, lead_units
        Ids of the targets it is meant to move, and of the units in charge.
    effects
        What one dose does at full effort; empty where nobody has said, and then it cannot be pulled.
    delay
        Years between the start and the first effect.
    ramp
        How the effect comes in.
    fade
        Half-life in years of what is left after its end; 0 ends it at once.
    returns
        What more than one dose, or less, is worth.
    cost, cost_unit
        Cost of one dose in one year of full effort, and its unit; None where it is not known.
    dose_unit
        What one dose is, for people.

    Raises
    ------
    PlanError
        The id is unusable, two effects move one indicator, a delay, fade or cost is negative, or a delay is
        not in whole years.

    Examples
    --------
    >>> from sxsim.plan.changes.effect import EffectUnit
    >>> more = Effect(indicator="rd", size=0.05, unit=EffectUnit.UNITS_A_YEAR, origin="an assumption")
    >>> Lever(id="L1", label="Research fund", targets=("H1",), effects=(more,), delay=1).targets
    ('H1',)
    """

    id: str
    label: str
    label_zh: str = ""
    text: str = ""
    lines: tuple[int, ...] = ()
    targets: tuple[str, ...] = ()
    lead_units: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    delay: int = 0
    ramp: Ramp = AT_ONCE
    fade: float = 0.0
    returns: Returns = IN_PROPORTION
    cost: float | None = None
    cost_unit: str = ""
    dose_unit: str = ""

    def __post_init__(self) -> None:
        check_id("lever", self.id)
        owner = f"lever {self.id}"
        check_effects(owner, self.effects)
        for key, value in (("delay", self.delay), ("fade", self.fade), ("cost", self.cost or 0.0)):
            check_finite(owner, key, value)
            if value < 0:
                raise PlanError(f"{owner}: {key} = {value!r} is negative.", "Give zero or more.")
        if self.delay != int(self.delay):
            raise PlanError(f"{owner}: delay = {self.delay!r} is no number of years.", "Give whole years.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pull:
    """A lever at work in a scenario.

    Parameters
    ----------
    lever
        Which one.
    start, end
        First and last year of effort; None goes on to the end of the run.
    dose
        How much of it; 1 is what its effects were stated for.

    Raises
    ------
    PlanError
        The lever has no effect to pull with, years are out of order, or the dose is negative.

    Examples
    --------
    >>> from sxsim.plan.changes.effect import EffectUnit
    >>> more = Effect(indicator="rd", size=0.05, unit=EffectUnit.UNITS_A_YEAR)
    >>> fund = Lever(id="L1", label="Research fund", effects=(more,))
    >>> Pull(lever=fund, start=2015).indicators
    ('rd',)
    """

    lever: Lever
    start: int
    end: int | None = None
    dose: float = 1.0

    def __post_init__(self) -> None:
        owner = f"pull of lever {self.lever.id}"
        if not self.lever.effects:
            raise PlanError(
                f"{owner}: nobody has said what it does.",
                "Give it effects=, with their origin, before it is pulled.",
            )
        check_year(owner, "start", self.start)
        if self.end is not None:
            check_order(owner, ("start", self.start), ("end", self.end))
        check_finite(owner, "dose", self.dose)
        if self.dose < 0:
            raise PlanError(f"{owner}: dose = {self.dose!r} is negative.", "Give zero or more.")

    @property
    def key(self) -> tuple[str, ...]:
        """What it decides: nothing else in a scenario may have the same."""
        return ("lever", self.lever.id)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators it moves."""
        return tuple(effect.indicator for effect in self.lever.effects)


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkedStrengths:
    """Levers whose uncertain strengths rise and fall together.

    Parameters
    ----------
    levers
        Ids of the levers, two or more.
    correlation
        Of the normal scores of any two strengths, from 0 to 1.

    Raises
    ------
    PlanError
        Fewer than two levers, or a correlation outside 0 to 1.

    Examples
    --------
    >>> LinkedStrengths(levers=("L1", "L2"), correlation=0.5).correlation
    0.5
    """

    levers: tuple[str, ...]
    correlation: float

    def __post_init__(self) -> None:
        owner = f"linked strengths of {', '.join(self.levers)}"
        if len(set(self.levers)) < 2:
            raise PlanError(f"{owner}: fewer than two levers.", "Name two or more.")
        if not 0 <= self.correlation <= 1:
            raise PlanError(f"{owner}: correlation = {self.correlation!r} is not from 0 to 1.", "Try 0.5.")

    @property
    def key(self) -> tuple[str, ...]:
        """What it decides."""
        return ("linked", *sorted(self.levers))

    @property
    def indicators(self) -> tuple[str, ...]:
        """None: it moves nothing by itself."""
        return ()
