"""One indicator at one origin: every forecaster scored on the same cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis import scores
from sxsim.analysis.scores.formulas import covered, pinball_loss, range_score, symmetric_error
from sxsim.links import Carrier, Count
from sxsim.studies.outlook import CENTRE, Outlook, on_link
from sxsim.studies.whole_paths import FARTHEST, PATH_SCORES, answered_by_all, path_scores
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
RANGES = (0.5, 0.8, 0.95)

_SPAN, _LEAST_GROWTH = 10, 0.01
_GROWTH = "growth"


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
    paths
        Scores of whole paths, ``(path_score, *batch)``, where the years are joined.
    seconds
        Time for the fit and its quantiles.
    """

    quantiles: xr.Dataset
    pit: xr.Dataset
    events: xr.Dataset
    paths: xr.Dataset
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
    paths
        Scores of whole paths, ``(model, path_score, member)``.
    probability, outcome, growth
        Synthetic targets ``(event, model, case)``, ``(event, case)`` and ``(case)``.
    failures
        Cases without a forecast, ``(model)``.
    """

    sums: Array
    counts: Array
    pit: Array
    paths: Array
    probability: Array
    outcome: Array
    growth: Array
    failures: Array


def ask(
    outlook: Outlook,
    window: Window,
    goals: xr.Dataset,
    *,
    carriers: Mapping[str, Carrier],
    draws: int,
    rng: int,
) -> tuple[xr.Dataset, xr.Dataset, xr.Dataset]:
    """Return the transforms of what came, randomised for counts, the odds of the targets, and path scores."""
    pit = 1.0 - outlook.at_least(window.truth)
    if counted := [name for name, one in carriers.items() if isinstance(one, Count) and name in pit]:
        above = 1.0 - outlook.at_least(window.truth[counted] + 1.0)
        pit = pit.assign({name: scores.pit(above[name], pit[name], rng=rng) for name in counted})
    level = outlook.at_least(goals.isel({labels.YEAR: [-1]})).isel({labels.YEAR: 0}, drop=True)
    paths = outlook.paths([str(name) for name in goals], draws=draws, rng=rng) if draws else xr.Dataset()
    every = {name: kept_every_year(paths[name], goals[name]) for name in paths.data_vars}
    both = {
        name: xr.concat([level[name], every.get(name, np.nan * level[name])], dim="event")
        for name in level.data_vars
    }
    return pit, xr.Dataset(both), path_scores(paths, window, carriers)


def kept_every_year(paths: xr.DataArray, goals: xr.DataArray) -> xr.DataArray:
    """Share of paths that never fall below the goals; further goals one by one, for memory's sake."""
    seen = paths.isel({labels.DRAW: 0, labels.YEAR: 0}, drop=True).notnull()
    further = [dim for dim in goals.dims if dim not in paths.dims]
    if further:
        slices = [goals.isel({further[0]: i}) for i in range(goals.sizes[further[0]])]
        return xr.concat([kept_every_year(paths, one) for one in slices], dim=further[0])
    kept: xr.DataArray = (paths >= goals).all(labels.YEAR).mean(labels.DRAW)
    return kept.where(seen)


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
    missing = np.nan * truth.expand_dims({labels.QUANTILE: ASKED})
    fans = np.stack([_flat(one.quantiles.get(name, missing), labels.QUANTILE) for one in said])
    came = _flat(truth)
    last, _ = last_level(window.history[name], carrier)
    unit = scores.mean_absolute_change(window.history[name])
    table = _scores(fans, came, carrier, _flat(last), _flat(unit))
    known = np.asarray(np.isfinite(table).all(axis=1))
    point = SCORES.index("absolute_error")
    pit = np.stack([_flat(one.pit.get(name, np.nan * truth)) for one in said])
    nobody = np.nan * truth.isel({labels.YEAR: 0}, drop=True).expand_dims(path_score=list(PATH_SCORES))
    paths = np.stack([_flat(one.paths.get(name, nobody), "path_score") for one in said])
    together = known[point] & np.isfinite(pit).all(axis=0)
    probability, outcome, growth = _event_cases(name, truth, goals[name], said)
    return Page(
        sums=np.where(known[:, None], table, 0.0).sum(axis=-1),
        counts=known.sum(axis=-1).astype(float),
        pit=pit[:, together],
        paths=answered_by_all(paths),
        probability=probability,
        outcome=outcome,
        growth=growth,
        failures=(np.isfinite(came) & ~np.isfinite(table[point])).sum(axis=(1, 2)).astype(float),
    )


def _flat(values: xr.DataArray, *first: str) -> Array:
    """``(*first, year, member)`` without what is not there, batch dimensions in the order of their names."""
    leading = [dim for dim in (*first, labels.YEAR) if dim in values.dims]
    batch = sorted(str(dim) for dim in values.dims if dim not in leading)
    table = np.asarray(values.transpose(*leading, *batch).to_numpy(), float)
    return table.reshape(*table.shape[: len(leading)], -1)


def _scores(fans: Array, truth: Array, carrier: Carrier, last: Array, unit: Array) -> Array:
    """Return the scores in the order of ``SCORES``, ``(score, model, year, member)``.

    Parameters
    ----------
    fans, truth
        Quantiles ``(model, quantile, year, member)`` and what came ``(year, member)``.
    carrier, last, unit
        The link, the last figure on it, and the mean absolute yearly change, ``(member,)``.
    """
    places = {round(float(level), 3): i for i, level in enumerate(ASKED)}
    middle = fans[:, places[0.5]]
    lows, highs = ([fans[:, places[round(0.5 + side * r, 3)]] for r in RANGES] for side in (-0.5, 0.5))
    low, high = lows[-1], highs[-1]
    crps = _crps(fans[:, 1:-1], truth)
    on = on_link(truth, carrier) - last
    came = np.where(np.isfinite(on), on, np.nan)
    link = np.clip(on_link(fans[:, 1:-1], carrier) - last, -FARTHEST, FARTHEST)
    error = np.abs(truth - middle)
    known = np.where(np.isfinite(error), 1.0, np.nan)
    rows = [
        crps,
        crps / unit,
        _crps(link, came),
        error,
        symmetric_error(middle, truth),
        error / unit,
        range_score(low, high, truth, 0.95) / unit,
        *[covered(*ends, truth) for ends in zip(lows, highs, strict=True)],
        *[known * side for side in (truth < middle, truth < low, truth > high)],
    ]
    return np.stack(rows)


def _crps(quantiles: Array, truth: Array) -> Array:
    """Twice the mean pinball loss over the levels that stand second."""
    return np.asarray(2.0 * pinball_loss(quantiles, CENTRE[:, None, None], truth).mean(axis=1))


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
