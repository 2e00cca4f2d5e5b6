"""What a forecaster says about the years to come, in the three forms a backtest asks for."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import special

from sxsim import labels
from sxsim.analysis.forecast import forecast
from sxsim.links import Carrier
from sxsim.processes import Grown, GrowthModel
from sxsim.simulation import simulate
from sxsim.streams import Role, Seed

Array = NDArray[np.float64]

CENTRE = np.arange(1, 20) / 20.0
LEVELS = np.sort(np.concatenate([CENTRE, [0.005, 0.01, 0.025, 0.975, 0.99, 0.995]]))


class Outlook(Protocol):
    """The future as one forecaster sees it from the end of one history.

    Every answer is a Dataset with the indicators as variables; one that cannot be foreseen is left out, or
    NaN where only some members cannot. Goals may have further dimensions, which the answer keeps.
    """

    def quantiles(self, levels: Array) -> xr.Dataset:
        """Return quantiles, dims ``(quantile, year, *batch)``, in published units."""
        ...

    def at_least(self, goals: xr.Dataset) -> xr.Dataset:
        """P(y >= goal) in each of their years, dims ``(year, *batch)``."""
        ...

    def paths(self, names: Collection[str], *, draws: int, rng: int) -> xr.Dataset:
        """Draw independent paths, dims ``(draw, year, *batch)``; empty where no joint law is known."""
        ...


class Forecaster(Protocol):
    """Whatever turns a history into an outlook; it is called once per origin and sees nothing later."""

    def __call__(self, history: xr.Dataset, horizon: int) -> Outlook:
        """Look ahead from the last year of the history."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelOutlook:
    """The outlook of a growth model: closed forms for one year, simulated paths for all of them."""

    model: GrowthModel
    horizon: int

    def quantiles(self, levels: Array) -> xr.Dataset:
        """Return the closed-form quantiles."""
        return forecast(self.model, horizon=self.horizon, quantiles=levels.tolist())

    def at_least(self, goals: xr.Dataset) -> xr.Dataset:
        """Return the exact probabilities."""
        names = [grown.name for grown in self._known(goals)]
        further = {d: labels.LEVEL for d in goals.dims if d != labels.YEAR and not self._is_batch(d)}
        ahead = self.model.last_year + np.arange(1, self.horizon + 1)
        asked = goals[names].rename(further).reindex({labels.YEAR: ahead})
        found = forecast(self.model, horizon=self.horizon, at_least=asked)
        back = {new: old for old, new in further.items()}
        return (
            found.drop_vars(labels.LEVEL, errors="ignore").rename(back).sel({labels.YEAR: goals[labels.YEAR]})
        )

    def paths(self, names: Collection[str], *, draws: int, rng: int) -> xr.Dataset:
        """Return simulated paths."""
        known = [grown.name for grown in self.model.indicators if grown.name in names]
        found = simulate(self.model, horizon=self.horizon, draws=draws, rng=rng, indicators=known)
        return found.isel({labels.SCENARIO: 0}, drop=True)

    def _known(self, goals: xr.Dataset) -> list[Grown]:
        return [grown for grown in self.model.indicators if grown.name in goals]

    def _is_batch(self, dim: Hashable) -> bool:
        return any(dim in self.model.batch(grown.name) for grown in self.model.indicators)


@dataclass(frozen=True, kw_only=True, slots=True)
class NormalOutlook:
    """Normal laws of single years, each on the scale of its indicator, of a walk with independent steps.

    Attributes
    ----------
    location, spread
        Mean and standard deviation of every year, ``(year, *batch)``.
    drift_spread
        The part of the spread that comes from one error of the drift, the same in all years.
    carriers
        The scale of each indicator.
    """

    location: xr.Dataset
    spread: xr.Dataset
    drift_spread: xr.Dataset
    carriers: Mapping[str, Carrier]

    def quantiles(self, levels: Array) -> xr.Dataset:
        """Return the normal quantiles."""
        scores = xr.DataArray(
            special.ndtri(levels), dims=labels.QUANTILE, coords={labels.QUANTILE: np.asarray(levels)}
        )
        table = {}
        for name, carrier in self.carriers.items():
            level = scores * self.spread[name] + self.location[name]
            table[name] = xr.apply_ufunc(carrier.inverse, level)
        return xr.Dataset(table)

    def at_least(self, goals: xr.Dataset) -> xr.Dataset:
        """Return the normal probabilities; certainty where there is no spread."""
        table = {}
        for name, carrier in self.carriers.items():
            parts = xr.align(self.location[name], self.spread[name], goals[name], join="inner")
            table[name] = xr.apply_ufunc(_normal, *parts, kwargs={"carrier": carrier})
        return xr.Dataset(table)

    def paths(self, names: Collection[str], *, draws: int, rng: int) -> xr.Dataset:
        """Return paths of the walk: one error of the drift for a path, one shock a year."""
        seed = Seed.of(rng)
        return xr.Dataset({name: self._paths(name, draws, seed) for name in self.carriers if name in names})

    def _paths(self, name: str, draws: int, seed: Seed) -> xr.DataArray:
        location = self.location[name].transpose(labels.YEAR, ...)
        drifting, spread = (
            part[name].transpose(*location.dims).to_numpy() for part in (self.drift_spread, self.spread)
        )
        steps = np.diff(spread**2 - drifting**2, axis=0, prepend=0.0)
        stream = seed.generator(Role.INNOVATIONS, name, "plain walk", 0)
        normals = stream.standard_normal((draws, 1 + len(steps), *steps.shape[1:]))
        shocks = (normals[:, 1:] * np.sqrt(np.clip(steps, 0.0, None))).cumsum(axis=1)
        levels = location.to_numpy() + normals[:, :1] * drifting + shocks
        values = self.carriers[name].inverse(levels)
        return xr.DataArray(values, dims=(labels.DRAW, *location.dims), coords=location.coords)


@dataclass(frozen=True, kw_only=True, slots=True)
class QuantileOutlook:
    """An outlook known by its quantiles, joined by straight lines between normal scores."""

    forecast: xr.Dataset

    def quantiles(self, levels: Array) -> xr.Dataset:
        """Return the quantiles, interpolated where they were not given."""
        goal = xr.DataArray(special.ndtri(levels), dims=labels.QUANTILE)
        scores = special.ndtri(self.forecast[labels.QUANTILE].to_numpy())
        found = self.forecast.assign_coords({labels.QUANTILE: scores}).interp({labels.QUANTILE: goal})
        return found.assign_coords({labels.QUANTILE: np.asarray(levels)})

    def at_least(self, goals: xr.Dataset) -> xr.Dataset:
        """Return probabilities by interpolation; beyond the outer quantiles the tail is normal."""
        scores = special.ndtri(self.forecast[labels.QUANTILE].to_numpy())
        table = {}
        for name in self.forecast.data_vars:
            said, goal = xr.align(self.forecast[name], goals[name], join="inner", exclude=[labels.QUANTILE])
            table[name] = xr.apply_ufunc(
                _above, said, goal, input_core_dims=[[labels.QUANTILE], []], kwargs={"scores": scores}
            )
        return xr.Dataset(table)

    def paths(self, names: Collection[str], *, draws: int, rng: int) -> xr.Dataset:
        """Return nothing: the years are not joined."""
        return xr.Dataset()


def on_link(values: Array, carrier: Carrier) -> Array:
    """Published values on the link scale; what lies on or beyond a bound is infinitely far out."""
    values = np.asarray(values, float)
    inside = (values > carrier.lower) & (values < carrier.upper)
    out = np.where(values <= carrier.lower, -np.inf, np.where(values >= carrier.upper, np.inf, np.nan))
    out[inside] = carrier.forward(values[inside])
    return out


def _normal(location: Array, spread: Array, goals: Array, carrier: Carrier) -> Array:
    """P(y >= goal) where y is normal on the link scale."""
    margin = location - on_link(goals, carrier)
    sure = spread == 0
    p = np.where(sure, margin >= 0, special.ndtr(margin / np.where(sure, 1.0, spread)))
    return np.where(np.isnan(margin + spread), np.nan, p)


def _above(quantiles: Array, goals: Array, scores: Array) -> Array:
    """1 - F(goal) where F is linear in normal scores between neighbouring quantiles ``(..., quantile)``."""
    shape = np.broadcast_shapes(quantiles.shape[:-1], np.shape(goals))
    goal = np.broadcast_to(np.asarray(goals, float), shape)[..., None]
    quantiles = np.broadcast_to(quantiles, (*shape, scores.size))
    right = np.clip((quantiles < goal).sum(axis=-1, keepdims=True), 1, scores.size - 1)
    low, high = (np.take_along_axis(quantiles, right - side, -1) for side in (1, 0))
    width = high - low
    flat = np.where(goal > low, np.inf, np.where(goal < low, -np.inf, 0.0))
    share = np.where(width > 0, (goal - low) / np.where(width > 0, width, 1.0), flat)
    score = scores[right - 1] + share * (scores[right] - scores[right - 1])
    return np.asarray(special.ndtr(-score)[..., 0])
