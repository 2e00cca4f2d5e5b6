"""One variable to the law of its future: random walk, cells, figures with errors, or a process asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import ModelError
from sxsim.fitting.drift_prior import Believed, DriftPrior, believed_walk
from sxsim.fitting.family import beside_walks, cell_posterior
from sxsim.fitting.grid import LONGEST, Grid
from sxsim.fitting.history import Series
from sxsim.fitting.learned import LearnedPrior, learned_prior
from sxsim.fitting.measured_fit import measured_posterior, mended
from sxsim.fitting.prior import AnyPrior, walk_prior
from sxsim.fitting.process_fit import Family, fit_process
from sxsim.fitting.reading import Measured
from sxsim.fitting.walk import Prior, Summary, latest, posterior_of, summarise
from sxsim.links import Linear
from sxsim.processes import (
    CellPosterior,
    DrawnPaths,
    GaussianPosterior,
    MeasuredPosterior,
    RandomWalkPosterior,
)

Array = NDArray[np.float64]
FittedLaw = RandomWalkPosterior | CellPosterior | MeasuredPosterior | GaussianPosterior | DrawnPaths

OWN_POINTS = 5


@dataclass(frozen=True, slots=True)
class FittedSeries:
    """One variable: its random walk (for the innovations), the law of its future, what the law rests on."""

    summary: Summary
    walk: RandomWalkPosterior
    law: FittedLaw
    own_drift: Array
    own_variance: Array
    window: int | None
    grid: Grid | None = None
    belief: DriftPrior | None = None
    notes: tuple[str, ...] = ()


def fit_series(series: Series, prior: AnyPrior | None, belief: DriftPrior | None) -> FittedSeries:
    """Climb the ladder: a random walk for a few figures, cells from five on."""
    chosen = prior if isinstance(prior, Prior) else walk_prior()
    if belief is not None:
        _check_belief(series)
    walk = _fit_walk(series, chosen, belief)
    if series.measured is not None:
        return _fit_measured(series, series.measured, prior, chosen)
    long = np.isfinite(series.levels).sum(axis=1) >= OWN_POINTS
    if isinstance(prior, Prior) or (prior is None and not long.any()):
        return walk
    family = prior or learned_prior()
    share = np.where(long | (prior is not None), family.walk, 1.0)
    return _fit_cells(series, family, walk, share)


def _check_belief(series: Series) -> None:
    """Refuse a belief about the drift where something else already says what the drift is."""
    other = "reading=" if series.measured is not None else "bridge_from" if series.bridge_from else None
    if other is not None:
        raise ModelError(
            f"{series.name!r} has a drift_prior= and {other}, which cannot be used together.",
            "Leave out one of them.",
        )


def _fit_walk(series: Series, prior: Prior, belief: DriftPrior | None) -> FittedSeries:
    prior = replace(prior, drift=0.0) if isinstance(series.carrier, Linear) else prior
    summary = summarise(latest(series.levels, prior.window))
    walk = posterior_of(summary, prior) if belief is None else believed_walk(summary, prior, belief)
    moves = np.maximum(summary.points - 1, 0)
    return FittedSeries(
        summary=summary,
        walk=walk,
        law=walk,
        own_drift=summary.span / np.maximum(walk.years, 1e-300),
        own_variance=moves / np.maximum(moves + 2 * max(prior.shape, 0.0), 1e-300),
        window=prior.window,
        belief=belief,
    )


def _fit_cells(series: Series, prior: LearnedPrior, walk: FittedSeries, share: Array) -> FittedSeries:
    """Fit the cells, and beside them the random walk with its share of the weight, ``(member,)``."""
    cells = cell_posterior(
        series.levels,
        prior,
        balance=isinstance(series.carrier, Linear),
        drift=None if walk.belief is None else Believed.of(walk.belief, walk.walk),
    )
    return FittedSeries(
        summary=summarise(latest(series.levels, LONGEST)),
        walk=walk.walk,
        law=beside_walks(cells, walk.walk, share) if share.any() else cells,
        own_drift=(1.0 - share) * cells.own_drift_share() + share * walk.own_drift,
        own_variance=(1.0 - share) * cells.own_variance_share() + share * walk.own_variance,
        window=LONGEST,
        grid=prior.grid if walk.belief is None else None,
        belief=walk.belief,
    )


def _fit_measured(series: Series, errors: Measured, prior: AnyPrior | None, walk: Prior) -> FittedSeries:
    family = None if isinstance(prior, Prior) else prior or learned_prior()
    law = measured_posterior(series, errors, family, walk, 1 if prior is not None else OWN_POINTS)
    window = LONGEST if family else walk.window
    summary = summarise(mended(latest(series.levels, window), errors))
    own = replace(walk, drift=0.0) if isinstance(series.carrier, Linear) else walk
    return FittedSeries(
        summary=summary,
        walk=posterior_of(summary, own),
        law=law,
        own_drift=law.own_drift,
        own_variance=law.own_variance,
        window=window,
    )


def fit_family(
    series: Series, own: Series, family: Family, prior: AnyPrior | None, belief: DriftPrior | None
) -> FittedSeries:
    """Fit the process asked for; the random walk stays for the innovations."""
    if isinstance(prior, LearnedPrior) or belief is not None:
        raise ModelError(
            f"{series.name!r} has both family= and a {type(belief or prior).__name__}.",
            "Give sx.Prior(...) with a family.",
        )
    if series.measured is not None:
        raise ModelError(
            f"{series.name!r} has both family= and figures with errors, breaks or parts of a year.",
            "Leave out family= for it: the default weighs such figures.",
        )
    chosen = prior or walk_prior()
    walk = _fit_walk(series, chosen, None)
    found = fit_process(own, family, chosen)
    learned = walk.own_drift if found.own_drift is None else found.own_drift
    return replace(walk, law=found.law, own_drift=learned, notes=found.notes)
