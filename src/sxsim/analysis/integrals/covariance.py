"""Covariance of the conditions for given cells, sigmas and correlation, from tables of inner products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, product

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.integrals.system import Factor, System

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
_Loads = Callable[[Factor, int], Array]


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What makes the conditions Gaussian: arrays ``(point,)``, the first two one per indicator.

    Attributes
    ----------
    cells, sigmas
        Cell and sigma of each indicator.
    mix
        Which of the correlations.
    """

    cells: Sequence[Whole]
    sigmas: Sequence[Array]
    mix: Whole


@dataclass(frozen=True, slots=True)
class _Term:
    """Inner products of row ``r`` in indicator ``i`` with row ``s`` in indicator ``j``, by their cells."""

    r: int
    s: int
    i: int
    j: int
    table: Array

    def at(self, cells: Sequence[Whole]) -> Array:
        if self.i == self.j:
            return np.asarray(self.table[cells[self.i]])
        return np.asarray(self.table.ravel()[cells[self.i] * self.table.shape[1] + cells[self.j]])


@dataclass(frozen=True, slots=True)
class Products:
    """Inner products of the loads of all pairs of conditions."""

    rows: int
    terms: tuple[_Term, ...]
    correlations: Array

    def covariance(self, given: Given) -> Array:
        """Return the covariance at every point, ``(row, row, point)``."""
        out = np.zeros((self.rows, self.rows, len(given.mix)))
        for term in self.terms:
            part = term.at(given.cells) * given.sigmas[term.i] * given.sigmas[term.j]
            if term.i != term.j:
                part *= self.correlations[given.mix, term.i, term.j]
            out[term.r, term.s] += part
        for r in range(self.rows):
            out[r + 1 :, r] = out[r, r + 1 :]
        return out


def within(system: System) -> Products:
    """Return the products of one world: drift, years, and years of an indicator's own."""
    return _products(system, lambda f, r: f.shared(r), lambda f, r: f.unseen[:, r])


def across(system: System) -> Products:
    """Return the products of two worlds that share drifts but not the years."""
    return _products(system, lambda f, r: f.drift[:, r, None], lambda f, r: f.unseen[:, r, :0])


def _products(system: System, shared: _Loads, own: _Loads) -> Products:
    terms = []
    for r, s in combinations_with_replacement(range(system.rows), 2):
        for i, j in product(_touching(system, r), _touching(system, s)):
            one, other = system.factors[i], system.factors[j]
            if i == j:
                table = (shared(one, r) * shared(one, s)).sum(axis=1) + (own(one, r) * own(one, s)).sum(
                    axis=1
                )
            else:
                table = shared(one, r) @ shared(other, s).T
            terms.append(_Term(r, s, i, j, table))
    return Products(system.rows, tuple(terms), system.correlations)


def _touching(system: System, row: int) -> list[int]:
    return [i for i, factor in enumerate(system.factors) if row in factor.touched]
