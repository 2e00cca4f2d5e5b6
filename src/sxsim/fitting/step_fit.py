"""A process written as one step fitted to a history: its likelihood, and what its parameters are believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import HistoryError, ModelError
from sxsim.fitting.walk import Prior
from sxsim.processes import Parameter, PathProcess
from sxsim.processes.parameter import free_names, with_values
from sxsim.processes.step_back import trace

Array = NDArray[np.float64]

_IMPOSSIBLE = -1e9  # a slope can still be taken of it


@dataclass(frozen=True, slots=True)
class StepTask:
    """Figures of successive years, and what is believed of each free parameter."""

    family: PathProcess
    prior: Prior
    figures: Array
    free: Mapping[str, Parameter]

    @staticmethod
    def of(levels: Array, family: PathProcess, prior: Prior, name: str) -> StepTask:
        """Take the years from the first figure to the last."""
        if type(family).step is PathProcess.step:
            raise ModelError(
                f"{type(family).__name__} cannot be fitted to {name!r}: only its own author knows how.",
                "Write its step, set its parameters by hand, or write it as a GaussianProcess.",
            )
        seen = np.flatnonzero(np.isfinite(levels))
        figures = levels[seen[0] : seen[-1] + 1]
        if len(seen) < len(figures):
            raise HistoryError(
                f"{type(family).__name__} cannot be fitted to {name!r}, where {len(figures) - len(seen)} "
                "years are missing: a step goes from one year to the next.",
                "Fill the gap, start after it, or use a Gaussian process such as sx.RandomWalk().",
            )
        described = {p.name: p for p in family.parameters}
        free = {key: described[key] for key in free_names(family) if key in described}
        for key in free_names(family):
            if key not in ("drift", "sigma") and (key not in free or free[key].belief is None):
                raise ModelError(
                    f"{type(family).__name__} cannot learn {key}: nothing is believed of it beforehand.",
                    "Give a number, or describe it as sx.Parameter(low=, high=, belief=(2, 2)).",
                )
        return StepTask(family, prior, figures, free)

    def values(self, points: Array) -> dict[str, Array]:
        """Parameters from coordinates ``(draw, coordinate)``."""
        return {key: self._value(key, x) for key, x in zip(self.free, points.T, strict=True)}

    def log_density(self, points: Array) -> Array:
        """Log likelihood and belief, ``(draw,)``."""
        start, later = self._history(len(points))
        values = self.values(points)
        total = np.maximum(with_values(self.family, values).loglik(start, later), _IMPOSSIBLE)
        coordinates = dict(zip(self.free, points.T, strict=True))
        sigma = values.get("sigma", getattr(self.family, "sigma", self.prior.spread))
        total = total + walk_belief(self.prior, coordinates, np.asarray(sigma))
        for key, x in coordinates.items():
            if key not in ("drift", "sigma"):
                total = total + self.free[key].log_belief(x)
        return np.asarray(total)

    def state(self, values: Mapping[str, Array], draws: int) -> Any:
        """State after the last figure, for each draw of the parameters."""
        return trace(with_values(self.family, values), *self._history(draws)).state

    def _value(self, key: str, x: Array) -> Array:
        if key == "sigma":
            return np.asarray(np.exp(x))
        return x if key == "drift" else self.free[key].bounded(x)

    def _history(self, draws: int) -> tuple[Array, Array]:
        table = np.broadcast_to(self.figures[:, None], (len(self.figures), draws))
        return table[0], table[1:]


def walk_belief(prior: Prior, coordinates: Mapping[str, Array], sigma: Array) -> Array:
    """Log density of drift given sigma, normal, and of sigma^2, inverse gamma, where they are free."""
    total = np.zeros(len(next(iter(coordinates.values()))))
    if "sigma" in coordinates:
        total = total - 2.0 * prior.shape * coordinates["sigma"] - prior.rate / sigma**2
    if "drift" in coordinates:
        z = (coordinates["drift"] - prior.drift) / sigma
        total = total - 0.5 * prior.years * z**2 - np.log(sigma)
    return total
