"""Distribution functions of many mixtures of Student-t laws at once, in single precision, by tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from sxsim.processes.mixture import student_cdf
from sxsim.processes.transform import EXPONENTS

Array = NDArray[np.float64]
Single = NDArray[np.float32]
Whole = NDArray[np.intp]

_TABLE = 1 << 12
_TINY = 1e-15
_NARROWEST = 1e-12
_HIGHEST = 50.0  # log ratios beyond are no figures any more, and no single precision holds them


class Law(Protocol):
    """Mixtures of Student-t laws on transformed scales, arrays ``(member, cell)``."""

    @property
    def weights(self) -> Array:
        """Probability of each cell."""
        ...

    @property
    def location(self) -> Array:
        """Median of the transformed change."""
        ...

    @property
    def spread(self) -> Array:
        """Scale of the transformed change, above zero."""
        ...

    @property
    def dof(self) -> Array:
        """Degrees of freedom."""
        ...

    @property
    def exponent(self) -> Array:
        """Exponent of the transform."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Cells:
    """Mixtures prepared for their distribution functions, in single precision, ``(member, cell)``.

    Student-t distribution functions stand side by side in one table, linear in ``z / (1 + |z|)`` between its
    knots; the error is below 1e-6.
    """

    weights: Single
    location: Single
    inverse: Single
    exponent: Single
    place: Whole
    table: Whole
    values: Single
    slopes: Single

    @staticmethod
    def of(law: Law, rows: slice | Whole) -> Cells:
        """Prepare some members of a law."""
        dof, exponent = law.dof[rows], law.exponent[rows]
        which, kinds = pd.factorize(dof.ravel())
        tables = [_table(float(kind)) for kind in kinds]
        inverse = 1.0 / np.maximum(law.spread[rows], _NARROWEST)
        first = len(EXPONENTS) * np.arange(len(dof))
        return Cells(
            weights=law.weights[rows].astype(np.float32),
            location=(law.location[rows] * inverse).astype(np.float32),
            inverse=inverse.astype(np.float32),
            exponent=exponent.astype(np.float32),
            place=np.searchsorted(EXPONENTS, exponent) + first[:, None],
            table=which.reshape(dof.shape) * (_TABLE + 2) + _TABLE // 2,
            values=np.concatenate([table[0] for table in tables]),
            slopes=np.concatenate([table[1] for table in tables]),
        )

    def score_and_slope(self, value: Array) -> tuple[Array, Array]:
        """Normal score of P(change <= value) and its derivative, both ``(member,)``."""
        root = np.expm1(
            0.5 * np.minimum(value, _HIGHEST)
        )  # the transforms are value, 2 root, root^2 + 2 root
        z = self._each(value, 2.0 * root, root * (root + 2.0))
        z *= self.inverse
        z -= self.location
        rest = z / (1.0 + np.abs(z))
        rest *= np.float32(0.5 * _TABLE)
        below = np.floor(rest)
        rest -= below
        knot = below.astype(np.intp)
        knot += self.table
        chord = self.slopes[knot]
        cdf = chord * rest
        cdf += self.values[knot]
        np.abs(z, out=z)
        z += 1.0
        chord /= z
        chord /= z
        chord *= self.inverse
        chord *= self._each(np.ones_like(root), root + 1.0, (root + 1.0) ** 2)
        slope = 0.5 * _TABLE * np.einsum("mc,mc->m", self.weights, chord).astype(float)
        score = _score(np.einsum("mc,mc->m", self.weights, cdf).astype(float))
        return score, np.sqrt(2.0 * np.pi) * np.exp(0.5 * score**2) * slope

    def _each(self, *by_exponent: Array) -> Single:
        """Give every cell what belongs to its exponent, from one array ``(member,)`` for each of them."""
        return np.stack(by_exponent, axis=1).astype(np.float32).ravel()[self.place]

    def width(self) -> Array:
        """Harmonic mean of the spreads: how far apart two values may differ in kind, ``(member,)``."""
        return np.asarray(1.0 / np.einsum("mc,mc->m", self.weights, self.inverse), float)

    def centre(self) -> tuple[Array, Array]:
        """Weighted mean and standard deviation of the cells' medians and spreads, as log ratios."""
        spread = 1.0 / self.inverse
        grown = np.maximum(1.0 + self.exponent * self.location * spread, 1e-3)
        curved = np.log(grown) / np.where(self.exponent > 0, self.exponent, 1.0)
        middle = np.where(self.exponent > 0, curved, self.location * spread)
        mean = np.einsum("mc,mc->m", self.weights, middle)
        square = (spread / grown) ** 2 + (middle - mean[:, None]) ** 2
        deviation = np.sqrt(np.einsum("mc,mc->m", self.weights, square))
        return mean.astype(float), np.maximum(deviation.astype(float), 1e-9)


def _score(cdf: Array) -> Array:
    return np.asarray(special.ndtri(np.clip(cdf, _TINY, 1.0 - _TINY)))


@lru_cache(maxsize=256)
def _table(dof: float) -> tuple[Single, Single]:
    """Values at the knots from ``z / (1 + |z|)`` = -1 to 1, and their differences."""
    s = np.linspace(-1.0, 1.0, _TABLE + 1)
    with np.errstate(divide="ignore"):
        z = s / (1.0 - np.abs(s))
    values = student_cdf(z, np.full_like(z, dof))
    return np.append(values, 1.0).astype(np.float32), np.append(np.diff(values), [0.0, 0.0]).astype(
        np.float32
    )
