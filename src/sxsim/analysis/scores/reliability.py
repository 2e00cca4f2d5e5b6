"""What happened when it was announced with p: a curve with its bands, and a table in bins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.analysis.scores.event import recalibrated, sample
from sxsim.analysis.scores.gate import Dims, check_share
from sxsim.errors import RequestError
from sxsim.streams import Role, Seed, type_of_rng

Array = NDArray[np.float64]

ANNOUNCED = "announced"
_GRID = np.arange(101) / 100.0
_EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


def reliability(
    probability: xr.DataArray,
    outcome: xr.DataArray,
    *,
    dim: Dims = ...,
    level: float = 0.9,
    resamples: int = 200,
    rng: type_of_rng = None,
) -> xr.Dataset:
    """Return the reliability curve: the isotonic share of hits at every announced probability.

    The band is where the curve would lie if the announced probabilities were right and the cases
    independent: outcomes are drawn from them, and the curve is drawn again. Cases that share their years
    depend on each other, so that the curve may leave the band more often than the level says.

    Parameters
    ----------
    probability, outcome
        What was announced; 1 where it happened, 0 where not, NaN where nobody knows.
    dim
        Dimensions over which the cases are one sample; ``...`` for all.
    level
        Probability of the band, at each point.
    resamples
        Number of times outcomes are drawn.
    rng
        Seed of the draws; None takes fresh entropy.

    Returns
    -------
    xarray.Dataset
        ``observed``, ``low``, ``high`` on the dimension ``announced`` (0, .01, ..., 1; NaN outside the
        probabilities that occur).

    Raises
    ------
    RequestError
        A probability outside [0, 1], an outcome other than 0 and 1, labels that differ, a level not between
        0 and 1, or no resample.

    References
    ----------
    Dimitriadis, Gneiting and Jordan (2021), https://doi.org/10.1073/pnas.2016191118

    Examples
    --------
    >>> import xarray as xr
    >>> probability = xr.DataArray([0.2, 0.2, 0.7, 0.7], dims="case")
    >>> curve = reliability(probability, xr.DataArray([0.0, 1.0, 1.0, 1.0], dims="case"), rng=0)
    >>> float(curve.observed.sel(announced=0.2, method="nearest"))
    0.5
    """
    half = 0.5 * (1.0 - check_share("level", level))
    if resamples < 1:
        raise RequestError(f"resamples={resamples}.", "Draw at least once.")
    p, o = sample(probability, outcome, dim)
    stream = Seed.of(rng).generator(Role.EVENTS, "reliability", "", 0)

    def core(p: Array, o: Array) -> Array:
        return _curve(p, o, half, resamples, stream)

    found = xr.apply_ufunc(
        core,
        p,
        o,
        input_core_dims=[["sample"], ["sample"]],
        output_core_dims=[["part", ANNOUNCED]],
        vectorize=True,
    ).assign_coords({ANNOUNCED: _GRID})
    return xr.Dataset({name: found.isel(part=i) for i, name in enumerate(("observed", "low", "high"))})


def reliability_table(
    probability: xr.DataArray,
    outcome: xr.DataArray,
    *,
    edges: Sequence[float] = _EDGES,
    dim: Dims = ...,
    level: float = 0.9,
) -> xr.Dataset:
    """Return how often it happened among the cases announced with about the same probability.

    The bands say how often it may happen if the announced probabilities are right and the cases independent:
    all bins lie inside theirs together with at least the probability ``level``. The number of hits in a bin
    is then a sum of independent events of known probabilities, whose law is computed exactly; with ``B``
    bins that hold a case each band leaves out ``(1 - level^(1/B)) / 2`` on either side.

    Parameters
    ----------
    probability, outcome
        What was announced; 1 where it happened, 0 where not, NaN where nobody knows.
    edges
        Ends of the bins, ascending from 0 to 1; a case on an edge belongs to the bin above it.
    dim
        Dimensions over which the cases are one sample; ``...`` for all.
    level
        Probability of all bands together, for each sample.

    Returns
    -------
    xarray.Dataset
        ``announced`` (mean probability), ``observed`` (share of hits), ``cases``, ``band_low`` and
        ``band_high`` (shares of hits) on the dimension ``bin``, with the coordinates ``low`` and ``high``,
        the ends of the bins.

    Raises
    ------
    RequestError
        A probability outside [0, 1], an outcome other than 0 and 1, labels that differ, edges that do not
        ascend from 0 to 1, or a level not between 0 and 1.

    References
    ----------
    Broecker and Smith (2007), https://doi.org/10.1175/WAF993.1; Hong (2013),
    https://doi.org/10.1016/j.csda.2012.10.006

    Examples
    --------
    >>> import xarray as xr
    >>> probability = xr.DataArray([0.2, 0.2, 0.7, 0.7], dims="case")
    >>> outcome = xr.DataArray([0.0, 1.0, 1.0, 1.0], dims="case")
    >>> reliability_table(probability, outcome, edges=(0, 0.5, 1)).observed.values.tolist()
    [0.5, 1.0]
    """
    ends = check_edges(edges)
    share = check_share("level", level)
    p, o = sample(probability, outcome, dim)
    parts = xr.apply_ufunc(
        lambda p, o: _binned(p, o, ends, share),
        p,
        o,
        input_core_dims=[["sample"], ["sample"]],
        output_core_dims=[["part", "bin"]],
        vectorize=True,
    )
    names = (ANNOUNCED, "observed", "cases", "band_low", "band_high")
    table = xr.Dataset({name: parts.isel(part=i) for i, name in enumerate(names)})
    return table.assign_coords(low=("bin", ends[:-1]), high=("bin", ends[1:]))


def _curve(
    probability: Array, outcome: Array, half: float, resamples: int, stream: np.random.Generator
) -> Array:
    known = np.isfinite(probability + outcome)
    p, o = probability[known], outcome[known]
    if not p.size:
        return np.full((3, _GRID.size), np.nan)
    drawn = (stream.random((resamples, p.size)) < p).astype(float)
    curves = np.stack([_on_grid(p, row) for row in drawn])
    return np.stack([_on_grid(p, o), *np.quantile(curves, [half, 1.0 - half], axis=0)])


def _on_grid(probability: Array, outcome: Array) -> Array:
    levels, curve = recalibrated(probability, outcome)
    half_step = 0.5 * float(_GRID[1])
    curve = np.interp(_GRID, levels, curve)
    curve[(levels[0] - half_step > _GRID) | (levels[-1] + half_step < _GRID)] = np.nan
    return np.asarray(curve)


def _binned(probability: Array, outcome: Array, ends: Array, level: float) -> Array:
    known = np.isfinite(probability + outcome)
    p, o = probability[known], outcome[known]
    where = bin_of(p, ends)
    cases = np.bincount(where, minlength=ends.size - 1).astype(float)
    some = np.where(cases > 0, cases, np.nan)
    share = [np.bincount(where, weights=w, minlength=ends.size - 1) / some for w in (p, o)]
    half = 0.5 * (1.0 - level ** (1.0 / max(int((cases > 0).sum()), 1)))
    bands = np.array([_band(p[where == b], half) for b in range(cases.size)]).T
    return np.stack([*share, cases, *bands])


def check_edges(edges: Sequence[float]) -> Array:
    """Refuse what does not ascend from 0 to 1."""
    ends = np.asarray(edges, float)
    if ends.size < 2 or (np.diff(ends) <= 0).any() or ends[0] != 0 or ends[-1] != 1:
        raise RequestError(f"edges={tuple(edges)}.", "Give ascending numbers from 0 to 1.")
    return ends


def bin_of(probability: Array, ends: Array) -> NDArray[np.int64]:
    """Return the bin of each probability; one on an edge belongs to the bin above it."""
    return np.clip(np.searchsorted(ends, probability, side="right") - 1, 0, ends.size - 2)


def _band(probability: Array, half: float) -> tuple[float, float]:
    """Shares of hits that leave out at most ``half`` on either side."""
    if not probability.size:
        return np.nan, np.nan
    at_most = hits_law(probability).cumsum()
    low, high = int((at_most <= half).sum()), int((at_most < 1.0 - half).sum())
    return low / probability.size, min(high, probability.size) / probability.size


def hits_law(probability: Array) -> Array:
    """Probability of 0, 1, ..., n hits among independent events: their laws convolved, two by two."""
    from scipy import signal  # takes a tenth of a second to load

    laws = np.stack([1.0 - probability, probability], axis=-1)
    while len(laws) > 1:
        if len(laws) % 2:
            nobody = np.eye(1, laws.shape[1])  # no hit for sure
            laws = np.concatenate([laws, nobody])
        laws = signal.fftconvolve(laws[::2], laws[1::2], axes=-1)
    return np.asarray(np.clip(laws[0, : probability.size + 1], 0.0, None))
