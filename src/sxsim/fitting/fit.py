"""History to GrowthModel: every series by closed form, then the dependence between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from sxsim.errors import ModelError, UnknownNameError, nearest
from sxsim.fitting.dependence import joined_dependence
from sxsim.fitting.drift_prior import DriftPrior, belief_for
from sxsim.fitting.grown import grow
from sxsim.fitting.history import History, read_history
from sxsim.fitting.innovations import standard_innovations
from sxsim.fitting.measured_fit import mended
from sxsim.fitting.one_series import FittedSeries, fit_family, fit_series
from sxsim.fitting.prior import AnyPrior, prior_for
from sxsim.fitting.process_fit import Family, families_by_name, on_own_scale
from sxsim.fitting.walk import latest
from sxsim.identities import Identity, in_order
from sxsim.plan import Reading
from sxsim.processes import Dependence, Grown, GrowthModel, Rung, without_parts

Array = NDArray[np.float64]


def fit(
    history: xr.Dataset | pd.DataFrame,
    *,
    until: int | None = None,
    prior: AnyPrior | Mapping[str, AnyPrior] | None = None,
    family: Family | Mapping[str, Family] | None = None,
    drift_prior: DriftPrior | Mapping[str, DriftPrior] | None = None,
    reading: Mapping[str, Reading] | None = None,
    identities: Identity | Iterable[Identity] = (),
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
    identities
        One or many indicators to be computed from others instead of being fitted, even where the history has
        figures for them; these stay in ``model.history``. One that cannot be computed, because a part is
        absent or a figure it reads is missing, is absent too, and ``model.absent`` says why.

    Returns
    -------
    GrowthModel
        Ready for ``forecast``, ``simulate`` and ``attainment``; ``fit_report(model)`` explains it.

    Raises
    ------
    HistoryError
        The history is empty, not numeric, holds a year twice, or a value outside the range of its kind.
    UnknownNameError
        A bridge or an identity names a variable that is not there.
    ModelError
        The prior is not possible, or flat where the figures cannot stand alone, or the family is no process
        or cannot be learned from a short series, or is given for what an identity defines.
    PlanError
        Two identities define one indicator, or some need each other within a year.

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
    given = in_order([identities] if isinstance(identities, Identity) else identities)
    derived = {identity.indicator for identity in given}
    door = read_history(history, until=until, reading=reading, derived=derived)
    _check_names("prior", prior, history)
    _check_names("drift_prior", drift_prior, history)
    for argument, by_name in (("prior", prior), ("family", family), ("drift_prior", drift_prior)):
        _check_fitted(argument, by_name, derived)
    families = families_by_name(family, (s.name for s in door.series))
    own = {s.name: on_own_scale(s, families.get(s.name), door.data) for s in door.series}
    fitted = {}
    for s in door.series:
        believed = prior_for(s.name, prior), belief_for(s.name, drift_prior)
        chosen = families.get(s.name)
        fitted[s.name] = (
            fit_series(s, *believed) if chosen is None else fit_family(s, own[s.name], chosen, *believed)
        )
    grown = tuple(grow(own[s.name], door, fitted) for s in door.series)
    model = GrowthModel(
        indicators=grown,
        last_year=int(door.years[-1]),
        history=door.data,
        absent=door.absent,
        dependence=_dependence(grown, door, fitted),
    )
    return _with_identities(model, given) if given else model


def _with_identities(model: GrowthModel, identities: tuple[Identity, ...]) -> GrowthModel:
    """Add what can be computed, and say why the rest is absent."""
    reasons = without_parts(model, identities)
    kept = tuple(identity for identity in identities if identity.indicator not in reasons)
    return replace(model, identities=kept, absent={**model.absent, **reasons})


def _check_names(argument: str, given: object, history: xr.Dataset | pd.DataFrame) -> None:
    unknown = sorted(set(given) - set(map(str, history))) if isinstance(given, Mapping) else []
    if unknown:
        raise UnknownNameError(
            f"{argument}= names {', '.join(map(repr, unknown))}, which the history does not hold.",
            nearest(unknown[0], map(str, history)),
        )


def _check_fitted(argument: str, given: object, derived: Collection[str]) -> None:
    both = sorted(set(given) & set(derived)) if isinstance(given, Mapping) else []
    if both:
        raise ModelError(
            f"{argument}= names {both[0]!r}, which an identity defines.",
            "A quantity is fitted or derived: leave one of the two out.",
        )


def _dependence(grown: tuple[Grown, ...], door: History, fitted: Mapping[str, FittedSeries]) -> Dependence:
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


def _innovations(grown: Grown, place: int, door: History, fitted: Mapping[str, FittedSeries]) -> Array:
    """Innovations of a variable, of its source where it is bridged, members below each other."""
    series = door.series[place]
    if grown.evidence is not None and Rung.BRIDGED in grown.evidence.rungs:
        series = next(s for s in door.series if s.name == series.bridge_from)
    own = fitted[series.name]
    levels = latest(series.levels, own.window)
    if series.measured is not None:
        levels = mended(levels, series.measured)
    return standard_innovations(levels, own.law, own.walk, own.grid).ravel()
