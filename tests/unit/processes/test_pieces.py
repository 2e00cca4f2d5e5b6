from __future__ import annotations

import numpy as np
import pytest
from scipy import special

import sxsim as sx
from sxsim.processes import jump_diffusion, student_shocks
from sxsim.processes.normal_mixture import mixture_score
from sxsim.processes.pieces import pieces_of

SCORES = np.concatenate([np.linspace(-8.4, 8.4, 40_001), [-8.3, 8.3, 0.0]])


@pytest.mark.parametrize("dof", [1.0, 1.5, 3.0, 8.0, 200.0])
def test_the_table_of_student_gives_back_the_score(dof):
    """At most 1e-10 of a score away, by the distribution function, from one tail to the other."""
    shock = student_shocks._table(dof)(SCORES)
    back = -np.sign(shock) * special.ndtri(special.stdtr(dof, -np.abs(shock)))
    assert np.abs(back - SCORES).max() < 1e-10
    assert shock[-1] == 0.0
    assert (np.diff(shock[:40_001]) > 0).all()


@pytest.mark.parametrize("dof", [2.0, 30.0])
def test_the_table_of_student_has_nine_digits(dof):
    exact = -np.sign(SCORES) * special.stdtrit(dof, special.ndtr(-np.abs(SCORES)))
    np.testing.assert_allclose(student_shocks._table(dof)(SCORES), exact, rtol=1e-9, atol=0)


@pytest.mark.parametrize(
    "jumps",
    [
        {"sigma": 0.05, "rate": 0.2, "jump": -0.3, "jump_sd": 0.1},
        {"sigma": 0.001, "rate": 0.1, "jump": -0.4, "jump_sd": 0.001},
        {"sigma": 0.03, "rate": 5.0, "jump": -0.1, "jump_sd": 0.1},
        {"sigma": 0.03, "rate": 0.0, "jump": -0.1, "jump_sd": 0.0},
    ],
    ids=["ordinary", "far apart", "many", "none"],
)
def test_the_table_of_jumps_gives_back_the_score(jumps):
    law = sx.JumpDiffusion(drift=0.0, **jumps)
    growth = jump_diffusion._table(law)(SCORES)
    assert np.abs(mixture_score(growth, *law._parts(1)) - SCORES).max() < 1e-10
    assert (np.diff(growth[:40_001]) >= 0).all()


def test_beyond_the_table_the_function_itself_answers():
    asked = []

    def exact(score):
        asked.append(score)
        return 2.0 * score

    table = pieces_of(exact, lambda score, value: (np.full_like(score, 2.0), np.zeros_like(score)))
    asked.clear()
    assert table(np.array([[0.3, -1.0]])) == pytest.approx(np.array([[0.6, -2.0]]), rel=1e-14)
    assert asked == []
    far = table(np.array([9.0, 1.0, -30.0, np.nan]))
    assert far[[0, 2]].tolist() == [18.0, -60.0]
    assert np.isnan(far[3])
    assert [points.size for points in asked] == [3]


def test_cells_too_steep_are_left_to_the_function_itself():
    def steep(score):
        return np.where(score < 0.01, score, score + 5.0)

    table = pieces_of(steep, lambda score, value: (np.ones_like(score), np.zeros_like(score)))
    assert np.isnan(table.coefficients[0]).sum() == 3
    places = np.array([-1.0, 0.009, 0.011, 1.0])
    assert table(places) == pytest.approx(steep(places), abs=1e-12)
