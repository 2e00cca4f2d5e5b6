"""The pages of a backtest added up: means, clustered errors, differences, calibration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.analysis import scores
from sxsim.labels import ORIGIN
from sxsim.studies.cases import EVENTS, IN_UNITS, LOSSES, SCORES, Page
from sxsim.studies.whole_paths import PATH_SCORES

Array = NDArray[np.float64]

ALL = "all"
_BINS = 10
_RESAMPLES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """All pages of a backtest.

    Attributes
    ----------
    pages
        By indicator and origin; where nothing could be scored there is none.
    indicators, origins, models
        In the order of the result.
    reference
        The model that the others are compared with.
    horizon
        Years ahead.
    """

    pages: Mapping[tuple[str, int], Page]
    indicators: tuple[str, ...]
    origins: tuple[int, ...]
    models: tuple[str, ...]
    reference: str
    horizon: int

    def names(self) -> list[str]:
        """Return the indicators and, where there are several, their pool."""
        return [*self.indicators, ALL] if len(self.indicators) > 1 else list(self.indicators)


def summary(book: Book) -> xr.Dataset:
    """Return everything a backtest says."""
    parts = [_scored(book), _whole_paths(book), _calibrated(book), _targets(book)]
    return xr.merge(parts, join="outer", compat="no_conflicts").sel(indicator=book.names())


def _ledger(book: Book) -> tuple[xr.DataArray, xr.DataArray]:
    """Return sums ``(indicator, origin, score, model, step)`` and counts without ``model``, the pool last."""
    several, shape = len(book.indicators), (len(SCORES), len(book.models), book.horizon)
    sums = np.zeros((several, len(book.origins), *shape))
    counts = np.zeros((several, len(book.origins), len(SCORES), book.horizon))
    for (name, origin), one in book.pages.items():
        place = book.indicators.index(name), book.origins.index(origin)
        sums[place], counts[place] = one.sums, one.counts
    if several > 1:
        free = ~np.isin(SCORES, IN_UNITS)
        sums = np.concatenate([sums, (sums * free[:, None, None]).sum(axis=0, keepdims=True)])
        counts = np.concatenate([counts, (counts * free[:, None]).sum(axis=0, keepdims=True)])
    coords = {
        "indicator": book.names(),
        ORIGIN: list(book.origins),
        "score": list(SCORES),
        "step": np.arange(1, book.horizon + 1),
    }
    dims = ("indicator", ORIGIN, "score", "model", "step")
    return (
        xr.DataArray(sums, dims=dims, coords=coords | {"model": list(book.models)}),
        xr.DataArray(counts, dims=[dim for dim in dims if dim != "model"], coords=coords),
    )


def _scored(book: Book) -> xr.Dataset:
    sums, counts = _ledger(book)
    reference, horizon = book.reference, book.horizon
    by_origin = sums / counts.where(counts > 0)
    whole, cases = sums.sum("step"), counts.sum("step")
    each = whole / cases.where(cases > 0)
    every = scores.clustered_mean(each, cases, horizon=horizon)
    apart = scores.clustered_mean(each - each.sel(model=reference, drop=True), cases, horizon=horizon)
    steps = [
        scores.clustered_mean(by_origin.sel(step=h), counts.sel(step=h), horizon=h)
        for h in counts["step"].values.tolist()
    ]
    by_step = xr.concat(steps, dim=counts["step"])
    base = every["mean"].sel(model=reference, drop=True)
    loss = every["score"].isin(list(LOSSES))
    order = ("score", "indicator", "model")
    table = {
        "mean": every["mean"],
        "standard_error": every.standard_error,
        "difference": apart["mean"],
        "difference_error": apart.standard_error,
        "skill": (1.0 - every["mean"] / base.where(base > 0)).where(loss),
        "by_step": by_step["mean"],
        "by_step_error": by_step.standard_error,
        "by_origin": by_origin,
        "cases": counts,
        "effective_origins": every.effective_origins.isel(model=0, drop=True),
    }
    return xr.Dataset(
        {name: value.transpose(*[d for d in order if d in value.dims], ...) for name, value in table.items()}
    )


def _whole_paths(book: Book) -> xr.Dataset:
    """Average the scores of whole paths, with clustered errors, over ``(path_score, indicator, model)``."""
    shape = (len(book.origins), len(book.models), len(PATH_SCORES))
    sums, counts = (np.zeros((len(book.names()), *shape)) for _ in range(2))
    for (owner, origin), one in book.pages.items():
        place = [name in (owner, ALL) for name in book.names()], book.origins.index(origin)
        sums[place] += np.nansum(one.paths, axis=-1)
        counts[place] += np.isfinite(one.paths).sum(axis=-1)
    coords = {
        "indicator": book.names(),
        ORIGIN: list(book.origins),
        "model": list(book.models),
        "path_score": list(PATH_SCORES),
    }
    total, cases = (xr.DataArray(table, dims=list(coords), coords=coords) for table in (sums, counts))
    each = total / cases.where(cases > 0)
    every = scores.clustered_mean(each, cases, horizon=book.horizon)
    apart = scores.clustered_mean(
        each - each.sel(model=book.reference, drop=True), cases, horizon=book.horizon
    )
    table = {
        "path_mean": every["mean"],
        "path_standard_error": every.standard_error,
        "path_difference": apart["mean"],
        "path_difference_error": apart.standard_error,
        "path_cases": cases.sum(ORIGIN),
    }
    return xr.Dataset({name: part.transpose("path_score", ...) for name, part in table.items()})


def _calibrated(book: Book) -> xr.Dataset:
    """Histogram and distance of the transforms, and cases left unanswered, per indicator and pooled."""
    shares, distance, failures = [], [], []
    for name in book.names():
        mine = [one for (owner, _), one in book.pages.items() if name in (owner, ALL)]
        pit = np.concatenate([one.pit for one in mine] or [np.empty((len(book.models), 0))], axis=1)
        values = xr.DataArray(np.clip(pit, 0.0, 1.0), dims=("model", "case"))
        shares.append(scores.pit_histogram(values, bins=_BINS, dim="case").share.to_numpy())
        distance.append(scores.pit_distance(values, dim="case").to_numpy())
        failures.append(sum((one.failures for one in mine), np.zeros(len(book.models))))
    edges = np.arange(_BINS + 1) / _BINS
    return xr.Dataset(
        {
            "pit": (("indicator", "model", "pit_bin"), np.stack(shares)),
            "pit_distance": (("indicator", "model"), np.stack(distance)),
            "failures": (("indicator", "model"), np.stack(failures)),
        },
        coords={"indicator": book.names(), "model": list(book.models), "pit_bin": edges[:-1] + 0.5 / _BINS},
    )


def _targets(book: Book) -> xr.Dataset:
    """Score the synthetic targets and keep every one of them."""
    ordered = list(book.pages.items())
    width = [one.growth.size for _, one in ordered]
    empty = [np.empty((len(EVENTS), len(book.models), 0)), np.empty((len(EVENTS), 0)), np.empty(0)]
    p = np.concatenate([*[one.probability for _, one in ordered], empty[0]], axis=-1)
    o = np.concatenate([*[one.outcome for _, one in ordered], empty[1]], axis=-1)
    raw = xr.Dataset(
        {
            "event_probability": (("event", "model", "case"), p),
            "event_outcome": (("event", "case"), o),
        },
        coords={
            "event": list(EVENTS),
            "model": list(book.models),
            "case_indicator": ("case", np.repeat([name for (name, _), _ in ordered], width)),
            "case_origin": ("case", np.repeat([origin for (_, origin), _ in ordered], width).astype(int)),
            "case_growth": ("case", np.concatenate([*[one.growth for _, one in ordered], empty[2]])),
        },
    )
    names = book.names()
    chosen = [raw if name == ALL else raw.isel(case=raw.case_indicator.values == name) for name in names]
    parts = [_events(one, book) for one in chosen]
    return xr.merge([xr.concat(parts, dim=xr.Variable("indicator", names)), raw])


def _events(raw: xr.Dataset, book: Book) -> xr.Dataset:
    """Brier score with its parts and clustered errors, over ``(event, model)``."""
    p, o = raw.event_probability, raw.event_outcome
    split = scores.corp(p, o, dim="case", resamples=_RESAMPLES, rng=0)
    each = scores.brier(p, o)
    member = xr.DataArray(
        raw.case_origin.values[:, None] == np.asarray(book.origins),
        dims=("case", ORIGIN),
        coords={ORIGIN: list(book.origins)},
    ).astype(float)
    cases = each.notnull().astype(float).dot(member, dim="case")
    by_origin = each.fillna(0.0).dot(member, dim="case") / cases.where(cases > 0)
    every = scores.clustered_mean(by_origin, cases, horizon=book.horizon)
    apart = by_origin - by_origin.sel(model=book.reference, drop=True)
    paired = scores.clustered_mean(apart, cases, horizon=book.horizon)
    table = {f"event_{name}": part for name, part in split.data_vars.items()}
    table |= {
        "event_log_loss": scores.log_loss(p, o, dim="case"),
        "event_standard_error": every.standard_error,
        "event_difference": paired["mean"],
        "event_difference_error": paired.standard_error,
    }
    return xr.Dataset(table)
