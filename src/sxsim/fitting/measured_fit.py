"""The law of a variable whose figures carry errors, breaks or part of a year: member by member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import ModelError
from sxsim.fitting.features import features
from sxsim.fitting.grid import LONGEST
from sxsim.fitting.history import Series
from sxsim.fitting.learned import LearnedPrior
from sxsim.fitting.measured import Figures, Settings, Weighed, weigh
from sxsim.fitting.reading import Measured
from sxsim.fitting.walk import Prior
from sxsim.links import Linear
from sxsim.processes import MeasuredPosterior, Shape
from sxsim.processes.transform import box_cox

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_CUTS = np.array([0.1, 0.4, 0.75, 0.95])  # of the posterior of sigma, between the groups of its points
_LIGHTEST = 2e-5
_TYPICAL = 0.6745  # median of the absolute value of a standard normal


def measured_posterior(
    series: Series, errors: Measured, family: LearnedPrior | None, walk: Prior, fewest: int
) -> MeasuredPosterior:
    """Fit the members of one variable; those with fewer than ``fewest`` figures are random walks."""
    if walk.years <= 0:
        raise ModelError(
            f"{series.name!r} has figures with errors, which a flat prior cannot weigh.",
            "Give sx.Prior(...) with numbers above zero, or leave out prior=.",
        )
    rows = [_figures(series, errors, member, family, walk) for member in range(len(series.levels))]
    balance = isinstance(series.carrier, Linear)
    full = np.isfinite(series.levels).sum(axis=1)
    chosen = [family if count >= fewest else None for count in full]
    fitted = [_member(f, prior, walk, balance) for f, prior in zip(rows, chosen, strict=True)]
    return stacked(fitted, errors)


def mended(levels: Array, errors: Measured) -> Array:
    """Levels whose changes across a break are those of other years, for what looks at changes alone."""
    out = levels.copy()
    for member, row in enumerate(levels):
        years = np.flatnonzero(np.isfinite(row))
        steps = np.sqrt(_between(errors.steps[member] ** 2, years))
        if steps.any():
            change = _without_steps(np.diff(row[years]), np.diff(years), steps)
            out[member, years] = row[years[-1]] - np.append(change[::-1].cumsum()[::-1], 0.0)
    return out


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """One member: its cells, what they say, their weights, and its last level less its last full figure."""

    cells: Settings
    weighed: Weighed
    weight: Array
    offset: float


def _figures(
    series: Series, errors: Measured, member: int, family: LearnedPrior | None, walk: Prior
) -> Figures:
    """Gather the figures of one member on the link scale, the partial year among them."""
    row = series.levels[member]
    years = np.flatnonzero(np.isfinite(row))[-(LONGEST if family else walk.window or LONGEST) :]
    if not years.size:
        nothing = np.zeros(0)
        return Figures(logs=np.zeros(1), gaps=np.zeros(0, int), noise=np.zeros(1), steps=nothing)
    logs, noise = row[years] - row[years[-1]], errors.noise[member, years]
    if errors.partial is not None:
        level, spread = errors.partial
        logs, noise = np.append(logs, level - row[years[-1]]), np.append(noise, spread)
        years = np.append(years, years[-1] + 1)
    squares = errors.steps[member] ** 2
    return Figures(
        logs=logs,
        gaps=np.diff(years),
        noise=noise,
        steps=np.sqrt(_between(squares, years)),
        after=float(np.sqrt(squares[years[-1] + 1 :].sum())),
    )


def _between(values: Array, years: Whole) -> Array:
    """Sum over the years after one figure up to the next, ``(change,)``."""
    return np.array([values[a + 1 : b + 1].sum() for a, b in pairwise(years)], float)


def _member(figures: Figures, family: LearnedPrior | None, walk: Prior, balance: bool) -> Fitted:
    if family is None:
        prior = replace(walk, drift=0.0) if balance else walk
        cells = Settings.of_walk(prior)
        weighed = weigh(cells, figures)
        return Fitted(cells=cells, weighed=weighed, weight=np.ones(1), offset=float(figures.logs[-1]))
    cells = Settings.of_grid(family.grid)
    weighed = weigh(cells, figures)
    logs, gaps = for_features(figures)
    weight = family.weights(weighed.loglik[None].astype(np.float32), features(logs[None], gaps))[0].astype(
        np.float64
    )
    if balance:
        weight = weight * family.grid.for_balance
    return Fitted(cells=cells, weighed=weighed, weight=weight / weight.sum(), offset=float(figures.logs[-1]))


def for_features(figures: Figures) -> tuple[Array, tuple[int, ...]]:
    """Figures as the learned prior should see them, with their gaps.

    Figures whose error is larger than a usual yearly change are left out, and a break takes with it the part
    of its change that it explains.
    """
    logs, gaps = figures.logs, figures.gaps
    if len(logs) < 2:
        return logs, ()
    change = np.diff(logs)
    clear = figures.noise <= max(_usual(change, gaps), float(np.min(figures.noise)))
    years = np.concatenate([[0], np.cumsum(gaps)])[clear]
    levels = np.concatenate([[0.0], np.cumsum(_without_steps(change, gaps, figures.steps))])[clear]
    return levels - levels[-1], tuple(np.diff(years).tolist())


def _usual(change: Array, gaps: Whole) -> float:
    """Typical size of what a year brings."""
    return float(np.median(np.abs(change - np.median(change)) / np.sqrt(gaps))) / _TYPICAL


def _without_steps(change: Array, gaps: Whole, steps: Array) -> Array:
    """Changes less the part of them that breaks explain."""
    squares = np.where(np.isfinite(steps), steps, 1e6) ** 2
    share = squares / np.maximum(squares + _usual(change, gaps) ** 2 * gaps, 1e-300)
    free = change[steps == 0] / gaps[steps == 0]
    growth = float(free.mean()) if free.size else 0.0
    return np.asarray(change - share * (change - growth * gaps))


def stacked(fitted: Sequence[Fitted], errors: Measured) -> MeasuredPosterior:
    """Lay the members side by side, of one number of cells for all."""
    lead = 0 if errors.partial is None else 1
    shapes: list[Shape] = []
    widths: list[Array] = []
    rows: list[dict[str, Array]] = []
    tables: dict[tuple[Shape, ...], int] = {}
    for one in fitted:
        if one.cells.shapes not in tables:
            tables[one.cells.shapes] = len(shapes)
            shapes += one.cells.shapes
            widths.append(one.cells.widths)
        rows.append(_grouped(one, tables[one.cells.shapes], lead))
    width = max(len(row["weights"]) for row in rows)
    parts = {name: np.stack([_padded(row[name], width, name) for row in rows]) for name in rows[0]}
    return MeasuredPosterior(
        shapes=tuple(shapes),
        widths=np.concatenate(widths),
        pair=parts["pair"].astype(np.int64),
        effective=np.array([1.0 / (one.weight**2).sum() for one in fitted]),
        own_drift=np.array([_drift_share(one) for one in fitted]),
        changes=np.array([float(one.weight @ _gained(one)) for one in fitted]),
        own_variance=np.array(
            [float(one.weight @ (0.5 * _gained(one) / one.weighed.strength)) for one in fitted]
        ),
        lead=lead,
        release_sd=errors.release_sd,
        weights=parts["weights"],
        exponent=parts["exponent"],
        prior_drift=parts["prior_drift"],
        sigma=parts["sigma"],
        state=parts["state"],
        explained=parts["explained"],
        start=parts["start"],
    )


def _grouped(one: Fitted, first: int, lead: int) -> dict[str, Array]:
    """Gather the points of sigma of every cell to a few, keeping mean and covariance of each group."""
    weighed, cells = one.weighed, one.cells
    below = np.cumsum(weighed.weight, axis=0) - 0.5 * weighed.weight
    label = np.searchsorted(_CUTS, below)
    part = (label == np.arange(len(_CUTS) + 1)[:, None, None]) * weighed.weight
    mass = part.sum(axis=1)
    part /= np.maximum(mass, 1e-300)[:, None]
    square = weighed.sigma**2
    variance = np.maximum(np.einsum("gpc,p->gc", part, square), 1e-300)
    state = np.einsum("gpc,pci->gci", part, weighed.state)
    apart = weighed.state - state[:, None]
    explained = np.einsum("gpc,pcij->gcij", part, square[:, None, None, None] * weighed.explained)
    explained -= np.einsum("gpci,gpcj->gcij", part[..., None] * apart, apart)
    start = np.einsum("gpc,pc->gc", part, square[:, None] * weighed.start)
    joint = mass * one.weight
    group, cell = np.nonzero(joint > _LIGHTEST)
    state = state[group, cell]
    if lead:
        state[:, 3] += box_cox(np.full(len(cell), one.offset), cells.exponent[cell])
    spread = variance[group, cell]
    return {
        "weights": joint[group, cell] / joint[group, cell].sum(),
        "pair": (first + cells.pair[cell]).astype(float),
        "exponent": cells.exponent[cell],
        "prior_drift": cells.drift[cell],
        "sigma": np.sqrt(spread),
        "state": state,
        "explained": explained[group, cell] / spread[:, None, None],
        "start": start[group, cell] / spread,
    }


def _padded(values: Array, width: int, name: str) -> Array:
    """Repeat the first cell up to one width, without any weight."""
    filler = np.repeat(values[:1], width - len(values), axis=0)
    return np.concatenate([values, 0.0 * filler if name == "weights" else filler])


def _gained(one: Fitted) -> Array:
    """Number of changes that the variance rests on, ``(cell,)``."""
    return np.asarray(2.0 * (one.weighed.strength - one.cells.strength))


def _drift_share(one: Fitted) -> float:
    """Part of the prior's ignorance of the drift that the figures removed."""
    known = (one.weighed.weight * one.weighed.explained[:, :, 2, 2]).sum(axis=0)
    return float(one.weight @ (one.cells.widths[one.cells.pair] ** 2 * known))
