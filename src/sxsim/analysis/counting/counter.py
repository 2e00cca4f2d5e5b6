"""Draws until there are as many as were asked for, or until the error is small, and what they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.counting.control import Control
from sxsim.analysis.counting.controlled_tally import ControlledTally, Sums
from sxsim.analysis.counting.regression import improved
from sxsim.analysis.counting.share import share_error
from sxsim.analysis.counting.steady import Steady, SteadyTally
from sxsim.analysis.counting.tally import Tally
from sxsim.errors import RequestError
from sxsim.simulation import STRETCH, MonteCarlo, Recorder, World, parts
from sxsim.streams import BLOCK

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

UNIT = STRETCH * BLOCK
_MOST = 10**11


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What was counted, and what it says of every question and all together.

    Attributes
    ----------
    counts
        ``(member, scenario, kind, question)``; NaN where a figure is missing.
    probability, error, floor
        ``(member, scenario, question)``: with the error left if one drew for ever.
    used
        Whether known events were of use, ``(scenario, question)``.
    draws
        Of the world.
    """

    counts: Array
    probability: Array
    error: Array
    floor: Array
    used: NDArray[np.bool_]
    draws: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Counter:
    """Draws until there are enough.

    Attributes
    ----------
    tally, control, method
        What is counted, what is known beside it, and how many draws.
    known
        Whether every figure is there, ``(member, question and all together)``.
    """

    tally: Tally
    control: Control | Steady | None
    known: NDArray[np.bool_]
    method: MonteCarlo

    def run(self, world: World) -> Found:
        """Draw as many as were asked for, or until the error is small."""
        recorder = self._recorder()
        method, state, done = self.method, recorder.blank(0), 0
        goal = _worlds(method.draws, method)
        while True:
            draws = range(done, goal)
            for part in parts(
                world, recorder, draws, state, threads=method.threads, progress=method.progress
            ):
                recorder.fold(state, part)
            found, done = self.read(state, goal), goal
            if method.until_error is None or not (found.error > method.until_error).any():
                return found
            goal = max(_worlds(self._wanted(found), method), done + UNIT)

    def _recorder(self) -> Recorder:
        """Return what counts, with known events or without."""
        match self.control:
            case None:
                return self.tally
            case Steady():
                return SteadyTally(tally=self.tally)
            case control:
                return ControlledTally(tally=self.tally, control=control)

    def read(self, state: Sums | Whole, draws: int) -> Found:
        """Say what the draws so far tell."""
        counts = state.counts if isinstance(state, Sums) else state
        table = np.where(self.known[:, None, None], counts.astype(float), np.nan)
        p, error = numerical(np.moveaxis(table, 2, -1), draws, self.method)
        floor, used = np.zeros_like(p), np.zeros(p.shape[1:], bool)
        for q, events in enumerate(self.control.known if self.control else ()):
            if events is None or not isinstance(state, Sums):
                continue
            size = 2 + events.means.shape[-1]
            better = improved(state.moments[:, :, q, :size, :size], events.means, events.errors)
            p[:, :, q] = np.where(better.used, better.probability, p[:, :, q])
            error[:, :, q] = np.where(better.used, np.hypot(better.sampling, better.floor), error[:, :, q])
            floor[:, :, q], used[:, q] = better.floor, better.used.any(axis=0)
        return Found(counts=table, probability=p, error=error, floor=floor, used=used, draws=draws)

    def _wanted(self, found: Found) -> int:
        """Return the draws that will do, as paths."""
        until = float(self.method.until_error or 1.0)
        left = until**2 - found.floor**2
        per_draw = (found.error**2 - found.floor**2) * found.draws * (2 if self.method.antithetic else 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            wanted = 1.05 * float(
                np.nan_to_num(np.where(left > 0, per_draw / left, np.inf), posinf=np.inf).max()
            )
        if wanted > _MOST:
            more = f"about {wanted:.0e} draws" if np.isfinite(wanted) else "more draws than can be counted"
            raise RequestError(
                f"until_error={until:g} needs {more}.",
                "Ask for less, or leave out method= where a closed form or quasi-random points answer.",
            )
        return int(wanted)


def _worlds(draws: int, method: MonteCarlo) -> int:
    """Draws of the world that are needed, whole stretches where more may follow."""
    pairs = -(-draws // 2) if method.antithetic else draws
    return pairs if method.until_error is None else -(-pairs // UNIT) * UNIT


def numerical(counts: Array, draws: int, method: MonteCarlo) -> tuple[Array, Array]:
    """Probability and its numerical error from counts ``(..., kind)``.

    The error takes one more hit and one more miss into account, so that it is never zero. The mean of a draw
    and its mirror image is 0, 1/2 or 1, and one more of each is added there.
    """
    if not method.antithetic:
        return counts[..., 0] / draws, share_error(counts[..., 0], draws)
    own, there, both = (counts[..., kind] for kind in (1, 2, 3))
    half, one = (own + there - 2.0 * both + 1.0) / (draws + 3.0), (both + 1.0) / (draws + 3.0)
    variance = 0.25 * half + one - (0.5 * half + one) ** 2
    return (own + there) / (2.0 * draws), np.sqrt(variance / draws)
