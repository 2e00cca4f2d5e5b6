"""What to distrust in a fit: each doubt by name, the members it concerns, and what is said about one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from sxsim.fitting.grid import DRIFTS
from sxsim.fitting.member_table import MemberTable
from sxsim.processes import Rung

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

_SHORT, _OLD, _EFFECTIVE, _OWN = 8, 2, 4.0, 0.25
_RARE, _FAR = 0.02, 2.326  # two-sided 2 % if the errors are those of one law


class Doubt(Enum):
    """A reason to be careful; the value is its short name."""

    SHORT = "few figures"
    OLD = "last figure is old"
    DISCOUNTED = "spread rests on few years"
    PRIOR = "prior outweighs the figures"
    BORROWED = "growth is borrowed"
    FAST = "growth beyond the prior's"
    BOUND = "figures on a bound"
    CAPPED = "far quantiles drawn in"
    JUMP = "one year stands out"
    LINKED = "errors follow each other"
    UNEVEN = "shocks have changed"
    TAILS = "more extremes than a bell curve"


@dataclass(frozen=True, slots=True)
class Doubts:
    """Flags ``(member,)`` of every doubt, and the sentence about one member."""

    flags: dict[Doubt, Flags]
    table: MemberTable
    last_year: int

    def sentences(self, member: int) -> list[str]:
        """Say what to distrust about one member."""
        return [self._sentence(doubt, member) for doubt, flag in self.flags.items() if flag[member]]

    def _sentence(self, doubt: Doubt, member: int) -> str:
        of = {name: float(column[member]) for name, column in self.table.numbers.items()}
        match doubt:
            case Doubt.SHORT:
                plural = "" if of["points"] == 1 else "s"
                return f"only {of['points']:.0f} figure{plural}: how growth goes on is wide open"
            case Doubt.OLD:
                return f"the last figure is {self.last_year - of['last_year']:.0f} years old"
            case Doubt.DISCOUNTED:
                return f"the yearly shock rests on about {of['effective_figures']:.1f} changes"
            case Doubt.PRIOR:
                return f"{1 - of['own_drift_share']:.0%} of what is believed of the drift is the prior's"
            case Doubt.BORROWED:
                return "growth is borrowed from another series"
            case Doubt.FAST:
                return (
                    f"grew by {of['past_growth']:+.1%} a year, beyond what the prior has cells for "
                    f"({DRIFTS[-1]:.0%})"
                )
            case Doubt.BOUND:
                return f"{of['on_bound']:.0f} figures stand on a bound, at a distance set by convention"
            case Doubt.CAPPED:
                return "the 95 % range six years ahead is drawn in when reported: the history nearly explodes"
            case Doubt.JUMP:
                return (
                    f"{of['largest_error_year']:.0f} stands out by {of['largest_error']:+.1f} yearly shocks "
                    f"({chance(of['largest_error_chance'])} of such histories have one as large)"
                )
            case Doubt.LINKED:
                return f"errors of neighbouring years correlate by {of['autocorrelation']:+.2f}"
            case Doubt.UNEVEN:
                calm = "calmer" if of["recent_ratio"] < 1 else "wilder"
                return f"the last {of['recent_years']:.0f} changes are {calm} than those before"
            case Doubt.TAILS:
                return "errors have more extremes than a bell curve"


def doubts(table: MemberTable, last_year: int) -> Doubts:
    """Find what to distrust; comparisons with a missing number are false."""
    of = table.numbers
    none = np.full(table.grown.size, np.nan)

    def column(name: str) -> Array:
        return of.get(name, none)

    fitted, seen = table.grown.evidence is not None, table.seen
    rungs = np.array([rung.name for rung in table.evidence.rungs])
    flags = {
        Doubt.SHORT: of["points"] < _SHORT,
        Doubt.OLD: last_year - of["last_year"] >= _OLD,
        Doubt.DISCOUNTED: (of["effective_figures"] < _EFFECTIVE) & (of["points"] >= _SHORT),
        Doubt.PRIOR: of["own_drift_share"] < _OWN,
        Doubt.BORROWED: rungs == Rung.BRIDGED.name,
        Doubt.FAST: np.abs(column("past_growth")) > DRIFTS[-1],
        Doubt.BOUND: column("on_bound") > 0,
        Doubt.CAPPED: of["capped"] > 0,
        Doubt.JUMP: column("largest_error_chance") < _RARE,
        Doubt.LINKED: np.abs(column("autocorrelation")) > _FAR * column("autocorrelation_sd"),
        Doubt.UNEVEN: column("recent_ratio_chance") < _RARE,
        Doubt.TAILS: column("bell_score") < -_FAR,
    }
    return Doubts({doubt: flag & seen & fitted for doubt, flag in flags.items()}, table, last_year)


def chance(probability: float) -> str:
    """Write how often something happens by chance; never as certain.

    Examples
    --------
    >>> chance(0.234), chance(0.0004), chance(0.9999)
    ('23 %', 'less than 1 %', 'nearly all')
    """
    if probability < 0.01:
        return "less than 1 %"
    return "nearly all" if probability > 0.99 else f"{100 * probability:.0f} %"


def residual_words(numbers: dict[str, Array], member: int) -> str:
    """Say how the one-step errors of one member look, and what chance alone would do."""
    of = {name: float(column[member]) for name, column in numbers.items()}
    if not np.isfinite(of.get("largest_error", np.nan)):
        return "too few to judge" if "errors" in of else ""
    low, high, rare = of["recent_ratio_low"], of["recent_ratio_high"], chance(of["largest_error_chance"])
    pieces = (
        f"{of['errors']:.0f} in all, the largest {of['largest_error']:+.1f} yearly shocks in "
        f"{of['largest_error_year']:.0f} ({rare} of such histories have one as large)",
        f"neighbours correlate by {of['autocorrelation']:+.2f} (chance: {2 * of['autocorrelation_sd']:.2f})",
        f"the last {of['recent_years']:.0f} are {of['recent_ratio']:.1f} times as large as those before "
        f"(chance: {low:.1f} to {high:.1f})",
        f"{of['bell_score']:+.1f} against a bell curve (chance: -2.0 to 2.0, low if there are more extremes)",
    )
    return "; ".join(pieces)
