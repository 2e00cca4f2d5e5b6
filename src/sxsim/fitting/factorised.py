"""Covariance of a table of unequal length as a chain of regressions: likelihood, optimum and posterior.

Anderson (1957, https://doi.org/10.1080/01621459.1957.10501379): ordered from the longest column to the
shortest, each column is regressed on those before over its own rows; the regressions are independent of
each other, and together they are the covariance, positive definite by construction. The prior, an inverse
Wishart worth ``strength`` years at a constant correlation, is a ridge in every regression, and all of it
has a closed form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.fitting.unequal import Group, Layout

Array = NDArray[np.float64]
Tables = Array  # (chain, row, ordered column)
Noise = Callable[[int, int], tuple[Array, Array]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Belief:
    """``Sigma ~ inverse-Wishart(strength + d + 1, strength R0)``, R0 having one correlation for all pairs.

    ``d`` is the number of columns; for some of them the law keeps its form, with their number in its place.

    Attributes
    ----------
    strength
        What the belief is worth, in years.
    common
        Correlation of every pair; both have one entry per belief.
    """

    strength: Array
    common: Array

    def take(self, places: NDArray[np.int64]) -> Belief:
        """Return some of several beliefs."""
        return Belief(strength=self.strength[places], common=self.common[places])

    def products(self, columns: int) -> Array:
        """Pseudo-observations as cross-products, ``(belief, column, column)``."""
        unit = np.where(np.eye(columns, dtype=bool), 1.0, self.common[:, None, None])
        return self.strength[:, None, None] * unit


def log_evidence(tables: Tables, layout: Layout, belief: Belief) -> Array:
    """Log marginal density of each table, its staircase complete, under each belief, ``(chain, belief)``."""
    total = np.zeros((len(tables), len(belief.strength)))
    for group in layout.groups:
        part = tables[:, group.rows, : group.last]
        products = part.transpose(0, 2, 1) @ part
        before = products[:, : group.first, : group.first]
        total += _log_block(products, len(group.rows), belief) - _log_block(before, len(group.rows), belief)
    return total


def _log_block(products: Array, rows: int, belief: Belief) -> Array:
    """Log density of complete rows with these cross-products: a matrix-t law, ``(chain, belief)``.

    The belief is a constant matrix, so that one eigendecomposition serves all of them.
    """
    columns, k, r = products.shape[-1], belief.strength, belief.common
    if not rows or not columns:
        return np.zeros((len(products), len(k)))
    degrees = k + columns + 1.0
    values, vectors = np.linalg.eigh(products)
    square = vectors.sum(axis=1)[:, None, :] ** 2
    diagonal = np.maximum(values, 0.0)[:, None, :] + (k * (1.0 - r))[:, None]
    posterior = np.log(diagonal).sum(axis=2) + np.log1p(k * r * (square / diagonal).sum(axis=2))
    prior = columns * np.log(k * (1.0 - r)) + np.log1p(columns * r / (1.0 - r))
    half = 0.5 * (degrees[:, None] - np.arange(columns))
    gammas = (special.gammaln(half + 0.5 * rows) - special.gammaln(half)).sum(axis=1)
    constant = gammas - 0.5 * rows * columns * np.log(np.pi) + 0.5 * degrees * prior
    return np.asarray(constant - 0.5 * (degrees + rows) * posterior)


def factors(tables: Tables, layout: Layout, belief: Belief, noise: Noise) -> Array:
    """Lower factors of a covariance per chain, ``(chain, ordered column, ordered column)``.

    ``noise(columns, before)`` gives, for the next columns, the root chi-squares ``(chain, column)`` by which
    their residuals are divided and the normals ``(chain, column, before + column)`` of their coefficients.
    """
    chains, columns = len(belief.strength), tables.shape[2]
    lower = np.zeros((chains, columns, columns))
    for group in layout.groups:
        a, b = group.first, group.last
        known = _posterior_products(tables, group, belief)
        root = np.linalg.cholesky(known)
        before = np.linalg.solve(root[:, :a, :a], lower[:, :a, :a])
        size, normals = noise(b - a, a)
        system = -np.tril(normals[:, :, a:], -1)
        system[:, np.arange(b - a), np.arange(b - a)] = size
        unit = np.broadcast_to(np.eye(b - a), (chains, b - a, b - a))
        inside = np.linalg.solve(system, np.concatenate([normals[:, :, :a] @ before, unit], axis=2))
        lower[:, a:b, :a] = root[:, a:, :a] @ before + root[:, a:, a:] @ inside[:, :, :a]
        lower[:, a:b, a:b] = root[:, a:, a:] @ inside[:, :, a:]
    return lower


def _posterior_products(tables: Tables, group: Group, belief: Belief) -> Array:
    part = tables[:, group.rows, : group.last]
    return np.asarray(part.transpose(0, 2, 1) @ part + belief.products(group.last))


def drawn(layout: Layout, belief: Belief, generator: np.random.Generator) -> Noise:
    """Noise of the exact posterior.

    Column ``j`` (from 0) of ``n`` rows has ``strength + 2 + j + n`` degrees of freedom. Over the chains every
    number is a Latin hypercube of its law, which makes averages over them far more exact than as many
    independent draws would.
    """
    chains, rows = len(belief.strength), _rows(layout)

    def noise(columns: int, before: int) -> tuple[Array, Array]:
        uniforms = spread_uniforms(generator, chains, columns * (1 + before + columns))
        uniforms = uniforms.reshape(chains, columns, 1 + before + columns)
        place = np.arange(before, before + columns)
        half = 0.5 * (belief.strength[:, None] + 2.0 + place + rows[place])
        size = np.sqrt(2.0 * special.gammaincinv(half, uniforms[:, :, 0]))
        return size, special.ndtri(uniforms[:, :, 1:])

    return noise


def optimum(table: Array, layout: Layout, belief: Belief) -> Array:
    """Covariance ``(column, column)`` of the highest likelihood, the belief counted as so many more rows."""
    rows = _rows(layout)

    def still(columns: int, before: int) -> tuple[Array, Array]:
        place = np.arange(before, before + columns)
        size = np.sqrt(belief.strength[:, None] + rows[place])
        return size, np.zeros((1, columns, before + columns))

    lower = factors(table[None][:, :, layout.order], layout, belief, still)[0]
    back = np.argsort(layout.order)
    return np.asarray((lower @ lower.T)[np.ix_(back, back)])


def spread_uniforms(generator: np.random.Generator, chains: int, count: int) -> Array:
    """Uniforms ``(chain, count)``, each column evenly spread over the chains in an order of its own."""
    places = np.tile(np.arange(chains), (count, 1))
    return np.asarray((generator.permuted(places, axis=1).T + 0.5) / chains)


def _rows(layout: Layout) -> NDArray[np.int64]:
    """Rows each ordered column uses."""
    return np.concatenate([np.full(g.last - g.first, len(g.rows)) for g in layout.groups])
