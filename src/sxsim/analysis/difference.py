"""How far a scenario moves the median path, path by path."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import special

from sxsim import labels
from sxsim.analysis.compare import check_baseline
from sxsim.analysis.paths import check_paths
from sxsim.errors import RequestError
from sxsim.processes import GrowthModel

Array = NDArray[np.float64]

_FEWEST = 20


def difference(paths: xr.Dataset, *, baseline: str = "trend", model: GrowthModel | None = None) -> xr.Dataset:
    """Say how far each scenario moves the median of each indicator, and how sure that is.

    Scenarios see the same draws. An estimated median moves with the mean of ``(1/2 - 1[y <= m]) / f(m)``
    over the draws (Serfling 1980, section 2.5.1); those of two scenarios are subtracted draw by draw, and
    what is left is the error. ``1 / f(m)`` is the slope of the quantile function in the middle, over the
    width of Hall and Sheather (1988, Journal of the Royal Statistical Society B 50, 381-391). On the link
    scale a lever that moves all paths alike moves their median by exactly that, without error.

    Parameters
    ----------
    paths
        From :func:`sxsim.simulate`, with at least 20 draws.
    baseline
        Id of the scenario the others are held against.
    model
        The model of the paths; with it the link scale is answered too.

    Returns
    -------
    xarray.Dataset
        For each indicator, dims ``(scenario, year, *batch)``: the difference of the medians in published
        units, ``<name>_error``, and with ``model`` the same on the link scale, ``<name>_link`` and
        ``<name>_link_error``.

    Raises
    ------
    UnknownNameError
        The baseline is not among the scenarios.
    RequestError
        These are no paths, or too few to tell an error.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> both = [sx.TREND, plan.scenario("as_planned")]
    >>> paths = sx.simulate(model, both, until=2020, draws=1000, rng=7, indicators="rd_intensity")
    >>> moved = sx.difference(paths, model=model)
    >>> bool(moved.rd_intensity.sel(scenario="as_planned", year=2020) > 0.5)
    True
    >>> bool(moved.rd_intensity_link_error.max() < 1e-9)
    True
    """
    check_paths(paths)
    if paths.sizes[labels.DRAW] < _FEWEST:
        raise RequestError(f"{paths.sizes[labels.DRAW]} paths.", f"Simulate at least {_FEWEST}.")
    names = [str(name) for name in paths[labels.SCENARIO].to_numpy()]
    check_baseline(baseline, names)
    variables = dict[str, xr.DataArray]()
    for name, table in ((str(key), one) for key, one in paths.data_vars.items()):
        values = table.transpose(labels.SCENARIO, labels.DRAW, labels.YEAR, ...)
        scales = {name: values.to_numpy().astype(float)}
        if model is not None and name in model:
            scales[f"{name}_link"] = model[name].carrier.forward(scales[name])
        like = values.isel({labels.DRAW: 0}, drop=True)
        for key, numbers in scales.items():
            moved = [_moved(one, numbers[names.index(baseline)]) for one in numbers]
            variables[key] = like.copy(data=np.stack([one for one, _ in moved]))
            variables[f"{key}_error"] = like.copy(data=np.stack([error for _, error in moved]))
    return xr.Dataset(variables, attrs={**paths.attrs, "baseline": baseline})


def _moved(own: Array, other: Array) -> tuple[Array, Array]:
    """Difference of two medians and its paired error, from values ``(draw, ...)``."""
    middle, base = np.median(own, axis=0), np.median(other, axis=0)
    pull = (0.5 - (own <= middle)) * _slope(own) - (0.5 - (other <= base)) * _slope(other)
    return middle - base, pull.std(axis=0) / np.sqrt(len(own))


def _slope(values: Array) -> Array:
    """Slope of the quantile function at the middle."""
    width = _width(len(values))
    low, high = np.quantile(values, [0.5 - width, 0.5 + width], axis=0)
    return np.asarray((high - low) / (2.0 * width))


def _width(draws: int) -> float:
    """Half of the share of draws around the median that tells the slope there, at 95 percent."""
    normal = float(special.ndtri(0.975)) ** (2.0 / 3.0)
    return min(float(draws ** (-1.0 / 3.0) * normal * (1.5 / (2.0 * np.pi)) ** (1.0 / 3.0)), 0.4)
