"""The learned prior over cells: log-linear in what a history looks like, with a tempered likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import MissingFileError
from sxsim.fitting.grid import Grid

Array = NDArray[np.float64]
Single = NDArray[np.float32]

_CROSSED = ((0, 3), (2, 3), (4, 3))


@dataclass(frozen=True, kw_only=True)
class LearnedPrior:
    """Weights ``softmax(eta loglik + theta . features)`` over the cells of a grid.

    Attributes
    ----------
    grid
        The cells.
    theta
        One coefficient per level of each setting and feature, ``(level, feature)``.
    eta
        Power of the likelihood; below 1 because no cell is the truth (Grunwald and van Ommen 2017,
        https://doi.org/10.1214/17-BA1085).
    source
        What it was learned from.
    walk
        Weight that a plain random walk keeps beside the cells, whatever they say: growth that lasts is rarer
        where the weights were learned than where plans are made.

    Examples
    --------
    >>> learned_prior().weights(np.zeros((1, 100), np.float32), np.ones((1, 18))).shape
    (1, 100)
    """

    grid: Grid
    theta: Array
    eta: float
    source: str
    walk: float = 0.0

    @cached_property
    def levels(self) -> Single:
        """Which level of each setting every cell has, ``(level, cell)``, 0 or 1."""
        return level_table(self.grid)

    def weights(self, loglik: Single, features: Array | Single) -> Array:
        """Probability of each cell, ``(member, cell)``."""
        logits = self.eta * loglik + (features @ self.theta.T).astype(np.float32) @ self.levels
        weight = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def level_table(grid: Grid) -> Single:
    """Indicator of every level of every setting, then of three crossed pairs, ``(level, cell)``."""
    columns = [grid.rows[:, i] for i in range(grid.rows.shape[1])]
    columns += [100 * grid.rows[:, a] + grid.rows[:, b] for a, b in _CROSSED]
    return np.concatenate([np.unique(c)[:, None] == c for c in columns]).astype(np.float32)


def read_learned_prior(path: str | Path) -> LearnedPrior:
    """Read a prior over cells as ``scripts/learn_cells.py`` writes it.

    Raises
    ------
    MissingFileError
        There is no such file.

    Examples
    --------
    >>> from importlib import resources
    >>> read_learned_prior(str(resources.files("sxsim.fitting") / "cells.npz")).eta < 1
    True
    """
    if not Path(path).is_file():
        raise MissingFileError(f"There is no file {str(path)!r}.", "Write one with scripts/learn_cells.py.")
    with np.load(path) as data:
        return LearnedPrior(
            grid=Grid(rows=data["rows"].astype(np.int64)),
            theta=data["theta"].astype(float),
            eta=float(data["eta"]),
            source=str(data["source"]),
            walk=float(data.get("walk", 0.0)),
        )


@cache
def learned_prior() -> LearnedPrior:
    """Return the prior over cells that ships with sxsim, learned on yearly series of the M4 competition.

    Examples
    --------
    >>> len(learned_prior().grid)
    100
    """
    with resources.as_file(resources.files("sxsim.fitting") / "cells.npz") as path:
        return read_learned_prior(path)
