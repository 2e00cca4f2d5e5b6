"""History to GrowthModel: every series by closed form, then the dependence between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from sxsim.errors import ModelError, UnknownNameError, nearest
from sxsim.fitting.dependence import shrunk_correlation
from sxsim.fitting.history import History, Series, read_history
from sxsim.fitting.prior import prior_for
from sxsim.fitting.walk import Prior, Summary, latest, posterior_of, summarise
from sxsim.links import Linear
from sxsim.processes import Evidence, Grown, GrowthModel, RandomWalkPosterior, Rung

Array = NDArray[np.float64]

OWN_POINTS = 5


def fit(
    history: xr.Dataset | pd.DataFrame,
    *,
    until: int | None = None,
    prior: Prior | Mapping[str, Prior] | None = None,
) -> GrowthModel:
    """Learn how each indicator grows, how uncertain that is, and which move together.

    Every variable is a random walk with drift on its link scale (log for amounts, log odds for shares);
    drift and variance are integrated out in closed form, so the prediction is Student-t. Short series climb
    a ladder: five figures or more lead and are drawn towards the prior; with two to four the prior leads;
    with one it stands alone; a variable without any figure is left out and ``model.absent`` says why. A
    variable with the attribute ``bridge_from`` and fewer than five figures learns its growth from that
    series, with the extra spread ``bridge_sd``: an assumption, marked as such.

    Parameters
    ----------
    history
        One variable per indicator over integer ``year``, NaN where missing; any other dimension is a batch.
        A pandas frame with years as index or as column ``year`` will do.
    until
        Last year to use, as the planners saw it; horizons count from here. The default is the last year of
        the data.
    prior
        What is believed beforehand: one for all, or one per name; the default was learned from thousands of
        series.

    Returns
    -------
    GrowthModel
        Ready for ``forecast``, ``simulate`` and ``attainment``; ``fit_report(model)`` explains it.

    Raises
    ------
    HistoryError
        The history is empty, not numeric, holds a year twice, or a value outside the range of its kind.
    UnknownNameError
        A bridge names a variable that is not there.
    ModelError
        The prior is not possible, or flat where the figures cannot stand alone.

    References
    ----------
    Gelman et al. (2013), Bayesian Data Analysis, chapter 3.

    Examples
    --------
    >>> years = np.arange(2003, 2013)
    >>> patents = xr.DataArray(1000 * 1.1 ** np.arange(10.0), dims="year", coords={"year": years})
    >>> fit(xr.Dataset({"patents": patents}))
    <GrowthModel to 2012: patents>
    """
    door = read_history(history, until=until)
    last_year = int(door.years[-1])
    _check_prior_names(prior, history)
    fitted = {s.name: _fit_series(s, _prior_of(s, prior)) for s in door.series}
    grown = tuple(_grow(s, door, fitted, _prior_of(s, prior)) for s in door.series)
    return GrowthModel(
        indicators=grown,
        last_year=last_year,
        correlation=_dependence(grown, door, fitted),
        history=door.data,
        absent=door.absent,
    )


def _check_prior_names(prior: Prior | Mapping[str, Prior] | None, history: xr.Dataset | pd.DataFrame) -> None:
    unknown = sorted(set(prior) - set(map(str, history))) if isinstance(prior, Mapping) else []
    if unknown:
        raise UnknownNameError(
            f"prior= names {', '.join(map(repr, unknown))}, which the history does not hold.",
            nearest(unknown[0], map(str, history)),
        )


_Fitted = tuple[Summary, RandomWalkPosterior]


def _prior_of(series: Series, prior: Prior | Mapping[str, Prior] | None) -> Prior:
    chosen = prior_for(series.name, prior)
    return replace(chosen, drift=0.0) if isinstance(series.carrier, Linear) else chosen


def _fit_series(series: Series, prior: Prior) -> _Fitted:
    summary = summarise(latest(series.levels, prior.window))
    return summary, posterior_of(summary, prior)


def _check_proper(name: str, summary: Summary, posterior: RandomWalkPosterior) -> None:
    if (posterior.shape <= 0).any() or (posterior.rate <= 0).any() or (posterior.years <= 0).any():
        raise ModelError(
            f"{name!r} cannot be fitted without a prior: figures: {int(summary.points.min())}, "
            "or they never depart from a straight line.",
            "Leave out prior= to use the shipped one, or give sx.Prior(...).",
        )


def _grow(series: Series, door: History, fitted: Mapping[str, _Fitted], prior: Prior) -> Grown:
    """Put level, law and evidence of one variable together."""
    summary, posterior = fitted[series.name]
    bridged = series.bridge_from is not None and int(summary.points.max()) < OWN_POINTS
    notes = series.notes
    if bridged:
        summary_of_growth, posterior = fitted[str(series.bridge_from)]
        posterior = replace(posterior, bridge_sd=series.bridge_sd)
        notes += (_bridge_note(series, summary_of_growth),)
        rungs: tuple[Rung, ...] = (Rung.BRIDGED,) * len(summary.points)
    else:
        summary_of_growth, rungs = summary, tuple(_rung(int(n)) for n in summary.points)
    _check_proper(series.name, summary_of_growth, posterior)
    if (older := int((np.isfinite(series.levels).sum(axis=1) - summary.points).max())) > 0:
        notes += (f"figures older than the last {prior.window} are not used: {older}",)
    gap = len(door.years) - 1 - summary.last_index
    if gap.max() > 0 and len(gap) == 1:
        notes += (
            f"last known for {door.years[-1] - int(gap[0])}: the years to {door.years[-1]} are simulated too",
        )
    moves = np.maximum(summary_of_growth.points - 1, 0)
    evidence = Evidence(
        points=summary.points,
        first_year=door.years[summary.first_index],
        rungs=rungs,
        own_drift_share=summary_of_growth.span / np.maximum(summary_of_growth.span + prior.years, 1e-300),
        own_variance_share=moves / np.maximum(moves + 2 * max(prior.shape, 0.0), 1e-300),
        notes=notes,
    )
    rows = np.arange(len(series.values))
    return Grown(
        name=series.name,
        carrier=series.carrier,
        law=posterior,
        last_value=np.where(summary.points > 0, series.values[rows, summary.last_index], np.nan),
        last_year=door.years[summary.last_index],
        evidence=evidence,
    )


def _rung(points: int) -> Rung:
    if points >= OWN_POINTS:
        return Rung.OWN
    return Rung.PRIOR_LEADS if points > 1 else Rung.PRIOR_ONLY


def _bridge_note(series: Series, source: Summary) -> str:
    return (
        f"ASSUMPTION: growth learned from {series.bridge_from} ({int(source.points[0])} figures), "
        f"extra spread {series.bridge_sd:g} a year"
    )


def _dependence(grown: tuple[Grown, ...], door: History, fitted: Mapping[str, _Fitted]) -> Array:
    """Correlate standardised innovations, group by group of equal batch; groups are independent."""
    correlation = np.eye(len(grown))
    groups: dict[tuple[str, ...], list[int]] = {}
    for i, s in enumerate(door.series):
        groups.setdefault(s.batch, []).append(i)
    for members in groups.values():
        if len(members) > 1:
            columns = [_innovations(grown[i], door.series[i], fitted) for i in members]
            correlation[np.ix_(members, members)] = shrunk_correlation(np.column_stack(columns))
    return correlation


def _innovations(grown: Grown, series: Series, fitted: Mapping[str, _Fitted]) -> Array:
    """Year-on-year changes less the fitted drift, in units of the fitted sigma."""
    bridged = grown.evidence is not None and Rung.BRIDGED in grown.evidence.rungs
    summary, posterior = fitted[str(series.bridge_from)] if bridged else fitted[series.name]
    sigma = np.sqrt(posterior.rate / posterior.shape)
    return np.asarray(((summary.changes - posterior.drift[:, None]) / sigma[:, None]).ravel())
