"""Scores of a probability: did what was announced with p happen in p of all cases?"""

from __future__ import annotations

from functools import partial

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import optimize

from sxsim.analysis.scores.gate import Dims, matched, named, scored
from sxsim.errors import RequestError
from sxsim.streams import Role, Seed, type_of_rng

Array = NDArray[np.float64]


def brier(
    probability: xr.DataArray, outcome: xr.DataArray, *, dim: Dims = (), weights: xr.DataArray | None = None
) -> xr.DataArray:
    """Return the Brier score ``(p - o)^2``: lower is better, 1/4 for always saying one half.

    Parameters
    ----------
    probability
        What was announced.
    outcome
        1 where it happened, 0 where it did not, NaN where nobody knows.
    dim, weights
        Dimensions to average over (``()`` none, ``...`` all), and the weight of each case.

    Returns
    -------
    xarray.DataArray
        Between 0 and 1.

    Raises
    ------
    RequestError
        A probability outside [0, 1], an outcome other than 0 and 1, or labels that differ.

    References
    ----------
    Brier (1950), https://doi.org/10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2

    Examples
    --------
    >>> import xarray as xr
    >>> round(float(brier(xr.DataArray(0.8), xr.DataArray(1.0))), 4)
    0.04
    """
    events = _events(probability, outcome)
    return scored(lambda p, o: (p - o) ** 2, events, dim=dim, weights=weights)


def log_loss(
    probability: xr.DataArray,
    outcome: xr.DataArray,
    *,
    least: float = 0.001,
    dim: Dims = (),
    weights: xr.DataArray | None = None,
) -> xr.DataArray:
    """Return the negative log of the probability given to what happened: lower is better.

    Parameters
    ----------
    probability
        What was announced.
    outcome
        1 where it happened, 0 where it did not, NaN where nobody knows.
    least
        Probabilities nearer to 0 or 1 than this count as this: nothing finer is ever printed. 0 takes them as
        they are.
    dim, weights
        Dimensions to average over (``()`` none, ``...`` all), and the weight of each case.

    Returns
    -------
    xarray.DataArray
        In natural logarithms; log 2 for always saying one half.

    Raises
    ------
    RequestError
        A probability outside [0, 1], an outcome other than 0 and 1, or labels that differ.

    References
    ----------
    Good (1952), https://doi.org/10.1111/j.2517-6161.1952.tb00104.x

    Examples
    --------
    >>> import xarray as xr
    >>> round(float(log_loss(xr.DataArray(0.5), xr.DataArray(1.0))), 4)
    0.6931
    """

    def core(probability: Array, outcome: Array) -> Array:
        given = np.clip(np.where(outcome == 1, probability, 1.0 - probability), least, 1.0 - least)
        with np.errstate(divide="ignore"):
            return np.where(np.isfinite(outcome), -np.log(given), np.nan)

    return scored(core, _events(probability, outcome), dim=dim, weights=weights)


def corp(
    probability: xr.DataArray,
    outcome: xr.DataArray,
    *,
    dim: Dims = ...,
    resamples: int = 0,
    rng: type_of_rng = None,
) -> xr.Dataset:
    """Split the Brier score into miscalibration, discrimination and uncertainty, without any bins.

    Probabilities are recalibrated by isotonic regression of the outcomes on them (pool adjacent violators):
    ``brier = miscalibration - discrimination + uncertainty``, where miscalibration is what the recalibration
    would gain, discrimination what the recalibrated probabilities gain over the base rate, and uncertainty
    the score of the base rate.

    Parameters
    ----------
    probability
        What was announced.
    outcome
        1 where it happened, 0 where it did not, NaN where nobody knows.
    dim
        Dimensions over which the cases are one sample; ``...`` for all.
    resamples
        Times outcomes are drawn from the probabilities themselves, to see what miscalibration an honest
        forecaster shows by chance.
    rng
        Seed of these draws; None takes fresh entropy.

    Returns
    -------
    xarray.Dataset
        ``brier``, ``miscalibration`` (0 is best), ``discrimination`` (more is better), ``uncertainty``,
        ``base_rate``, ``cases``, and ``by_chance``, the mean miscalibration of the resamples, NaN without.

    Raises
    ------
    RequestError
        A probability outside [0, 1], an outcome other than 0 and 1, or labels that differ.

    References
    ----------
    Dimitriadis, Gneiting and Jordan (2021), https://doi.org/10.1073/pnas.2016191118

    Examples
    --------
    >>> import xarray as xr
    >>> probability = xr.DataArray([0.2, 0.2, 0.7, 0.7], dims="case")
    >>> split = corp(probability, xr.DataArray([0.0, 1.0, 1.0, 1.0], dims="case"))
    >>> [round(float(split[name]), 4) for name in ("miscalibration", "discrimination", "uncertainty")]
    [0.09, 0.0625, 0.1875]
    """
    p, o = sample(probability, outcome, dim)
    stream = Seed.of(rng).generator(Role.EVENTS, "corp", "", 0)
    parts = xr.apply_ufunc(
        partial(_split, resamples=resamples, stream=stream),
        p,
        o,
        input_core_dims=[["sample"], ["sample"]],
        output_core_dims=[["part"]],
        vectorize=True,
    )
    return xr.Dataset({name: parts.isel(part=i) for i, name in enumerate(_PARTS)})


_PARTS = ("brier", "miscalibration", "discrimination", "uncertainty", "base_rate", "cases", "by_chance")


def sample(probability: xr.DataArray, outcome: xr.DataArray, dim: Dims) -> tuple[xr.DataArray, xr.DataArray]:
    """Return both with the dimension ``sample`` in place of those that make one sample."""
    events = _events(probability, outcome)
    p, o = xr.broadcast(*events.values())
    names = named(p, dim)
    p, o = (a.transpose(..., *names).reset_coords(drop=True) for a in (p, o))
    return (p.stack(sample=names, create_index=False), o.stack(sample=names, create_index=False))


def recalibrated(probability: Array, outcome: Array) -> tuple[Array, Array]:
    """Return the different probabilities in order, and the isotonic share of hits at each."""
    levels, which, counts = np.unique(probability, return_inverse=True, return_counts=True)
    share = np.bincount(which, weights=outcome, minlength=levels.size) / counts
    return levels, np.asarray(optimize.isotonic_regression(share, weights=counts).x)


def _split(probability: Array, outcome: Array, resamples: int, stream: np.random.Generator) -> Array:
    known = np.isfinite(probability + outcome)
    p, o = probability[known], outcome[known]
    if not p.size:
        return np.array([np.nan] * 5 + [0.0, np.nan])
    score, best = _scores(p, o)
    drawn = [_scores(p, (stream.random(p.size) < p).astype(float)) for _ in range(resamples)]
    chance = float(np.mean([honest - improved for honest, improved in drawn])) if drawn else np.nan
    constant = o.mean() * (1.0 - o.mean())
    return np.array([score, score - best, constant - best, constant, o.mean(), p.size, chance])


def _scores(probability: Array, outcome: Array) -> tuple[float, float]:
    """Return the Brier score of probabilities and of the same recalibrated."""
    levels, curve = recalibrated(probability, outcome)
    again = curve[np.searchsorted(levels, probability)]
    return float(np.mean((probability - outcome) ** 2)), float(np.mean((again - outcome) ** 2))


def _events(probability: xr.DataArray, outcome: xr.DataArray) -> dict[str, xr.DataArray]:
    arrays = matched({"probability": probability, "outcome": outcome}, {})
    p, o = (np.asarray(array, float) for array in arrays.values())
    wrong = p[(p < 0.0) | (p > 1.0)]
    if wrong.size:
        raise RequestError(f"probability holds {wrong.flat[0]:g}.", "Give numbers between 0 and 1.")
    wrong = o[(o != 0) & (o != 1) & np.isfinite(o)]
    if wrong.size:
        raise RequestError(f"outcome holds {wrong.flat[0]:g}.", "Give 1 for yes, 0 for no, NaN for unknown.")
    return {name: array.astype(float) for name, array in arrays.items()}
