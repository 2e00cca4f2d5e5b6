from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sxsim.processes.cells import Cells
from sxsim.processes.marginal import MixtureMarginal


def cells(dof, exponent=0.0, spread=1.0):
    ones = np.ones_like(dof)
    law = MixtureMarginal(
        weights=ones / dof.shape[1],
        location=0 * ones,
        spread=spread * ones,
        dof=dof,
        exponent=exponent * ones,
    )
    return Cells.of(law, slice(None))


@pytest.mark.parametrize("dof", [1.7, 2.0, 4.3, 9.0, 15.28, 200.0, np.inf])
def test_the_table_is_as_exact_as_it_says(dof):
    z = np.linspace(-5, 5, 2_001)
    law = stats.norm() if np.isinf(dof) else stats.t(dof)
    one = cells(np.full((1, 1), dof))
    scores, slopes = np.array([one.score_and_slope(np.array([value])) for value in z])[..., 0].T
    assert np.abs(stats.norm.cdf(scores) - law.cdf(z)).max() < 1e-6
    exact = law.pdf(z) / stats.norm.pdf(scores)
    inner = np.abs(z) < 3  # a slope is that of a chord, 0.008 wide at three spreads
    np.testing.assert_allclose(slopes[inner], exact[inner], rtol=0.02)


def test_tables_of_several_kinds_lie_side_by_side():
    dof = np.array([[9.0, 4.3], [4.3, np.inf]])
    scores, _ = cells(dof).score_and_slope(np.array([-1.0, 2.0]))
    expected = [
        (stats.t.cdf(-1, 9) + stats.t.cdf(-1, 4.3)) / 2,
        (stats.t.cdf(2, 4.3) + stats.norm.cdf(2)) / 2,
    ]
    np.testing.assert_allclose(stats.norm.cdf(scores), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("value", [-400.0, -60.0, 60.0, 400.0])
@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0])
def test_values_no_figure_reaches_are_answered_without_overflow(value, exponent):
    score, slope = cells(np.array([[4.0]]), exponent).score_and_slope(np.array([value]))
    assert np.isfinite(score).all() and np.isfinite(slope).all()


def test_a_cell_without_spread_is_a_step():
    step = cells(np.array([[4.0]]), spread=0.0)
    scores = [float(step.score_and_slope(np.array([value]))[0][0]) for value in (-1e-6, 1e-6)]
    assert scores[0] < -4 and scores[1] > 4
