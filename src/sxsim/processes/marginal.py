"""One year of a mixture of Student-t laws over transformed scales: probabilities and quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from sxsim.processes.mixture import StudentT, student_cdf, student_quantile

Array = NDArray[np.float64]

_TABLE = 1 << 12
_KNOTS = 13
_ROUNDS = 2
_CLOSE = 1e-5
_PORTION = 128
_EXPONENTS = (0.0, 0.5, 1.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class MixtureMarginal:
    """Law of a log change: in each cell its Box-Cox transform is Student-t, ``(member, cell)``.

    Attributes
    ----------
    weights, location, spread, dof, exponent
        Of each member's cells.
    """

    weights: Array
    location: Array
    spread: Array
    dof: Array
    exponent: Array

    @staticmethod
    def of(law: StudentT | MixtureMarginal) -> MixtureMarginal:
        """Return any one-year law as cells."""
        if isinstance(law, MixtureMarginal):
            return law
        location = np.atleast_1d(law.location)[:, None]
        ones = np.ones_like(location)
        return MixtureMarginal(
            weights=ones,
            location=location,
            spread=ones * np.atleast_1d(law.spread)[:, None],
            dof=ones * np.atleast_1d(law.dof)[:, None],
            exponent=0.0 * ones,
        )

    def at_least(self, value: Array) -> Array:
        """P(change >= value), ``(member,)``."""
        return np.asarray((self.weights * self.tails(value, 1.0)).sum(axis=1))

    def at_most(self, value: Array) -> Array:
        """P(change <= value), ``(member,)``."""
        return np.asarray((self.weights * self.tails(value, -1.0)).sum(axis=1))

    def margins(self, value: Array) -> Array:
        """Distance of each cell's median above the value, in units of its spread; infinite without spread."""
        distance = self.location - box_cox(np.asarray(value, float)[..., None], self.exponent)
        sure = np.where(distance >= 0, np.inf, -np.inf)
        return np.where(self.spread > 0, distance / np.where(self.spread > 0, self.spread, 1.0), sure)

    def tails(self, value: Array, sign: float) -> Array:
        """P(sign * (change - value) >= 0) in each cell, ``(member, cell)``."""
        distance = self.location - box_cox(np.asarray(value, float)[..., None], self.exponent)
        z = sign * distance / np.where(self.spread > 0, self.spread, 1.0)
        return np.where(self.spread > 0, student_cdf(z, self.dof), sign * distance >= 0)

    def quantiles(self, probabilities: ArrayLike) -> Array:
        """Return quantiles of the change, ``(quantile, member)``."""
        levels = np.atleast_1d(np.asarray(probabilities, float))
        if self.weights.shape[1] == 1:
            exact = self.location + self.spread * student_quantile(levels[:, None, None], self.dof)
            return inverse_box_cox(exact, self.exponent)[..., 0]
        out = np.empty((len(levels), len(self.weights)))
        for start in range(0, len(self.weights), _PORTION):
            rows = slice(start, start + _PORTION)
            out[:, rows] = self._members(rows)._invert(levels)
        return out

    def _members(self, rows: slice | NDArray[np.bool_]) -> MixtureMarginal:
        return MixtureMarginal(
            weights=self.weights[rows],
            location=self.location[rows],
            spread=self.spread[rows],
            dof=self.dof[rows],
            exponent=self.exponent[rows],
        )

    def _invert(self, levels: Array) -> Array:
        """Bracket each quantile between two of a few knots, then close in."""
        knots, prepared = self._knots(), _Prepared.of(self)
        scores = np.stack([prepared.score(knot) for knot in knots])
        goal = special.ndtri(levels)[:, None]
        left = np.clip((scores[:, None] < goal).sum(axis=0) - 1, 0, _KNOTS)
        ends = [np.take_along_axis(part, left + side, 0) for part in (knots, scores) for side in (0, 1)]
        return self._close_in(prepared, goal, ends)

    def _close_in(self, prepared: _Prepared, goal: Array, bracket: Sequence[Array]) -> Array:
        """Secants of the normal score, halving where they stall; members that are done are left alone."""
        a, b, fa, fb = bracket
        slow = np.zeros(a.shape, bool)
        for _ in range(_ROUNDS):
            share = np.clip((goal - fa) / np.maximum(fb - fa, 1e-12), 0.02, 0.98)
            width = b - a
            x = a + width * np.where(slow, 0.5, share)
            fx = np.stack([prepared.score(row) for row in x])
            below = fx < goal
            a, fa = np.where(below, x, a), np.where(below, fx, fa)
            b, fb = np.where(below, b, x), np.where(below, fb, fx)
            slow = b - a > 0.5 * width
        out = np.asarray(a + (b - a) * np.clip((goal - fa) / np.maximum(fb - fa, 1e-12), 0.0, 1.0))
        left = np.any((np.abs(fx - goal) > _CLOSE) & (b - a > _CLOSE), axis=0, keepdims=True)[0]
        if left.any():
            parts = [part[:, left] for part in (a, b, fa, fb)]
            rest = self._members(left)
            out[:, left] = rest._close_in(_Prepared.of(rest), goal, parts)
        return out

    def _knots(self) -> Array:
        """Starting points, dense where the mixture lives, the ends where its farthest cell ends."""
        far = student_far(self.dof) * self.spread
        lowest = inverse_box_cox(self.location - far, self.exponent).min(axis=1)
        highest = inverse_box_cox(self.location + far, self.exponent).max(axis=1)
        middle, low, high = (
            (self.weights * inverse_box_cox(self.location + side * self.spread, self.exponent)).sum(axis=1)
            for side in (0.0, -2.0, 2.0)
        )
        half = np.maximum(np.maximum(high - middle, middle - low), 1e-9)
        inner = middle + half * np.sinh(np.linspace(-2.0, 2.0, _KNOTS))[:, None]
        ends = np.minimum(lowest, inner[0] - half), np.maximum(highest, inner[-1] + half)
        return np.concatenate([ends[0][None], inner, ends[1][None]])


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What the distribution function of a mixture needs again and again.

    Student-t distribution functions stand side by side in one table, linear in ``z / (1 + |z|)`` between
    its knots; the error is below 1e-6.
    """

    weights: Array
    middle: Array
    scales: tuple[Array, ...]
    values: Array
    slopes: Array
    start: NDArray[np.int64]

    @staticmethod
    def of(law: MixtureMarginal) -> _Prepared:
        kinds, which = np.unique(law.dof, return_inverse=True)
        tables = [_table(float(kind)) for kind in kinds]
        return _Prepared(
            weights=law.weights,
            middle=law.location / law.spread,
            scales=tuple((law.exponent == exponent) / law.spread for exponent in _EXPONENTS),
            values=np.concatenate([table[0] for table in tables]),
            slopes=np.concatenate([table[1] for table in tables]),
            start=which.reshape(law.dof.shape) * (_TABLE + 2),
        )

    def score(self, value: Array) -> Array:
        """Normal score of P(change <= value), ``(member,)``."""
        z = -self.middle
        for exponent, scale in zip(_EXPONENTS, self.scales, strict=True):
            z += box_cox(value, np.asarray(exponent))[:, None] * scale
        cdf = np.einsum("mc,mc->m", self.weights, self.cdf(z))
        return np.asarray(special.ndtri(np.clip(cdf, 1e-15, 1.0 - 1e-15)))

    def cdf(self, z: Array) -> Array:
        """Student-t distribution function of every cell at ``z``, which is overwritten."""
        z /= 1.0 + np.abs(z)
        z += 1.0
        z *= 0.5 * _TABLE
        knot = z.astype(np.int64)
        z -= knot
        knot += self.start
        z *= self.slopes[knot]
        z += self.values[knot]
        return z


def box_cox(log_ratio: Array, exponent: Array) -> Array:
    """Box-Cox transform of a ratio given its logarithm; 0 stays 0."""
    safe = np.where(exponent == 0, 1.0, exponent)
    return np.where(exponent == 0, log_ratio, np.expm1(safe * np.minimum(log_ratio, 500.0)) / safe)


def inverse_box_cox(values: Array, exponent: Array) -> Array:
    """Log ratio from its transform; what lies beyond zero ends far below any figure."""
    safe = np.where(exponent == 0, 1.0, exponent)
    return np.where(exponent == 0, values, np.log(np.maximum(1.0 + safe * values, 1e-9)) / safe)


def student_far(dof: Array) -> Array:
    """A distance in spreads beyond which less than 1e-4 lies on one side."""
    kinds, which = np.unique(dof, return_inverse=True)
    far = student_quantile(np.asarray(1.0 - 1e-4), kinds)
    return np.asarray(far[which].reshape(dof.shape))


@lru_cache(maxsize=256)
def _table(dof: float) -> tuple[Array, Array]:
    s = np.linspace(-1.0, 1.0, _TABLE + 1)
    with np.errstate(divide="ignore"):
        z = s / (1.0 - np.abs(s))
    values = student_cdf(z, np.full_like(z, dof))
    return np.append(values, 1.0), np.append(np.diff(values), [0.0, 0.0])
