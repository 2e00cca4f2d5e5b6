"""What a scenario assumes: every number that nobody has measured, with its origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from sxsim.plan.changes import (
    Change,
    CorrelationChange,
    Effect,
    GivenPath,
    LinkedStrengths,
    Pull,
    RandomEvent,
    Review,
    Rule,
    Shock,
    TargetRevision,
    Transmission,
    VolatilityChange,
    in_words,
)

EVERY_INDICATOR = "every indicator"
_SILENT = "no origin stated"


class Assumed(Enum):
    """Forms an assumption can take; the value is the sentence in English, parts in braces are filled in."""

    EFFECT = "moves {indicator} by {amount} {unit}"
    CHANCE = "comes with a chance of {amount} a year"
    REVIEW = "moves {indicator} by {amount} of the gap, at most {limit}, in {unit}"
    UNBOUNDED_REVIEW = "moves {indicator} by {amount} of the gap, without bound, in {unit}"
    RULE = "moves {indicator} in {unit}"
    TRANSMISSION = "elasticity {amount} after {lag} years"
    REVISION = "{amount} from {year} on, with probability {chance}"
    FIGURES = "{indicator} is {amount}"
    GROWTH = "{indicator} grows by {amount} percent a year"
    VOLATILITY = "yearly shocks of {indicator} times {amount} from {year} on"
    CALMED_AGAIN = "yearly shocks of {indicator} times {amount} from {year} to {last}"
    CORRELATION = "correlation of {indicator} goes {amount} of the way to moving as one"
    LINK = "their uncertain strengths are correlated by {amount}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Assumption:
    """One thing a scenario assumes; ``str`` gives it as a sentence with its origin.

    Parameters
    ----------
    kind, names
        Of what assumes it: "lever", and the ids of the levers that all assume the same.
    form, parts
        What is assumed: the form of the sentence, and name and text of what is filled in.
    origin
        Where the number comes from.

    Examples
    --------
    >>> parts = (("indicator", "rd"), ("amount", "0.5"), ("unit", "units a year"))
    >>> print(Assumption(kind="lever", names=("L1",), form=Assumed.EFFECT, parts=parts, origin="a guess"))
    lever L1: moves rd by 0.5 units a year (a guess)
    """

    kind: str
    names: tuple[str, ...]
    form: Assumed
    parts: tuple[tuple[str, str], ...]
    origin: str

    def __str__(self) -> str:
        """Return the sentence in English."""
        owner = f"{self.kind} {', '.join(self.names)}".strip()
        return f"{owner}: {self.form.value.format(**dict(self.parts))} ({self.origin})"


def assumptions_of(changes: tuple[Change, ...]) -> tuple[Assumption, ...]:
    """Return what changes assume; what several assume alike stands there once, with all their names."""
    names: dict[tuple[str, Assumed, tuple[tuple[str, str], ...], str], list[str]] = {}
    for change in changes:
        kind, *name = change.key
        for form, parts, origin in _assumed(change):
            key = (kind, form, tuple(parts.items()), origin or _SILENT)
            names.setdefault(key, []).append(_joint(kind).join(name))
    return tuple(
        Assumption(kind=kind, names=tuple(filter(None, owners)), form=form, parts=parts, origin=origin)
        for (kind, form, parts, origin), owners in names.items()
    )


def _joint(kind: str) -> str:
    return " to " if kind == "transmission" else ", "


def _assumed(change: Change) -> Iterator[tuple[Assumed, Mapping[str, str], str]]:
    """Yield form, parts and origin of everything a change assumes; what the plan itself states is none."""
    match change:
        case Pull():
            yield from (_effect(effect) for effect in change.lever.effects)
        case Shock() | RandomEvent():
            yield from (_effect(effect) for effect in change.effects)
            if isinstance(change, RandomEvent):
                yield Assumed.CHANCE, {"amount": f"{change.probability:g}"}, change.origin
        case Review():
            parts = {"indicator": change.indicator, "amount": f"{change.gain:g}", "unit": change.unit.value}
            if change.at_most is None:
                yield Assumed.UNBOUNDED_REVIEW, parts, change.origin
            else:
                yield Assumed.REVIEW, parts | {"limit": f"{change.at_most:g}"}, change.origin
        case Rule():
            yield Assumed.RULE, {"indicator": change.indicator, "unit": change.unit.value}, change.origin
        case Transmission():
            parts = {"amount": f"{change.elasticity:g}", "lag": f"{change.lag}"}
            yield Assumed.TRANSMISSION, parts, change.origin
        case TargetRevision():
            parts = {"amount": in_words(change.value), "year": f"{change.year}"}
            yield Assumed.REVISION, parts | {"chance": f"{change.probability:g}"}, change.origin
        case LinkedStrengths():
            yield Assumed.LINK, {"amount": f"{change.correlation:g}"}, _SILENT
        case GivenPath() | VolatilityChange() | CorrelationChange():
            yield _told(change)


def _effect(effect: Effect) -> tuple[Assumed, Mapping[str, str], str]:
    parts = {"indicator": effect.indicator, "amount": in_words(effect.size), "unit": effect.unit.value}
    return Assumed.EFFECT, parts, effect.origin


def _told(
    change: GivenPath | VolatilityChange | CorrelationChange,
) -> tuple[Assumed, Mapping[str, str], str]:
    parts = {"indicator": ", ".join(change.indicators) or EVERY_INDICATOR}
    match change:
        case GivenPath(growth=None, figures=figures):
            told = "; ".join(f"{value:g} in {year}" for year, value in figures)
            return Assumed.FIGURES, parts | {"amount": told}, change.origin
        case GivenPath(growth=growth):
            return Assumed.GROWTH, parts | {"amount": f"{100 * (growth or 0.0):.4g}"}, change.origin
        case CorrelationChange():
            return Assumed.CORRELATION, parts | {"amount": f"{change.share:g}"}, change.origin
    parts |= {"amount": f"{change.factor:g}", "year": f"{change.start}"}
    if change.end is None:
        return Assumed.VOLATILITY, parts, change.origin
    return Assumed.CALMED_AGAIN, parts | {"last": f"{change.end}"}, change.origin
