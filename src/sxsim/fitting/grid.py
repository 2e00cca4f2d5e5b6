"""The cells of the family: every setting that is not integrated in closed form, as rows of a table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sxsim.processes import Kernels, Shape
from sxsim.processes.transform import EXPONENTS as EXPONENTS

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Kernel = tuple[Shape, float]

LONGEST = 48
_JITTER = 1e-10

SHAPES: tuple[Shape, ...] = (
    Shape(),
    *(
        Shape(white=1 - share, growth=share, phi=phi)
        for phi, share in (
            (0.3, 1.0),
            (0.55, 1.0),
            (0.75, 1.0),
            (0.75, 0.5),
            (0.9, 0.5),
            (0.9, 1.0),
            (0.97, 0.15),
            (0.97, 0.5),
            (0.97, 1.0),
        )
    ),
    *(Shape(noise=noise) for noise in (0.25, 1.0, 4.0)),
    Shape(white=0.7, growth=0.3, phi=0.93, noise=0.5),
    *(
        Shape(white=white, noise=1.0, rho=rho)
        for rho, white in ((0.6, 0.3), (0.85, 0.03), (0.85, 0.3), (0.93, 0.03), (0.93, 0.3))
    ),
    Shape(white=0.02, growth=0.15, phi=0.75, noise=1.0, rho=0.6),
)
WIDTHS = (0.1, 0.4, 1.0)
DRIFTS = (-0.04, 0.0, 0.02, 0.05, 0.12, 0.25)
SPREADS = (0.008, 0.025, 0.09)
DISCOUNTS = (0.93, 0.65)
STRENGTH = 1.0


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Cells as rows of a table of settings; each column is an index into the tuples above.

    Columns: exponent of the transform, shape, relative width of the drift prior, centre of the drift prior,
    spread of the variance prior, discount of the variance. ``believed`` replaces centre and relative width
    of the drift prior in every cell.
    """

    rows: Whole
    believed: tuple[float, float] | None = None

    @staticmethod
    def full() -> Grid:
        """Return every combination."""
        counts = (len(EXPONENTS), len(SHAPES), len(WIDTHS), len(DRIFTS), len(SPREADS), len(DISCOUNTS))
        return Grid(rows=np.array(list(product(*map(range, counts)))))

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def exponent(self) -> Array:
        """Box-Cox exponent of each cell."""
        return np.array(EXPONENTS)[self.rows[:, 0]]

    @cached_property
    def drift(self) -> Array:
        """Centre of the drift prior of each cell."""
        if self.believed is not None:
            return np.full(len(self.rows), self.believed[0])
        return np.array(DRIFTS)[self.rows[:, 3]]

    @cached_property
    def rate(self) -> Array:
        """Rate of the inverse-gamma prior of each cell."""
        return STRENGTH * np.array(SPREADS)[self.rows[:, 4]] ** 2

    @cached_property
    def discount(self) -> Array:
        """Variance discount of each cell."""
        return np.array(DISCOUNTS)[self.rows[:, 5]]

    @cached_property
    def for_balance(self) -> Array:
        """One for cells that suit a balance, without transform and expected growth, zero for others."""
        return np.asarray((self.exponent == 0) & (self.drift == DRIFTS[1]), float)

    @cached_property
    def kernels(self) -> tuple[Kernel, ...]:
        """The pairs of shape and width that occur."""
        pairs = np.unique(self._pairs, axis=0)
        if self.believed is not None:
            return tuple((SHAPES[s], self.believed[1]) for s, _ in pairs)
        return tuple((SHAPES[s], WIDTHS[w]) for s, w in pairs)

    @cached_property
    def kernel(self) -> Whole:
        """Index of each cell's pair in ``kernels``."""
        return np.unique(self._pairs, axis=0, return_inverse=True)[1].ravel()

    @property
    def _pairs(self) -> Whole:
        return self.rows[:, 1:3] if self.believed is None else self.rows[:, 1:3] * np.array([1, 0])

    @cached_property
    def width(self) -> Array:
        """Relative width of the drift prior of each kernel."""
        return np.array([width for _, width in self.kernels])

    def kernels_after(self, explained: Array) -> Kernels:
        """Return the laws of the future after one pattern; ``explained`` is ``(kernel, 3, 3)``."""
        return Kernels(
            shapes=tuple(shape for shape, _ in self.kernels),
            widths=self.width,
            pair=np.arange(len(self.kernels)),
            explained=explained,
        )


@dataclass(frozen=True, kw_only=True)
class Operators:
    """What one pattern of observed years does to every series that has it, per kernel.

    Attributes
    ----------
    whiten
        Changes to one-step errors, then to the three state coordinates (growth, level deviation, drift),
        ``(kernel, change + 3, change)``.
    drift
        The same applied to a drift of one a year, ``(kernel, change + 3)``.
    logdet
        Half the log determinant of the changes' covariance, ``(kernel,)``.
    state
        What the past explains of the state coordinates, ``(kernel, 3, 3)``.
    """

    whiten: Array
    drift: Array
    logdet: Array
    state: Array


def operators(grid: Grid, gaps: tuple[int, ...]) -> Operators:
    """Return the operators of a history whose figures are ``gaps`` years apart, oldest first."""
    return operators_of(grid.kernels, gaps)


@lru_cache(maxsize=512)
def operators_of(kernels: tuple[Kernel, ...], gaps: tuple[int, ...]) -> Operators:
    """Return the operators of pairs of shape and width."""
    years, ends = sum(gaps), np.cumsum(gaps)
    spans = np.zeros((len(gaps), years))
    for row, (end, gap) in enumerate(zip(ends, gaps, strict=True)):
        spans[row, end - gap : end] = 1.0
    total = spans.sum(axis=1)
    base = {shape: spans @ shape.covariance(years) @ spans.T for shape, _ in kernels}
    back = np.arange(years - 1, -1, -1, dtype=float)
    basis = {
        shape: np.stack([shape.phi**back, shape.rho**back, np.ones(years)]) @ spans.T for shape, _ in kernels
    }
    covariance = np.stack([base[shape] + width**2 * np.outer(total, total) for shape, width in kernels])
    lower = np.linalg.cholesky(covariance + _JITTER * np.eye(len(gaps)))
    inverse = np.linalg.inv(lower)
    gain = np.stack([basis[shape] for shape, _ in kernels]) @ np.swapaxes(inverse, 1, 2)
    whiten = np.concatenate([inverse, gain @ inverse], axis=1)
    return Operators(
        whiten=whiten,
        drift=whiten @ total,
        logdet=np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1),
        state=gain @ np.swapaxes(gain, 1, 2),
    )
