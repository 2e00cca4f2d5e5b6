"""``sx.fit(..., family=...)``: a process chosen by hand, its free parameters learned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.errors import HistoryError, ModelError, UnknownNameError, nearest
from sxsim.fitting.gaussian_fit import fit_gaussian, shape_names
from sxsim.fitting.history import Series
from sxsim.fitting.laplace import Draws
from sxsim.fitting.path_fit import fit_paths, refuse_unlearnable
from sxsim.fitting.walk import Prior, latest
from sxsim.links import Linear, Odds
from sxsim.processes import (
    DrawnPaths,
    GaussianPosterior,
    GaussianProcess,
    JumpDiffusion,
    Logistic,
    NegativeBinomial,
    PathProcess,
    RandomWalk,
    StudentShocks,
)
from sxsim.processes.negative_binomial import whole_counts
from sxsim.processes.parameter import free_names
from sxsim.processes.path_process import stands_on

Array = NDArray[np.float64]

Family = GaussianProcess | PathProcess

_FEW = 30


@dataclass(frozen=True, slots=True)
class ProcessFit:
    """A process fitted to one variable."""

    law: GaussianPosterior | DrawnPaths
    own_drift: Array | None
    notes: tuple[str, ...]


def families_by_name(family: Family | Mapping[str, Family] | None, names: Iterable[str]) -> dict[str, Family]:
    """Return the process asked for by name; empty where none is."""
    known = list(names)
    if family is None:
        return {}
    asked = dict(family) if isinstance(family, Mapping) else dict.fromkeys(known, family)
    for name, process in asked.items():
        if name not in known:
            raise UnknownNameError(
                f"family= names {name!r}, which the history does not hold.", nearest(name, known)
            )
        if not isinstance(process, GaussianProcess | PathProcess):
            raise ModelError(
                f"family={process!r} is not a process.", "Give one such as sx.DampedTrend(), or one per name."
            )
        if isinstance(process, PathProcess):
            refuse_unlearnable(process)
    return asked


def on_own_scale(series: Series, family: Family | None, data: xr.Dataset) -> Series:
    """Bring a variable to the scale its process stands on: counts as such, log odds below a given ceiling."""
    if isinstance(family, NegativeBinomial):
        table = data[series.name].transpose(*series.batch, ...)
        counts = whole_counts(np.asarray(table.to_numpy(), float).reshape(series.values.shape), series.name)
        return replace(series, carrier=Linear(scale=1.0), values=counts, levels=counts, notes=())
    if not isinstance(family, Logistic) or "ceiling" in free_names(family):
        return series
    carrier = Odds(lower=max(series.carrier.lower, 0.0), upper=float(family.ceiling))
    outside = series.values[(series.values <= carrier.lower) | (series.values >= carrier.upper)]
    if outside.size:
        raise HistoryError(
            f"{series.name!r} holds {outside.max():g}, not between {carrier.lower:g} and the ceiling "
            f"{carrier.upper:g}.",
            "Raise the ceiling, or choose another process.",
        )
    return replace(series, carrier=carrier, levels=carrier.forward(series.values))


def fit_process(series: Series, family: Family, prior: Prior) -> ProcessFit:
    """Fit a process to a variable on its own scale."""
    if not (prior.years > 0 and prior.shape > 0):
        raise ModelError(
            f"{type(family).__name__} cannot be fitted to {series.name!r} without a prior.",
            "Leave out prior=, or give sx.Prior(...).",
        )
    prior = replace(prior, drift=0.0) if isinstance(series.carrier, Linear) and _plain(family) else prior
    levels = latest(series.levels, prior.window)
    _check_carrier(series, family)
    process = _gaussian(series, family)
    law: GaussianPosterior | DrawnPaths
    if process is not None:
        law, draws = fit_gaussian(levels, process, prior)
        learned = 1.0 - prior.years * law.covariance[..., -1, -1]
        own = (law.weights * learned).sum(axis=1) * ("drift" in free_names(process))
        notes = _notes(series, process, _shape_values(process, draws), draws)
        if isinstance(family, Logistic):
            notes += ("a logistic curve between known bounds is a random walk of the log odds",)
        return ProcessFit(law, own, notes)
    assert isinstance(family, PathProcess)
    law, draws = fit_paths(levels, family, prior, series.name)
    values = {name: law.draws[name][0] for name in law.draws}
    return ProcessFit(law, None, _notes(series, family, values, draws))


def _plain(family: Family) -> bool:
    return not isinstance(family, NegativeBinomial)


def _gaussian(series: Series, family: Family) -> GaussianProcess | None:
    """Return the process as a Gaussian one where it is, on the scale of the series."""
    if isinstance(family, Logistic) and isinstance(series.carrier, Odds):
        return RandomWalk(drift=family.drift, sigma=family.sigma)
    return family if isinstance(family, GaussianProcess) else None


def _check_carrier(series: Series, family: Family) -> None:
    needed = family.carrier if isinstance(family, PathProcess) else None
    if stands_on(needed, series.carrier) or isinstance(series.carrier, Odds):
        return
    raise ModelError(
        f"{type(family).__name__} stands on {needed!r}, {series.name!r} on {series.carrier!r}.",
        "Choose another process, or correct the attribute kind.",
    )


def _shape_values(process: GaussianProcess, draws: list[Draws]) -> dict[str, Array]:
    described = {p.name: p for p in process.parameters}
    columns = zip(shape_names(process), draws[0].points.T, strict=True)
    return {name: described[name].bounded(x) for name, x in columns}


def _notes(
    series: Series, process: Family, values: Mapping[str, Array], draws: list[Draws]
) -> tuple[str, ...]:
    """Say what was learned of the parameters and what was assumed; for a variable without a batch."""
    notes = [*_assumptions(process)]
    if len(draws) == 1:
        learned = ", ".join(_range(name, x, draws[0].weights) for name, x in values.items())
        notes.insert(0, f"grows as {type(process).__name__}" + (f" with {learned}" if learned else ""))
        if values and draws[0].effective() < _FEW:
            notes.append(f"only {draws[0].effective():.0f} effective draws of its parameters: distrust it")
    return tuple(notes)


def _range(name: str, values: Array, weights: Array) -> str:
    """Median and central 80 % range of weighted draws."""
    order = np.argsort(values)
    low, middle, high = np.interp([0.1, 0.5, 0.9], np.cumsum(weights[order]), values[order])
    return f"{name} {middle:.3g} ({low:.3g} to {high:.3g})"


def _assumptions(process: Family) -> list[str]:
    """What no short series can teach, and what was taken instead."""
    free = free_names(process)
    believed = [p for p in process.parameters if p.name in free and p.belief is not None]
    notes = [
        f"ASSUMPTION: {p.name} is beta({p.belief[0]:g}, {p.belief[1]:g}) between {p.low:g} and {p.high:g} "
        "beforehand"
        for p in believed
        if p.belief
    ]
    if isinstance(process, StudentShocks) and "dof" in free:
        notes.append("ASSUMPTION: dof is 2 + gamma(2, 0.1) beforehand, for a dozen figures hardly tell it")
    if isinstance(process, Logistic) and "ceiling" in free:
        notes.append(
            "ASSUMPTION: the ceiling is twice the highest figure (19 in 20: 1.05 to 20 times) beforehand, "
            "for it cannot be learned before half of it is reached"
        )
    if isinstance(process, JumpDiffusion):
        notes.append(
            f"ASSUMPTION: {process.rate:g} jumps a year of {process.jump:g} +- {process.jump_sd:g}, as given"
        )
    return notes
