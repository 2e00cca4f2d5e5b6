"""Where every target stood, as far as it was known in a year: base, figure and goal as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.yardsticks.ends import Ends

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """Targets by years known, ``(target, year)``; NaN where a piece is missing.

    Attributes
    ----------
    base, base_year, goal, goal_year, direction
        Where a target counts from, the level and the year it asks for, and +1 or -1 for the side on which it
        must lie.
    figure, figure_year
        The last figure known, of the target year at the latest.
    trend_years, trend_values
        The figures from the base year to then, ``(target, year, year of history)``; NaN for all others.
    """

    base: Array
    base_year: Array
    goal: Array
    goal_year: Array
    direction: Array
    figure: Array
    figure_year: Array
    trend_years: Array
    trend_values: Array

    @property
    def elapsed(self) -> Array:
        """Years from the base to the figure."""
        return self.figure_year - self.base_year

    @property
    def span(self) -> Array:
        """Years from the base to the goal."""
        return self.goal_year - self.base_year

    @property
    def left(self) -> Array:
        """Years from the figure to the goal."""
        return self.goal_year - self.figure_year

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Whether the figure lies at the goal or beyond."""
        return self.direction * (self.figure - self.goal) >= 0

    def where(self, known: NDArray[np.bool_]) -> Course:
        """Return the course with everything missing where ``known (target, year)`` is false."""
        parts = {one.name: getattr(self, one.name) for one in fields(self)}
        shaped = {key: known.reshape(known.shape + (1,) * (part.ndim - 2)) for key, part in parts.items()}
        return replace(self, **{key: np.where(shaped[key], part, np.nan) for key, part in parts.items()})


def course_of(ends: Sequence[Ends], as_of: Sequence[int]) -> Course:
    """Lay out where every target stood in every year, by the figures up to then."""
    columns = ("base", "base_year", "goal", "goal_year", "direction")
    held = {key: np.array([[getattr(one, key)] for one in ends]).reshape(-1, 1) for key in columns}
    years = np.array(sorted({year for one in ends for year in one.figures}), dtype=float)
    table = [[one.figures.get(int(year), np.nan) for year in years] for one in ends]
    figures = np.array(table).reshape(len(ends), 1, len(years))
    until = np.fmin(np.asarray(as_of, dtype=float), held["goal_year"])[..., None]
    seen = np.isfinite(figures) & (years <= until)
    kept = seen & (years >= held["base_year"][..., None])
    known = np.where(seen, years, -np.inf).max(-1, initial=-np.inf)
    figure_year = np.where(np.isfinite(known), known, np.nan)
    figure = np.where(years == figure_year[..., None], figures, 0.0).sum(-1)
    return Course(
        **{key: np.broadcast_to(column, figure.shape) for key, column in held.items()},
        figure=np.where(np.isfinite(figure_year), figure, np.nan),
        figure_year=figure_year,
        trend_years=np.where(kept, years, np.nan),
        trend_values=np.where(kept, figures, np.nan),
    )
