"""History to GrowthModel: every series by closed form, then the dependence between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from sxsim.errors import ModelError, UnknownNameError, nearest
from sxsim.fitting.common_shock import common_share
from sxsim.fitting.dependence import joined_dependence
from sxsim.fitting.drift_prior import Believed, DriftPrior, belief_for, believed_walk
from sxsim.fitting.family import cell_posterior, with_walks
from sxsim.fitting.grid import LONGEST, Grid
from sxsim.fitting.history import History, Series, read_history
from sxsim.fitting.innovations import standard_innovations
from sxsim.fitting.learned import LearnedPrior, learned_prior
from sxsim.fitting.measured_fit import measured_posterior, mended
from sxsim.fitting.prior import AnyPrior, prior_for, walk_prior
from sxsim.fitting.process_fit import Family, families_by_name, fit_process, on_own_scale
from sxsim.fitting.reading import Measured
from sxsim.fitting.walk import Prior, Summary, latest, posterior_of, summarise
from sxsim.links import Linear
from sxsim.plan import Reading
from sxsim.processes import (
    CellPosterior,
    Dependence,
    DrawnPaths,
    Evidence,
    GaussianPosterior,
    Grown,
    GrowthModel,
    MeasuredPosterior,
    RandomWalkPosterior,
    Rung,
)

Array = NDArray[np.float64]

OWN_POINTS = 5


def fit(
    history: xr.Dataset | pd.DataFrame,
    *,
    until: int | None = None,
    prior: AnyPrior | Mapping[str, AnyPrior] | None = None,
    family: Family | Mapping[str, Family] | None = None,
    drift_prior: DriftPrior | Mapping[str, DriftPrior] | None = None,
    reading: Mapping[str, Reading] | None = None,
) -> GrowthModel:
    """Learn how each indicator grows, how uncertain that is, and which move together.

    Every variable grows on its link scale (log for amounts, log odds for shares). From five figures on its
    future is a mixture over hundreds of cells: random walk, growth that lasts a while, noise around a level,
    a level that returns. Drift and variance are integrated out in closed form inside each cell; the weights
    come from what thousands of yearly series taught, and from the series' own likelihood.

    Short series climb a ladder. Four figures cannot tell one shape from another: with two to four the future
    is a random walk whose drift and spread lean on the prior; with one the prior stands alone; a variable
    without any figure is left out and ``model.absent`` says why. A variable with the attribute
    ``bridge_from`` and fewer than five figures learns its growth from that series, with the extra spread
    ``bridge_sd``, or where that is left out the spread between the two in their common years: an assumption,
    marked as such.

    Parameters
    ----------
    history
        One variable per indicator over integer ``year``, NaN where missing; any other dimension is a batch.
        A pandas frame with years as index or as column ``year`` will do.
    until
        Last year to use, as the planners saw it; horizons count from here. The default is the last year of
        the data.
    prior
        What is believed beforehand: a ``Prior`` makes every variable a random walk, a ``LearnedPrior`` a
        mixture over cells whatever its length; one for all, or one per name. The default is the ladder above.
    family
        A process such as ``sx.DampedTrend()`` instead of the ladder, whatever the length of the series; one
        for all, or one per name. What it leaves free is learned, with the uncertainty of it.
    drift_prior
        Growth to be expected in the long run, instead of what other series taught; one for all, or one per
        name. An assumption, marked as such.
    reading
        What is known about the figures of a variable beyond the figures: measurement errors, changes of
        definition, odd years, part of a year, restated figures; one ``Reading`` per name. It replaces what
        the attributes of the variable say of the same.

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
        The prior is not possible, or flat where the figures cannot stand alone, or the family is no process
        or cannot be learned from a short series.

    References
    ----------
    Gelman et al. (2013), Bayesian Data Analysis, chapter 3. West and Harrison (1997), Bayesian Forecasting
    and Dynamic Models, chapter 10. Yao et al. (2018), https://doi.org/10.1214/17-BA1091.

    Examples
    --------
    >>> years = np.arange(2003, 2013)
    >>> patents = xr.DataArray(1000 * 1.1 ** np.arange(10.0), dims="year", coords={"year": years})
    >>> fit(xr.Dataset({"patents": patents}))
    <GrowthModel to 2012: patents>
    """
    door = read_history(history, until=until, reading=reading)
    last_year = int(door.years[-1])
    _check_names("prior", prior, history)
    _check_names("drift_prior", drift_prior, history)
    families = families_by_name(family, (s.name for s in door.series))
    own = {s.name: on_own_scale(s, families.get(s.name), door.data) for s in door.series}
    fitted = {}
    for s in door.series:
        believed = prior_for(s.name, prior), belief_for(s.name, drift_prior)
        chosen = families.get(s.name)
        fitted[s.name] = (
            _fit_series(s, *believed) if chosen is None else _fit_family(s, own[s.name], chosen, *believed)
        )
    grown = tuple(_grow(own[s.name], door, fitted) for s in door.series)
    return GrowthModel(
        indicators=grown,
        last_year=last_year,
        history=door.data,
        absent=door.absent,
        dependence=_dependence(grown, door, fitted),
    )


def _check_names(argument: str, given: object, history: xr.Dataset | pd.DataFrame) -> None:
    unknown = sorted(set(given) - set(map(str, history))) if isinstance(given, Mapping) else []
    if unknown:
        raise UnknownNameError(
            f"{argument}= names {', '.join(map(repr, unknown))}, which the history does not hold.",
            nearest(unknown[0], map(str, history)),
        )


@dataclass(frozen=True, slots=True)
class _Fitted:
    """One variable: its random walk (for the innovations), the law of its future, what the law rests on."""

    summary: Summary
    walk: RandomWalkPosterior
    law: RandomWalkPosterior | CellPosterior | MeasuredPosterior | GaussianPosterior | DrawnPaths
    own_drift: Array
    own_variance: Array
    window: int | None
    grid: Grid | None = None
    belief: DriftPrior | None = None
    notes: tuple[str, ...] = ()


def _fit_series(series: Series, prior: AnyPrior | None, belief: DriftPrior | None) -> _Fitted:
    chosen = prior if isinstance(prior, Prior) else walk_prior()
    if belief is not None:
        _check_belief(series)
    walk = _fit_walk(series, chosen, belief)
    if series.measured is not None:
        return _fit_measured(series, series.measured, prior, chosen)
    long = np.isfinite(series.levels).sum(axis=1) >= OWN_POINTS
    if isinstance(prior, Prior) or (prior is None and not long.any()):
        return walk
    cells = _fit_cells(series, prior or learned_prior(), walk, belief)
    return cells if prior is not None or long.all() else _ladder(walk, cells, long)


def _check_belief(series: Series) -> None:
    """Refuse a belief about the drift where something else already says what the drift is."""
    other = "reading=" if series.measured is not None else "bridge_from" if series.bridge_from else None
    if other is not None:
        raise ModelError(
            f"{series.name!r} has a drift_prior= and {other}, which cannot be used together.",
            "Leave out one of them.",
        )


def _fit_walk(series: Series, prior: Prior, belief: DriftPrior | None) -> _Fitted:
    prior = replace(prior, drift=0.0) if isinstance(series.carrier, Linear) else prior
    summary = summarise(latest(series.levels, prior.window))
    walk = posterior_of(summary, prior) if belief is None else believed_walk(summary, prior, belief)
    moves = np.maximum(summary.points - 1, 0)
    return _Fitted(
        summary=summary,
        walk=walk,
        law=walk,
        own_drift=summary.span / np.maximum(walk.years, 1e-300),
        own_variance=moves / np.maximum(moves + 2 * max(prior.shape, 0.0), 1e-300),
        window=prior.window,
        belief=belief,
    )


def _fit_cells(series: Series, prior: LearnedPrior, walk: _Fitted, belief: DriftPrior | None) -> _Fitted:
    law = cell_posterior(
        series.levels,
        prior,
        balance=isinstance(series.carrier, Linear),
        drift=None if belief is None else Believed.of(belief, walk.walk),
    )
    return _Fitted(
        summary=summarise(latest(series.levels, LONGEST)),
        walk=walk.walk,
        law=law,
        own_drift=law.own_drift_share(),
        own_variance=law.own_variance_share(),
        window=LONGEST,
        grid=prior.grid if belief is None else None,
        belief=belief,
    )


def _fit_measured(series: Series, errors: Measured, prior: AnyPrior | None, walk: Prior) -> _Fitted:
    family = None if isinstance(prior, Prior) else prior or learned_prior()
    law = measured_posterior(series, errors, family, walk, 1 if prior is not None else OWN_POINTS)
    window = LONGEST if family else walk.window
    summary = summarise(mended(latest(series.levels, window), errors))
    own = replace(walk, drift=0.0) if isinstance(series.carrier, Linear) else walk
    return _Fitted(
        summary=summary,
        walk=posterior_of(summary, own),
        law=law,
        own_drift=law.own_drift,
        own_variance=law.own_variance,
        window=window,
    )


def _fit_family(
    series: Series, own: Series, family: Family, prior: AnyPrior | None, belief: DriftPrior | None
) -> _Fitted:
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


def _ladder(walk: _Fitted, cells: _Fitted, long: NDArray[np.bool_]) -> _Fitted:
    """Take the cells for members with figures enough, the random walk for the others."""
    assert isinstance(cells.law, CellPosterior)
    return _Fitted(
        summary=cells.summary,
        walk=walk.walk,
        law=with_walks(cells.law, walk.walk, ~long),
        own_drift=np.where(long, cells.own_drift, walk.own_drift),
        own_variance=np.where(long, cells.own_variance, walk.own_variance),
        window=LONGEST,
        grid=cells.grid,
        belief=cells.belief,
    )


def _check_proper(name: str, summary: Summary, posterior: RandomWalkPosterior) -> None:
    if (posterior.shape <= 0).any() or (posterior.rate <= 0).any() or (posterior.years <= 0).any():
        raise ModelError(
            f"{name!r} cannot be fitted without a prior: figures: {int(summary.points.min())}, "
            "or they never depart from a straight line.",
            "Leave out prior= to use the shipped one, or give sx.Prior(...).",
        )


def _grow(series: Series, door: History, fitted: Mapping[str, _Fitted]) -> Grown:
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
    if own.belief is not None:
        notes += (own.belief.note(),)
    if (older := int((np.isfinite(series.levels).sum(axis=1) - summary.points).max())) > 0:
        notes += (f"figures older than the last {own.window} are not used: {older}",)
    gap = len(door.years) - 1 - summary.last_index
    if gap.max() > 0 and len(gap) == 1:
        notes += (
            f"last known for {door.years[-1] - int(gap[0])}: the years to {door.years[-1]} are simulated too",
        )
    if isinstance(law, CellPosterior | MeasuredPosterior) and len(law.weights) == 1:
        notes += (_shapes_note(law),)
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


def _lent(
    law: RandomWalkPosterior | CellPosterior | MeasuredPosterior | GaussianPosterior | DrawnPaths,
    series: Series,
    bridge_sd: float,
) -> RandomWalkPosterior | CellPosterior | MeasuredPosterior | GaussianPosterior:
    """Lend the growth of one series to another, less certain by ``bridge_sd`` a year."""
    if isinstance(law, DrawnPaths):
        raise ModelError(
            f"{series.name!r} is bridged to {series.bridge_from!r}, whose process is not Gaussian.",
            "Give the source another family, or the bridged series its own.",
        )
    if isinstance(law, MeasuredPosterior):
        return law.lent(bridge_sd)
    return replace(law, bridge_sd=bridge_sd)


def _shapes_note(law: CellPosterior | MeasuredPosterior) -> str:
    """Say which kinds of growth carry the weight."""
    return f"grows as {law.shape_words(0)} ({law.effective_cells()[0]:.0f} effective cells)"


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


def _dependence(grown: tuple[Grown, ...], door: History, fitted: Mapping[str, _Fitted]) -> Dependence:
    """Correlate standardised innovations, group by group of equal batch; groups are independent."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for i in sorted(range(len(grown)), key=lambda i: grown[i].name):
        groups.setdefault(door.series[i].batch, []).append(i)
    tables = {}
    for batch, members in groups.items():
        if len(members) > 1:
            columns = [_innovations(grown[i], i, door, fitted) for i in members]
            tables[" ".join(batch)] = members, np.column_stack(columns)
    return joined_dependence(len(grown), tables)


def _innovations(grown: Grown, place: int, door: History, fitted: Mapping[str, _Fitted]) -> Array:
    """Innovations of a variable, of its source where it is bridged, members below each other."""
    series = door.series[place]
    if grown.evidence is not None and Rung.BRIDGED in grown.evidence.rungs:
        series = next(s for s in door.series if s.name == series.bridge_from)
    own = fitted[series.name]
    levels = latest(series.levels, own.window)
    if series.measured is not None:
        levels = mended(levels, series.measured)
    law = own.walk if isinstance(own.law, GaussianPosterior | DrawnPaths) else own.law
    return standard_innovations(levels, law, own.walk, own.grid).ravel()
