"""What a fit says about every member of an indicator, as numbers, all members at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.fitting.cap import farthest_change
from sxsim.fitting.checks import residual_checks
from sxsim.fitting.history import Series
from sxsim.fitting.measured_fit import mended
from sxsim.fitting.residuals import standardised_errors
from sxsim.processes import (
    CellPosterior,
    DrawnPaths,
    Evidence,
    GaussianPosterior,
    Grown,
    GrowthModel,
    MeasuredPosterior,
    RandomWalk,
    RandomWalkPosterior,
    Rung,
)
from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.one_year import SideBySide

Array = NDArray[np.float64]

_AHEAD = 6
_OUTER = (0.025, 0.975)
_MIDDLE = (0.158655, 0.5, 0.841345)


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberTable:
    """One indicator of a model, member by member.

    Attributes
    ----------
    grown
        The indicator.
    evidence
        What its fit rests on.
    numbers
        Columns ``(member,)``; a member without any figure has NaN.
    kinds
        Weight of each kind of growth, ``(member,)`` each, heaviest first.
    """

    grown: Grown
    evidence: Evidence
    numbers: dict[str, Array]
    kinds: dict[str, Array]

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Whether a member has a figure, ``(member,)``."""
        return np.isfinite(self.grown.last_level())


def member_table(model: GrowthModel, grown: Grown, series: Series | None) -> MemberTable:
    """Put the numbers of one indicator together; ``series`` is what the fit saw of it, if it was fitted."""
    evidence = grown.evidence or _given(grown)
    cells = grown.law if isinstance(grown.law, CellPosterior | MeasuredPosterior) else None
    low, middle, high = grown.marginal(1).quantiles(_MIDDLE) / _unit(grown)
    numbers = {
        "points": evidence.points.astype(float),
        "first_year": evidence.first_year.astype(float),
        "last_year": grown.last_years().astype(float),
        "last_value": np.atleast_1d(np.asarray(grown.last_value, float)),
        "growth": middle,
        "sigma": _shock(grown, low, high),
        "dof": _dof(grown),
        "effective_cells": cells.effective_cells() if cells else np.ones(grown.size),
        "effective_figures": _effective_figures(grown, evidence),
        "own_drift_share": evidence.own_drift_share,
        "own_variance_share": evidence.own_variance_share,
        "bridge_sd": np.full(grown.size, getattr(grown.law, "bridge_sd", 0.0)),
        "capped": _drawn_in(model, grown),
        **(_history(model, grown, evidence, series) if series and series.carrier == grown.carrier else {}),
    }
    seen = np.isfinite(grown.last_level())
    held = {
        name: np.where(seen, np.broadcast_to(column, seen.shape), np.nan) for name, column in numbers.items()
    }
    held["points"] = np.where(seen, held["points"], 0.0)
    return MemberTable(grown=grown, evidence=evidence, numbers=held, kinds=_kinds(grown, seen))


def _history(model: GrowthModel, grown: Grown, evidence: Evidence, series: Series) -> dict[str, Array]:
    """Return what only the figures tell: their growth, what lies on a bound, how the errors look."""
    newer = np.isfinite(series.levels)[:, ::-1].cumsum(axis=1)[:, ::-1]
    levels = np.where(newer <= evidence.points[:, None], series.levels, np.nan)
    levels = mended(levels, series.measured) if series.measured else levels
    years = model.last_year + 1 + np.arange(-levels.shape[1], 0)
    rows, seen = np.arange(len(levels)), np.isfinite(levels)
    first, last = seen.argmax(axis=1), levels.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        past = (levels[rows, last] - levels[rows, first]) / (last - first)
    known = model.history[grown.name].transpose(..., "year").to_numpy().reshape(levels.shape)
    bound = ((known == grown.carrier.lower) | (known == grown.carrier.upper)).sum(axis=1)
    found = {"past_growth": past, "on_bound": bound.astype(float)}
    if isinstance(grown.law, RandomWalkPosterior | CellPosterior):
        found |= residual_checks(standardised_errors(levels, grown.law), years)
    return found


def _shock(grown: Grown, low: Array, high: Array) -> Array:
    """Return the scale of a yearly shock; for a mixture half the central 68 % range of the next year."""
    if isinstance(grown.law, RandomWalkPosterior):
        return np.asarray(np.sqrt(grown.law.rate / grown.law.shape))
    if isinstance(grown.law, MeasuredPosterior):
        return np.asarray((grown.law.weights * grown.law.sigma).sum(axis=1))
    return np.asarray((high - low) / 2.0)


def _unit(grown: Grown) -> Array:
    """Return what a growth of one means, ``(member,)``: a count is told as a part of the last one."""
    ones = np.ones(grown.size)
    return np.maximum(np.asarray(grown.last_value, float), 1.0) if grown.counts else ones


def _dof(grown: Grown) -> Array:
    """Mean degrees of freedom of the cells; infinite where the law is no Student-t."""
    law = grown.marginal(1)
    if isinstance(law, SideBySide):
        return np.full(grown.size, np.inf)
    cells = MixtureMarginal.of(law)
    return np.asarray((cells.weights * cells.dof).sum(axis=1))


def _effective_figures(grown: Grown, evidence: Evidence) -> Array:
    """Return how many changes the spread rests on; older ones count less where the variance is discounted."""
    law = grown.law
    if isinstance(law, MeasuredPosterior):
        return law.changes
    if isinstance(law, CellPosterior):
        return np.asarray((law.weights * 2.0 * np.maximum(law.shape - law.prior_shape, 0.0)).sum(axis=1))
    return np.asarray(np.maximum(evidence.points - 1.0, 0.0))


def _drawn_in(model: GrowthModel, grown: Grown) -> Array:
    """Whether the central 95 % range six years ahead is drawn in when it is reported; 0 or 1."""
    steps = model.last_year + _AHEAD - grown.last_years()
    outer = grown.marginal(steps).quantiles(_OUTER)
    farthest = farthest_change(model, grown, np.array([float(_AHEAD)]))
    return np.asarray((np.abs(outer) > farthest).any(axis=0), float)


def _kinds(grown: Grown, seen: NDArray[np.bool_]) -> dict[str, Array]:
    cells = grown.law
    if not isinstance(cells, CellPosterior | MeasuredPosterior):
        return {_kind(grown): np.where(seen, 1.0, np.nan)}
    if isinstance(cells, MeasuredPosterior):
        shapes, pair = cells.shapes, cells.pair
    else:
        shapes, pair = cells.kernels.shapes, cells.kernels.pair[cells.kernel]
    names = np.array([shape.kind() for shape in shapes])[pair]
    shares = {
        str(kind): np.where(seen, (cells.weights * (names == kind)).sum(axis=1), np.nan)
        for kind in np.unique(names)
    }
    return dict(sorted(shares.items(), key=lambda item: -np.nansum(item[1])))


def _kind(grown: Grown) -> str:
    """Say how an indicator grows that is no mixture over shapes."""
    if isinstance(grown.law, RandomWalk | RandomWalkPosterior):
        return "random walk"
    if isinstance(grown.law, GaussianPosterior):
        return grown.law.name
    return type(grown.law.process if isinstance(grown.law, DrawnPaths) else grown.law).__name__


def _given(grown: Grown) -> Evidence:
    ones = np.ones(grown.size)
    return Evidence(
        points=np.ones(grown.size, int),
        first_year=grown.last_years(),
        rungs=(Rung.GIVEN,) * grown.size,
        own_drift_share=ones,
        own_variance_share=ones,
    )
