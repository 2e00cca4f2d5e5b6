"""Exact scores of a model's own law: the density it gave to what came, and where that stood in it."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import special

from sxsim import labels
from sxsim.analysis.ahead import ahead_of
from sxsim.analysis.scores.closed import student_log_density
from sxsim.errors import RequestError
from sxsim.plan import TREND
from sxsim.processes import Grown, GrowthModel
from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.mixture import StudentT
from sxsim.processes.one_year import SideBySide
from sxsim.processes.transform import box_cox
from sxsim.scenarios import Policy

Array = NDArray[np.float64]

MEASURE = "measure"


def law_scores(model: GrowthModel, truth: xr.Dataset) -> xr.Dataset:
    """Score the exact law of every indicator on what came: log score and probability integral transform.

    Both are taken on the scale of growth (log, log odds, or the units of a balance), where the law is a
    mixture of Student-t laws. Its CRPS is not offered there: cells that live on another scale put some mass
    at the value zero, minus infinity in logs, and on the published scale the mean does not exist. The score
    of its quantiles (:func:`crps_quantiles`) is finite on both.

    Parameters
    ----------
    model
        From :func:`sxsim.fit`, or put together by hand.
    truth
        What came: variables of the model over ``year`` and its batch, in published units.

    Returns
    -------
    xarray.Dataset
        One variable per indicator, dims ``(measure, year, *batch)``, with ``log_score`` (negative log
        density, lower is better) and ``pit``; NaN where there is no figure, or one on a bound. A law that
        is walked year by year, or simulated because figures are given for years to come, has no log score.

    Raises
    ------
    RequestError
        No year lies after the model's last, or no variable belongs to the model.

    References
    ----------
    Gneiting and Raftery (2007), https://doi.org/10.1198/016214506000001437

    Examples
    --------
    >>> import sxsim as sx
    >>> history = sx.load_plan("shanxi-2014").history
    >>> model = sx.fit(history, until=2012)
    >>> found = sx.scores.law_scores(model, history[["rd_intensity"]])
    >>> bool(0 < found.rd_intensity.sel(measure="pit", year=2016) < 1)
    True
    """
    years = truth[labels.YEAR].to_numpy()
    later = truth.sel({labels.YEAR: years > model.last_year})
    names = [str(name) for name in later.data_vars if str(name) in model]
    if not names or not later.sizes[labels.YEAR]:
        raise RequestError(
            f"Nothing to score: the model ends in {model.last_year} and knows {', '.join(model.names)}.",
            "Give later figures of the same variables.",
        )
    table = {name: _variable(model, model[name], later[name]) for name in names}
    return xr.Dataset(table, coords={MEASURE: ["log_score", "pit"], labels.YEAR: later[labels.YEAR]})


def _variable(model: GrowthModel, grown: Grown, truth: xr.DataArray) -> xr.DataArray:
    batch = model.batch(grown.name)
    table = truth.transpose(labels.YEAR, *batch)
    values = table.to_numpy().astype(float).reshape(table.sizes[labels.YEAR], -1)
    inside = (values > grown.carrier.lower) & (values < grown.carrier.upper)
    levels = grown.carrier.forward(np.where(inside, values, np.nan))
    trend = Policy(scenario=TREND.id, model=model, offsets={})
    laws = ahead_of([trend], grown.name, table[labels.YEAR].to_numpy())[0].laws
    rows = [_scores(law, change) for change, law in zip(levels - grown.last_level(), laws, strict=True)]
    shape = (2, *table.shape)
    return xr.DataArray(
        np.stack(rows, axis=1).reshape(shape), dims=(MEASURE, labels.YEAR, *batch), coords=batch
    )


def _scores(law: StudentT | MixtureMarginal | SideBySide, change: Array) -> Array:
    place = np.where(np.isnan(change), np.nan, law.at_most(change))
    if isinstance(law, SideBySide):
        return np.stack([np.full_like(place, np.nan), place])
    return np.stack([-log_density(MixtureMarginal.of(law), change), place])


def log_density(law: MixtureMarginal, change: Array) -> Array:
    """Log density of a change on the link scale, ``(member,)``; NaN where a law has no spread."""
    x = np.asarray(change, float)[..., None]
    spread = np.where(law.spread > 0, law.spread, np.nan)
    z = (box_cox(x, law.exponent) - law.location) / spread
    cells = student_log_density(z, law.dof) - np.log(spread) + law.exponent * x
    return np.asarray(special.logsumexp(cells, b=law.weights, axis=-1))
