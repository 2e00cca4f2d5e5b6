"""One indicator at one origin: every forecaster scored on the same cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis import scores
from sxsim.analysis.scores.quantile import at_level
from sxsim.links import Carrier
from sxsim.studies.outlook import CENTRE, Outlook, on_link
from sxsim.studies.windows import Window, last_level, yearly_growth

Array = NDArray[np.float64]

SCORES = (
    "crps",
    "scaled_crps",
    "link_crps",
    "absolute_error",
    "smape",
    "mase",
    "msis",
    "coverage_50",
    "coverage_80",
    "coverage_95",
    "below_median",
    "below_95",
    "above_95",
)
LOSSES = SCORES[:7]
IN_UNITS = ("crps", "absolute_error")
ASKED = np.sort(np.concatenate([CENTRE, [0.025, 0.975]]))
EVENTS = ("level", "every_year")
GROWTHS = (-1.0, 0.5, 1.0, 1.5)

_FARTHEST = 5.0
_SPAN, _LEAST_GROWTH = 10, 0.01
_STEP, _GROWTH, _CASE, _MODEL, _SCORE = "step", "growth", "case", "model", "score"


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What one forecaster said at one origin, indicators as variables.

    Attributes
    ----------
    quantiles
        Dims ``(quantile, year, *batch)``.
    pit
        Where the truth stands in the forecast, ``(year, *batch)``.
    events
        Probabilities of the synthetic targets, ``(event, growth, *batch)``.
    seconds
        Time for the fit and its quantiles.
    """

    quantiles: xr.Dataset
    pit: xr.Dataset
    events: xr.Dataset
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Scores of one indicator at one origin.

    Attributes
    ----------
    sums, counts
        Sum of the scores over the members ``(score, model, step)`` and how many there are ``(score, step)``.
    pit
        Probability integral transforms, ``(model, case)``.
    probability, outcome, growth
        Synthetic targets ``(event, model, case)``, ``(event, case)`` and ``(case)``.
    failures
        Cases without a forecast, ``(model)``.
    """

    sums: Array
    counts: Array
    pit: Array
    probability: Array
    outcome: Array
    growth: Array
    failures: Array


def ask(
    outlook: Outlook, window: Window, goals: xr.Dataset, draws: int, rng: int
) -> tuple[xr.Dataset, xr.Dataset]:
    """Return the transforms of what came and the probabilities of the synthetic targets."""
    pit = 1.0 - outlook.at_least(window.truth)
    level = outlook.at_least(goals.isel({labels.YEAR: [-1]})).isel({labels.YEAR: 0}, drop=True)
    every = outlook.every_year(goals, draws=draws, rng=rng) if draws else xr.Dataset()
    both = {
        name: xr.concat([level[name], every.get(name, np.nan * level[name])], dim="event")
        for name in level.data_vars
    }
    return pit, xr.Dataset(both)


def goals_of(window: Window, carriers: Mapping[str, Carrier]) -> xr.Dataset:
    """Return levels on a path of the own past growth times -1, .5, 1 and 1.5, ``(growth, year, *batch)``.

    The growth is that of the last ten years on the link scale, and at least 0.01 a year; it looks at nothing
    but the history, so that no forecaster chooses its own questions.
    """
    table = {}
    for name, carrier in carriers.items():
        history = window.history[name]
        level, when = last_level(history, carrier)
        growth = yearly_growth(history, carrier, _SPAN).clip(min=_LEAST_GROWTH)
        times = xr.DataArray(list(GROWTHS), dims=_GROWTH)
        steps = window.truth[labels.YEAR] - when
        path = level + times * growth * steps
        table[name] = xr.apply_ufunc(carrier.inverse, path).transpose(_GROWTH, labels.YEAR, ...)
    return xr.Dataset(table)


def page(name: str, carrier: Carrier, window: Window, goals: xr.Dataset, said: Sequence[Said]) -> Page:
    """Score every forecaster on the cases that all of them foresaw."""
    truth = window.truth[name].where(window.scored[name])
    history = window.history[name]
    empty = np.nan * truth
    quantiles = [one.quantiles.get(name) for one in said]
    table = np.stack(
        [
            np.full((len(SCORES), *_flat(truth).shape), np.nan)
            if q is None
            else np.stack([_flat(part) for part in _scores(q, truth, history, carrier)])
            for q in quantiles
        ],
        axis=1,
    )
    known = np.isfinite(table).all(axis=1)
    wanted = np.isfinite(_flat(truth))
    failed = wanted & ~np.isfinite(table[SCORES.index("absolute_error")])
    pit = np.stack([_flat(one.pit.get(name, empty)) for one in said])
    together = known[SCORES.index("absolute_error")] & np.isfinite(pit).all(axis=0)
    probability, outcome, growth = _event_cases(name, truth, goals[name], said)
    return Page(
        sums=np.where(known[:, None], table, 0.0).sum(axis=-1),
        counts=known.sum(axis=-1).astype(float),
        pit=pit[:, together],
        probability=probability,
        outcome=outcome,
        growth=growth,
        failures=failed.sum(axis=(1, 2)).astype(float),
    )


def _flat(values: xr.DataArray) -> Array:
    """``(year, member)``, batch dimensions in the order of their names."""
    batch = sorted(str(dim) for dim in values.dims if dim != labels.YEAR)
    table = values.transpose(labels.YEAR, *batch).to_numpy()
    return np.asarray(table, float).reshape(table.shape[0], -1)


def _scores(
    forecast: xr.DataArray, truth: xr.DataArray, history: xr.DataArray, carrier: Carrier
) -> list[xr.DataArray]:
    """Return the scores in the order of ``SCORES``, each ``(year, *batch)``."""
    forecast = forecast.transpose(labels.QUANTILE, *truth.dims)
    inner = forecast.isel({labels.QUANTILE: slice(1, -1)})
    middle = at_level(forecast, 0.5)
    crps = scores.crps_quantiles(inner, truth)
    unit = scores.mean_absolute_change(history)
    low, high = scores.central(forecast, 0.95)
    known = (truth + middle).notnull()
    last, _ = last_level(history, carrier)

    def change(values: xr.DataArray) -> xr.DataArray:
        levels: xr.DataArray = xr.apply_ufunc(on_link, values, kwargs={"carrier": carrier})
        return levels - last

    came = change(truth)
    came = came.where(xr.apply_ufunc(np.isfinite, came))
    error: xr.DataArray = abs(truth - middle)
    return [
        crps,
        crps / unit,
        scores.crps_quantiles(change(inner).clip(-_FARTHEST, _FARTHEST), came),
        error,
        scores.smape(middle, truth),
        scores.mase(middle, truth, history),
        scores.msis(low, high, truth, history),
        *[scores.coverage(*scores.central(forecast, level), truth) for level in (0.5, 0.8, 0.95)],
        *[(side * 1.0).where(known) for side in (truth < middle, truth < low, truth > high)],
    ]


def _event_cases(
    name: str, truth: xr.DataArray, goals: xr.DataArray, said: Sequence[Said]
) -> tuple[Array, Array, Array]:
    """Return the synthetic targets whose outcome is known, as ``(event, model, case)`` and so on."""
    batch = sorted(str(dim) for dim in truth.dims if dim != labels.YEAR)
    hit = (truth >= goals).where(truth.notnull() & goals.notnull())
    last = hit.isel({labels.YEAR: -1}, drop=True)
    every = hit.min(labels.YEAR, skipna=False)

    def flat(values: xr.DataArray) -> Array:
        return np.asarray(values.transpose(..., _GROWTH, *batch).to_numpy(), float).reshape(
            *[values.sizes[d] for d in values.dims if d not in (_GROWTH, *batch)], -1
        )

    outcome = np.stack([flat(last), flat(every)])
    none = np.full_like(outcome, np.nan)
    probability = np.stack(
        [flat(one.events[name].transpose("event", ...)) if name in one.events else none for one in said],
        axis=1,
    )
    capable = np.isfinite(probability).any(axis=-1, keepdims=True)
    answered = (np.isfinite(probability) | ~capable).all(axis=1)
    outcome = np.where(answered, outcome, np.nan)
    kept = np.isfinite(outcome).any(axis=0)
    growth = np.repeat(np.asarray(GROWTHS), outcome.shape[-1] // len(GROWTHS))
    return np.clip(probability[..., kept], 0.0, 1.0), outcome[:, kept], growth[kept]
