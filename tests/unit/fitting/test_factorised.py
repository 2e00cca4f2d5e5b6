from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sxsim.fitting.expectation import expected_covariance
from sxsim.fitting.factorised import Belief, drawn, factors, log_evidence, optimum, spread_uniforms
from sxsim.fitting.unequal import layout_of

TRUTH = np.array([[1.0, 0.5, 0.2, 0.1], [0.5, 1.0, -0.3, 0.0], [0.2, -0.3, 1.0, 0.4], [0.1, 0.0, 0.4, 1.0]])
STARTS = (0, 3, 3, 6)
SIGMAS = 4.0


def belief(strength=6.0, common=0.2, count=1):
    return Belief(strength=np.full(count, strength), common=np.full(count, common))


def staircase(rows=11, seed=1, columns=4):
    lower = np.linalg.cholesky(TRUTH[:columns, :columns])
    table = np.random.default_rng(seed).standard_normal((rows, columns)) @ lower.T
    for column in range(columns):
        table[: STARTS[column], column] = np.nan
    return table


def complete(table):
    return table[np.isfinite(table).all(axis=1)]


@pytest.mark.parametrize("seed", range(5))
def test_regressions_arrive_where_expectation_maximisation_goes(seed):
    table = staircase(seed=seed)[:, [2, 0, 3, 1]]
    found = optimum(table, layout_of(np.isfinite(table)), belief())
    limit = expected_covariance(table, belief(), settled=1e-13)
    np.testing.assert_allclose(found, limit, rtol=0, atol=1e-10)


def test_without_gaps_the_optimum_is_the_mean_of_prior_and_products():
    table = complete(staircase())
    expected = (belief().products(4)[0] + table.T @ table) / (6.0 + len(table))
    found = optimum(table, layout_of(np.isfinite(table)), belief())
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_without_gaps_the_draws_are_an_inverse_wishart_law():
    """Mean and spread of every correlation, against scipy, within 4 errors of 40,000 independent draws."""
    table, count = complete(staircase(seed=3))[:, :3], 40_000
    layout, prior = layout_of(np.isfinite(table)), belief(count=count)
    lower = factors(
        table[None][:, :, layout.order], layout, prior, drawn(layout, prior, np.random.default_rng(0))
    )
    back = np.argsort(layout.order)
    ours = (lower @ lower.transpose(0, 2, 1))[:, back[:, None], back]
    law = stats.invwishart(6 + 3 + 1 + len(table), belief().products(3)[0] + table.T @ table)
    theirs = law.rvs(count, random_state=5)
    for value in (unit_diagonal, lambda s: np.log(np.diagonal(s, axis1=1, axis2=2))):
        one, other = value(ours).reshape(count, -1), value(theirs).reshape(count, -1)
        spread = other.std(axis=0)
        assert (np.abs(one.mean(0) - other.mean(0)) <= SIGMAS * spread * np.sqrt(2 / count) + 1e-12).all()
        assert (np.abs(one.std(0) - spread) <= SIGMAS * spread / np.sqrt(count) + 1e-12).all()


def covariances(table, count):
    """Draw from the posterior of a staircase."""
    layout, prior = layout_of(np.isfinite(table)), belief(count=count)
    start = np.nan_to_num(table[:, layout.order])[None]
    lower = factors(start, layout, prior, drawn(layout, prior, np.random.default_rng(0)))
    back = np.argsort(layout.order)
    return (lower @ lower.transpose(0, 2, 1))[:, back[:, None], back]


def unit_diagonal(covariance):
    size = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    return covariance / (size[:, :, None] * size[:, None, :])


def test_a_column_without_figures_leaves_the_others_alone_and_follows_the_prior():
    table = staircase(seed=2)[:, :3]
    wider = np.column_stack([np.full(len(table), np.nan), table])
    count = 20_000
    few, more = (unit_diagonal(covariances(given, count)) for given in (table, wider))
    spread = few.std(axis=0)
    band = SIGMAS * spread * np.sqrt(2 / count) + 1e-12
    assert (np.abs(few.mean(0) - more[:, 1:, 1:].mean(0)) <= band).all()


def test_the_evidence_is_the_likelihood_averaged_over_the_prior():
    """A staircase under two beliefs, against 400,000 covariances from the prior, within 4 errors."""
    table, count = staircase(rows=8)[:, :3] * 0.8, 400_000
    layout = layout_of(np.isfinite(table))
    beliefs = Belief(strength=np.array([4.0, 12.0]), common=np.array([0.0, 0.4]))
    start = np.nan_to_num(table[:, layout.order])[None]
    (found,) = log_evidence(start, layout, beliefs)
    for k in range(2):
        prior = beliefs.take(np.array([k]))
        nu = float(prior.strength[0]) + 4.0
        sigma = stats.invwishart(nu, prior.products(3)[0]).rvs(count, random_state=k)
        log = np.zeros(count)
        for row in table:
            seen = np.flatnonzero(np.isfinite(row))
            part = sigma[:, seen[:, None], seen]
            solved = np.linalg.solve(part, np.broadcast_to(row[seen, None], (count, len(seen), 1)))[:, :, 0]
            log += -0.5 * (len(seen) * np.log(2 * np.pi) + np.linalg.slogdet(part)[1] + solved @ row[seen])
        weight = np.exp(log - found[k])
        assert abs(weight.mean() - 1.0) < SIGMAS * weight.std() / np.sqrt(count)


def test_uniforms_are_spread_evenly_in_every_column():
    uniforms = spread_uniforms(np.random.default_rng(0), 8, 5)
    expected = np.tile(((np.arange(8) + 0.5) / 8)[:, None], 5)
    np.testing.assert_array_equal(np.sort(uniforms, axis=0), expected)
    assert not (uniforms[:, 0] == uniforms[:, 1]).all()
