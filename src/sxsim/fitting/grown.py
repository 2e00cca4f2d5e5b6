"""A fitted variable as a part of the model: its law, its last figure, and what it rests on, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sxsim.errors import ModelError
from sxsim.fitting.common_shock import common_share
from sxsim.fitting.history import History, Series
from sxsim.fitting.one_series import OWN_POINTS, FittedLaw, FittedSeries
from sxsim.fitting.walk import Summary
from sxsim.processes import (
    CellPosterior,
    DrawnPaths,
    Evidence,
    GaussianPosterior,
    Grown,
    MeasuredPosterior,
    RandomWalkPosterior,
    Rung,
)


def _check_proper(name: str, summary: Summary, posterior: RandomWalkPosterior) -> None:
    if (posterior.shape <= 0).any() or (posterior.rate <= 0).any() or (posterior.years <= 0).any():
        raise ModelError(
            f"{name!r} cannot be fitted without a prior: figures: {int(summary.points.min())}, "
            "or they never depart from a straight line.",
            "Leave out prior= to use the shipped one, or give sx.Prior(...).",
        )


def grow(series: Series, door: History, fitted: Mapping[str, FittedSeries]) -> Grown:
    """Put level, law and evidence of one variable together."""
    own = fitted[series.name]
    summary, source, law = own.summary, own, own.law
    notes, rungs = series.notes + own.notes, tuple(_rung(int(n)) for n in summary.points)
    bridged = series.bridge_from is not None and not isinstance(law, GaussianPosterior | DrawnPaths)
    if bridged and int(summary.points.max()) < OWN_POINTS:
        source = fitted[str(series.bridge_from)]
        law = _lent(source.law, series, series.bridge_sd or 0.0)
        notes += (_bridge_note(series, source.summary),)
        if series.measured is not None:
            notes += ("its last figure is taken as it stands: errors of a bridged series are not used",)
        rungs = (Rung.BRIDGED,) * len(summary.points)
    if isinstance(law, RandomWalkPosterior):
        _check_proper(series.name, source.summary, law)
    notes += _notes(series, own, law, door)
    share, years = common_share(summary) if len(summary.points) > 1 else (0.0, 0)
    if share > 0:
        notes += (f"members share {share:.0%} of the variance of a year's shock, seen in {years} years",)
    evidence = Evidence(
        points=summary.points,
        first_year=door.years[summary.first_index],
        rungs=rungs,
        own_drift_share=source.own_drift,
        own_variance_share=source.own_variance,
        notes=notes,
    )
    rows = np.arange(len(series.values))
    return Grown(
        name=series.name,
        carrier=series.carrier,
        law=law,
        last_value=np.where(summary.points > 0, series.values[rows, summary.last_index], np.nan),
        last_year=door.years[summary.last_index],
        evidence=evidence,
        common=share,
    )


def _notes(series: Series, own: FittedSeries, law: FittedLaw, door: History) -> tuple[str, ...]:
    """Say what was believed, which figures were not used, and how the law grows."""
    notes: tuple[str, ...] = () if own.belief is None else (own.belief.note(),)
    if (older := int((np.isfinite(series.levels).sum(axis=1) - own.summary.points).max())) > 0:
        notes += (f"figures older than the last {own.window} are not used: {older}",)
    gap = len(door.years) - 1 - own.summary.last_index
    if gap.max() > 0 and len(gap) == 1:
        last = door.years[-1]
        notes += (f"last known for {last - int(gap[0])}: the years to {last} are simulated too",)
    if isinstance(law, CellPosterior | MeasuredPosterior) and len(law.weights) == 1:
        notes += (f"grows as {law.shape_words(0)} ({law.effective_cells()[0]:.0f} effective cells)",)
    return notes


def _lent(law: FittedLaw, series: Series, bridge_sd: float) -> FittedLaw:
    """Lend the growth of one series to another, less certain by ``bridge_sd`` a year."""
    if isinstance(law, DrawnPaths):
        raise ModelError(
            f"{series.name!r} is bridged to {series.bridge_from!r}, whose process is not Gaussian.",
            "Give the source another family, or the bridged series its own.",
        )
    if isinstance(law, MeasuredPosterior):
        return law.lent(bridge_sd)
    return replace(law, bridge_sd=bridge_sd)


def _rung(points: int) -> Rung:
    if points >= OWN_POINTS:
        return Rung.OWN
    return Rung.PRIOR_LEADS if points > 1 else Rung.PRIOR_ONLY


def _bridge_note(series: Series, source: Summary) -> str:
    estimated = f", estimated from {series.bridge_changes} common changes" if series.bridge_changes else ""
    return (
        f"ASSUMPTION: growth learned from {series.bridge_from} ({int(source.points[0])} figures), "
        f"extra spread {series.bridge_sd:.3g} a year{estimated}"
    )
