from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis.event import Row
from sxsim.analysis.exact import exact_answer
from sxsim.fitting import fit
from sxsim.links import Log


def row(level=2.5, year=2015, sign=1.0):
    return Row(indicator="y", year=year, sign=sign, level=level, benchmark=None)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_law_of_that_year_answers(model, sign):
    answer = exact_answer(row(sign=sign), model["y"], 0.0, 2012)
    law = model["y"].law.marginal(3)
    threshold = np.log(2.5 / 2.0)
    expected = law.at_least(threshold) if sign > 0 else law.at_most(threshold)
    assert answer.probability == pytest.approx(expected, rel=1e-12)
    assert (answer.route, answer.standard_error.tolist()) == ("exact", [0.0])


def test_an_offset_moves_the_threshold(model):
    higher = exact_answer(row(level=2.5 * np.exp(0.2)), model["y"], 0.2, 2012)
    assert higher.probability == pytest.approx(
        exact_answer(row(), model["y"], 0.0, 2012).probability, rel=1e-12
    )


def test_years_count_from_the_own_last_figure(table):
    ended = fit(table(y=[1.0, 1.2, 1.3, 1.5, np.nan, np.nan]))
    answer = exact_answer(row(year=2013), ended["y"], 0.0, 2012)
    law = ended["y"].law.marginal(3)
    assert answer.probability == pytest.approx(
        law.at_least(Log().forward(2.5) - Log().forward(1.5)), rel=1e-12
    )


def test_known_parameters_leave_only_shocks(hand):
    answer = exact_answer(row(level=120.0), hand()["y"], 0.0, 2012)
    assert 0 < answer.probability[0] < 1
    assert answer.variance_parameter == pytest.approx([0.0], abs=1e-12)


def test_the_share_of_the_parameters_is_what_two_worlds_have_in_common(model):
    """P(both hit) by brute force: sigma on a fine grid, then the drift on one."""
    grown, step = model["y"], 3
    law, threshold = grown.law, np.log(2.5 / 2.0)
    grid = (np.arange(400) + 0.5) / 400
    drift, sigma = law.sample(np.stack(np.meshgrid(grid, grid, indexing="ij"))[..., None])
    from scipy.stats import norm

    hit = norm.sf((threshold - step * drift) / (sigma * np.sqrt(step)))
    answer = exact_answer(row(), grown, 0.0, 2012)
    assert answer.probability[0] == pytest.approx(hit.mean(), abs=2e-4)
    assert answer.variance_parameter[0] == pytest.approx((hit**2).mean() - hit.mean() ** 2, abs=5e-4)


def test_more_figures_leave_less_to_the_parameters(table):
    growth = np.exp(np.tile([0.1, -0.02, 0.06, 0.04], 6).cumsum())
    short, long = (fit(table(y=growth[-n:] / growth[-1])) for n in (4, 12))
    parts = [exact_answer(row(level=1.15), one["y"], 0.0, 2012) for one in (short, long)]
    shares = [
        part.variance_parameter[0] / (part.probability[0] * (1 - part.probability[0])) for part in parts
    ]
    assert shares[1] < shares[0]


def test_members_are_answered_side_by_side(panel):
    model = fit(panel)
    answer = exact_answer(row(level=12.0), model["y"], np.array([0.0, 0.1, 0.0]), 2012)
    alone = fit(panel.sel(province="b", drop=True))
    expected = exact_answer(row(level=12.0), alone["y"], 0.1, 2012)
    assert answer.probability.shape == answer.variance_parameter.shape == (3,)
    assert answer.probability[1] == pytest.approx(expected.probability[0], rel=1e-12)
    assert answer.variance_parameter[1] == pytest.approx(expected.variance_parameter[0], rel=1e-9)
    assert np.isnan(answer.probability[2])
