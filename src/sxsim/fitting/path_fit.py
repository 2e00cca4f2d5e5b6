"""A process that is not Gaussian fitted to a history: all its free parameters by weighted draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import ModelError
from sxsim.fitting.laplace import Draws, weighted_draws
from sxsim.fitting.step_fit import StepTask, walk_belief
from sxsim.fitting.walk import Prior
from sxsim.processes import (
    Bass,
    DrawnPaths,
    JumpDiffusion,
    Logistic,
    NegativeBinomial,
    PathProcess,
    Regimes,
    StudentShocks,
)
from sxsim.processes.parameter import free_names, with_values

Array = NDArray[np.float64]

_HEADROOM = 1.5
_GROWTH = 0.1
_TAIL_SHAPE, _TAIL_RATE = 2.0, 0.1
_MANY = 100.0

_BY_HAND = {
    Regimes: "a dozen figures hold one or two switches at most",
    Bass: "before its peak, adopters do not tell the size of their market",
}


def refuse_unlearnable(family: PathProcess) -> None:
    """Refuse what no short history can teach, with the reason."""
    name = type(family).__name__
    for kind, reason in _BY_HAND.items():
        if isinstance(family, kind):
            raise ModelError(
                f"{name} cannot be fitted: {reason}.", f"Set it by hand: sx.Grown(law=sx.{name}(...))."
            )
    jumps = sorted(set(free_names(family)) & {"rate", "jump", "jump_sd"})
    if isinstance(family, JumpDiffusion) and jumps:
        raise ModelError(
            f"{name} cannot learn {', '.join(jumps)}: one short series shows no jump or one.",
            "Take them from a scenario or from similar series, and leave only drift and sigma free.",
        )


def fit_paths(levels: Array, family: PathProcess, prior: Prior, name: str) -> tuple[DrawnPaths, list[Draws]]:
    """Fit levels ``(member, year)``, NaN where not observed, on the scale the process stands on."""
    tasks = [_task(row, family, prior, name) for row in levels]
    found = [weighted_draws(task.log_density, len(task.free)) for task in tasks]
    values = [task.values(draws.points) for task, draws in zip(tasks, found, strict=True)]
    law = DrawnPaths(
        process=family,
        draws={key: np.stack([value[key] for value in values]) for key in (values[0] if values else {})},
        weights=np.stack([draws.weights for draws in found]),
        states=tuple(
            task.state(value, len(draws.weights))
            for task, value, draws in zip(tasks, values, found, strict=True)
            if isinstance(task, StepTask)
        ),
    )
    return law, found


def _task(levels: Array, family: PathProcess, prior: Prior, name: str) -> _Counts | _Walk | StepTask:
    if isinstance(family, NegativeBinomial):
        return _Counts.of(levels, family, prior, name)
    if isinstance(family, StudentShocks | JumpDiffusion | Logistic):
        return _Walk.of(levels, family, prior)
    return StepTask.of(levels, family, prior, name)


@dataclass(frozen=True, slots=True)
class _Walk:
    """A process whose next level depends on the last one alone: figures before and after every gap."""

    family: StudentShocks | JumpDiffusion | Logistic
    prior: Prior
    figures: Array
    gaps: NDArray[np.int64]
    free: tuple[str, ...]

    @staticmethod
    def of(levels: Array, family: StudentShocks | JumpDiffusion | Logistic, prior: Prior) -> _Walk:
        seen = np.flatnonzero(np.isfinite(levels))
        return _Walk(family, prior, levels[seen], np.diff(seen), free_names(family))

    def values(self, points: Array) -> dict[str, Array]:
        """Parameters from coordinates ``(draw, coordinate)``."""
        by_name = dict(zip(self.free, points.T, strict=True))
        return {name: self._value(name, x) for name, x in by_name.items()}

    def log_density(self, points: Array) -> Array:
        """Log likelihood and belief, ``(draw,)``."""
        values = self.values(points)
        process = with_values(self.family, values)
        total = self._belief(dict(zip(self.free, points.T, strict=True)), values)
        before, after = self.figures[:-1, None], self.figures[1:, None]
        for gap in np.unique(self.gaps):
            same = self.gaps == gap
            total = total + process.log_density(before[same], after[same], int(gap)).sum(axis=0)
        return np.asarray(total)

    def _value(self, name: str, x: Array) -> Array:
        match name:
            case "sigma":
                return np.asarray(np.exp(x))
            case "dof":
                return np.clip(2.0 + np.exp(x), None, 200.0)
            case "ceiling":
                return np.asarray(np.exp(self.figures.max()) * (1.0 + np.exp(_HEADROOM * x)))
        return x

    def _belief(self, x: Mapping[str, Array], values: Mapping[str, Array]) -> Array:
        """Drift given sigma normal, sigma^2 inverse gamma, and what is believed of tails and ceilings."""
        total = walk_belief(self.prior, x, np.asarray(values.get("sigma", self.family.sigma)))
        if "dof" in x:
            total = total + _TAIL_SHAPE * x["dof"] - _TAIL_RATE * np.exp(x["dof"])
        if "ceiling" in x:
            total = total - 0.5 * x["ceiling"] ** 2
        return total


@dataclass(frozen=True, slots=True)
class _Counts:
    """Counts from the first one seen on; what is known then of the mean is gamma(count + 1/2, 1)."""

    family: NegativeBinomial
    prior: Prior
    first: float
    later: Array
    free: tuple[str, ...]

    @staticmethod
    def of(levels: Array, family: NegativeBinomial, prior: Prior, name: str) -> _Counts:
        if (mean := float(np.nanmean(levels))) > _MANY:
            raise ModelError(
                f"NegativeBinomial cannot be fitted to {name!r}: its counts are {mean:.0f} on average, and "
                "such counts vary by more than chance.",
                "Leave out family=; the default publishes whole numbers too.",
            )
        seen = np.flatnonzero(np.isfinite(levels))
        later = levels[seen[0] + 1 : seen[-1] + 1]
        free = tuple(free for free in free_names(family) if free in ("drift", "memory"))
        return _Counts(family, prior, float(levels[seen[0]]), later, free)

    def values(self, points: Array) -> dict[str, Array]:
        """Parameters from coordinates, with size and mean after the last count."""
        values = self._free_values(points)
        _, size, mean = self._follow(values)
        return values | {"size": size, "mean": mean}

    def log_density(self, points: Array) -> Array:
        """Log likelihood and belief, ``(draw,)``."""
        x = dict(zip(self.free, points.T, strict=True))
        total, _, _ = self._follow(self._free_values(points))
        if "drift" in x:
            total = total - 0.5 * x["drift"] ** 2
        if "memory" in x:
            memory = next(p for p in self.family.parameters if p.name == "memory")
            total = total + memory.log_belief(x["memory"])
        return total

    def _free_values(self, points: Array) -> dict[str, Array]:
        x = dict(zip(self.free, points.T, strict=True))
        values = {}
        if "drift" in x:
            values["drift"] = self.prior.drift + _GROWTH * x["drift"]
        if "memory" in x:
            memory = next(p for p in self.family.parameters if p.name == "memory")
            values["memory"] = memory.bounded(x["memory"])
        return values

    def _follow(self, values: Mapping[str, Array]) -> tuple[Array, Array, Array]:
        """Log probability of the later counts, size and mean after them, one per draw."""
        draws = len(next(iter(values.values()), np.zeros(1)))
        ones = np.ones(draws)
        known = {"size": (self.first + 0.5) * ones, "mean": (self.first + 0.5) * ones}
        return with_values(self.family, {**values, **known}).follow(self.later[:, None] * ones)
