"""A process fitted to a history: its parameters as weighted draws, one of them for each path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sxsim.links import Carrier
from sxsim.processes.one_year import SideBySide
from sxsim.processes.parameter import with_values
from sxsim.processes.path_process import PathProcess, counted_change
from sxsim.processes.stepping import picked, walk_from

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DrawnPaths:
    """What a history leaves of a process that is not Gaussian.

    Attributes
    ----------
    process
        The process with the parameters that were given.
    draws
        The others by name, ``(member, draw)``.
    weights
        Of the draws of each member, ``(member, draw)``.
    states
        Of each member after its history, arrays over draws; none where the last level says all.
    """

    process: PathProcess
    draws: Mapping[str, Array]
    weights: Array
    states: tuple[Any, ...] = ()

    @property
    def closed_form(self) -> bool:
        """No: one year is a fixed simulation."""
        return False

    @property
    def carrier(self) -> Carrier | None:
        """Scale of the levels, None for any."""
        return self.process.carrier

    def marginal(self, step: NDArray[np.int64] | int, start: Array) -> SideBySide:
        """Return the law of the change ``step`` years after the last figure of each member."""
        steps = np.broadcast_to(np.asarray(step), (len(self.weights),))
        return SideBySide(
            laws=tuple(
                counted_change(self, int(s), float(z), m)
                for m, (s, z) in enumerate(zip(steps, start, strict=True))
            )
        )

    def paths(self, start: float, innovations: Array, pick: Array, member: int = 0) -> Array:
        """Levels ``(year, draw)``: the uniform picks the parameters of each path."""
        place = np.searchsorted(np.cumsum(self.weights[member])[:-1], pick, side="right")
        chosen = {name: values[member][place] for name, values in self.draws.items()}
        process, before = with_values(self.process, chosen), np.full(innovations.shape[1:], start)
        if not self.states:
            return process.simulate(before, innovations)
        return walk_from(process, picked(self.states[member], place), before, innovations)
