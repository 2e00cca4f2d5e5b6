"""What is believed before a series is seen: a normal-inverse-gamma prior, learned from a panel."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import overload

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import optimize, special

from sxsim.errors import HistoryError, ModelError, RequestError
from sxsim.fitting.history import Series, read_history
from sxsim.fitting.learned import LearnedPrior
from sxsim.fitting.pooled import relearn
from sxsim.fitting.walk import Prior, Summary, latest, posterior_of, summarise

Array = NDArray[np.float64]
AnyPrior = Prior | LearnedPrior
_FEWEST_WINDOWS = 20
LENGTHS = (1, 2, 4, 8, 12)


@cache
def walk_prior() -> Prior:
    """Return the prior of a random walk that ships with sxsim, learned from thousands of yearly series.

    Examples
    --------
    >>> 0 < walk_prior().drift < 0.1
    True
    """
    file = resources.files("sxsim.fitting") / "prior.toml"
    record = tomllib.loads(file.read_text(encoding="utf-8"))
    return Prior(**record["prior"], source=record["provenance"]["summary"])


@overload
def fit_prior(
    panel: xr.Dataset,
    *,
    start: None = None,
    horizon: int = ...,
    origins: int = ...,
    lengths: Sequence[int] = ...,
    until: int | None = ...,
    source: str = ...,
) -> Prior: ...


@overload
def fit_prior(
    panel: xr.Dataset,
    *,
    start: LearnedPrior,
    horizon: int = ...,
    until: int | None = ...,
    source: str = ...,
) -> LearnedPrior: ...


def fit_prior(
    panel: xr.Dataset,
    *,
    start: LearnedPrior | None = None,
    horizon: int = 5,
    origins: int = 3,
    lengths: Sequence[int] = LENGTHS,
    until: int | None = None,
    source: str = "",
) -> Prior | LearnedPrior:
    """Learn a prior from one's own panel: growth, spread and how much they differ between series.

    With ``start``, usually ``sx.learned_prior()``, the weights over the cells of the default family are
    learned anew: the intercepts move to where the log score of held-out years of the panel is highest, as
    far as its windows carry, and what features say stays. Members share good and bad years; that makes the
    panel weigh less, and is estimated from it.

    Without, the prior of a random walk is learned. Its four numbers maximise the log score of held-out
    years: every series is cut ``horizon``, ``2 horizon``, ... years before its end, fitted on its last 1, 2,
    4, 8 and 12 figures in turn, and scored on the years that follow (Gneiting and Raftery 2007,
    https://doi.org/10.1198/016214506000001437). Short windows are scored because short series are what the
    prior is for; a fit with it uses no more figures than the longest of them.

    Parameters
    ----------
    panel
        Variables with ``year`` and at least one other dimension, such as 31 provinces.
    start
        The prior over cells to start from; None learns the prior of a random walk.
    horizon
        Years held out at each origin.
    origins
        How many origins per series, where it is long enough; with ``start`` every year is one.
    lengths
        Numbers of figures before an origin, each is tried; with ``start`` all figures before it are used.
    until
        Last year to learn from; the default takes all.
    source
        Where the panel comes from, kept with the prior.

    Returns
    -------
    Prior or LearnedPrior
        Drift per year and spread on the link scale (log for amounts, log odds for shares), or weights over
        cells; its ``source`` says how many windows it rests on.

    Raises
    ------
    HistoryError
        Fewer than twenty windows are long enough.
    RequestError
        ``horizon``, ``origins`` or a length is below one.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> growth = rng.normal(0.05, 0.02, (40, 1)) + rng.normal(0, 0.1, (40, 15))
    >>> data = (("series", "year"), np.exp(growth.cumsum(axis=1)))
    >>> panel = xr.Dataset({"y": data}, coords={"year": np.arange(2000, 2015)})
    >>> prior = fit_prior(panel)
    >>> 0.07 < prior.spread < 0.14
    True
    """
    if horizon < 1 or origins < 1 or not lengths or min(lengths) < 1:
        raise RequestError(
            f"horizon={horizon}, origins={origins}, lengths={tuple(lengths)}.",
            "Give whole numbers of at least 1.",
        )
    series = read_history(panel, until=until).series
    if start is not None:
        return relearn(start, series, horizon=horizon, source=source)
    windows = [w for s in series for length in lengths for w in _windows(s, horizon, origins, length)]
    scored = sum(len(w.summary.span) for w in windows)
    if scored < _FEWEST_WINDOWS:
        raise HistoryError(
            f"The panel gives {scored} windows with {horizon} held-out years; {_FEWEST_WINDOWS} are needed.",
            "Give more series, longer ones, or a shorter horizon.",
        )
    first = np.array([0.03, np.log(4.0), np.log(2.0), np.log(0.08)])
    bounds = [(-0.5, 0.5), (-4.0, 6.0), (np.log(0.5), 6.0), (-8.0, 2.0)]
    found = optimize.minimize(
        lambda x: -_score(_prior_at(x), windows), first, method="L-BFGS-B", bounds=bounds
    )
    text = source or f"fit_prior on {scored} windows of {', '.join(map(str, panel.data_vars))}"
    return replace(_prior_at(found.x), window=max(lengths), source=text)


def prior_for(name: str, prior: AnyPrior | Mapping[str, AnyPrior] | None) -> AnyPrior | None:
    """Return the prior of one indicator: its own, the common one, or None for the shipped ladder."""
    chosen = prior.get(name) if isinstance(prior, Mapping) else prior
    if chosen is None or isinstance(chosen, Prior | LearnedPrior):
        return chosen
    raise ModelError(
        f"prior={prior!r} is not a Prior.", "Give sx.Prior(...), sx.fit_prior(panel), or one per name."
    )


@dataclass(frozen=True, slots=True)
class _Window:
    summary: Summary
    change: Array  # (year, member), link scale, NaN where not observed


def _windows(series: Series, horizon: int, origins: int, length: int) -> list[_Window]:
    """Cut every member ``horizon``, ``2 horizon``, ... years before its end; keep ``length`` figures."""
    levels = series.levels
    columns = np.arange(levels.shape[1])
    last = np.where(np.isfinite(levels), columns, -1).max(axis=1)
    windows = []
    for origin in range(1, origins + 1):
        before = latest(np.where(columns <= (last - origin * horizon)[:, None], levels, np.nan), length)
        keep = np.isfinite(before).sum(axis=1) == length
        if not keep.any():
            break
        summary = summarise(before[keep])
        ahead = summary.last_index[:, None] + np.arange(1, horizon + 1)
        inside = np.clip(ahead, 0, levels.shape[1] - 1)
        future = np.where(ahead < levels.shape[1], np.take_along_axis(levels[keep], inside, axis=1), np.nan)
        windows.append(_Window(summary=summary, change=(future - summary.last_level[:, None]).T))
    return windows


def _prior_at(x: Array) -> Prior:
    drift, years, shape, spread = x
    return Prior(
        drift=float(drift),
        years=float(np.exp(years)),
        shape=float(np.exp(shape)),
        spread=float(np.exp(spread)),
    )


def _score(prior: Prior, windows: list[_Window]) -> float:
    """Mean log density of the held-out changes."""
    total, count = 0.0, 0
    for window in windows:
        posterior = posterior_of(window.summary, prior)
        for step, change in enumerate(window.change, start=1):
            law = posterior.marginal(step)
            density = _student_logpdf((change - law.location) / law.spread, law.dof) - np.log(law.spread)
            total += float(np.nansum(density))
            count += int(np.isfinite(density).sum())
    return total / count


def _student_logpdf(z: Array, dof: Array) -> Array:
    constant = special.gammaln((dof + 1) / 2) - special.gammaln(dof / 2) - 0.5 * np.log(dof * np.pi)
    return np.asarray(constant - (dof + 1) / 2 * np.log1p(z**2 / dof))
