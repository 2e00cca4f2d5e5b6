from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis.integrals.system import system_of
from sxsim.analysis.question import ask
from sxsim.fitting import fit, learned_prior

STEPS = np.array([0.05, 0.12, -0.03, 0.08, 0.1, 0.02, 0.15, 0.04])


@pytest.fixture
def learned(table):
    """Two amounts to 2012 under the learned prior; the second is known to 2010 only."""
    first, second = np.exp(STEPS.cumsum()), np.exp(STEPS[::-1].cumsum())
    second[-2:] = np.nan
    return fit(table(y=first, z=second), prior=learned_prior())


def rows_of(model, *targets):
    return [row for target in targets for row in ask(target, model).rows]


def test_every_indicator_has_its_part_in_every_condition(learned, aim):
    rows = rows_of(learned, aim("A", level=2.0, years=(2014, 2016)), aim("B", of="z", level=2.0))
    system = system_of(rows, learned, {}, 0)
    assert (system.rows, system.mixed, system.doubtful) == (3, True, True)
    assert [factor.unseen.shape[2] for factor in system.factors] == [0, 2]
    assert sorted(row for factor in system.factors for row in factor.touched) == [0, 1, 2]
    for factor in system.factors:
        margins = (factor.margins != 0).any(axis=0)
        assert tuple(np.flatnonzero(margins)) == factor.touched


def test_cells_lie_in_order_of_their_first_margin_and_keep_their_weight(learned, aim):
    (factor,) = system_of(rows_of(learned, aim(level=2.4)), learned, {}, 0).factors
    spread = factor.scales * np.sqrt((factor.shared(0) ** 2).sum(axis=1))
    assert (np.diff(factor.margins[:, 0] / spread) >= 0).all()
    assert factor.weights.sum() == pytest.approx(1.0)


def test_the_variance_of_a_condition_is_that_of_its_year(learned, aim):
    """Loads of one row, squared and summed, are the squared spread of each cell; margins its distance."""
    for name in ("y", "z"):
        (row,) = rows_of(learned, aim(of=name, level=2.4))
        (factor,) = system_of([row], learned, {}, 0).factors
        loads = np.column_stack([factor.shared(0), factor.unseen[:, 0]])
        law = learned[name].law.marginal(row.year - learned[name].last_years())
        spread = factor.scales * np.sqrt((loads**2).sum(axis=1))
        np.testing.assert_allclose(np.sort(spread), np.sort(law.spread[0]), rtol=1e-7)
        level = np.log(2.4) - learned[name].last_level()
        expected = np.sort(law.margins(level)[0])
        np.testing.assert_allclose(factor.margins[:, 0] / spread, expected, rtol=1e-6, atol=1e-9)


def test_cells_are_picked_as_often_as_they_weigh(learned, aim):
    (factor,) = system_of(rows_of(learned, aim(level=2.4)), learned, {}, 0).factors
    uniform = (np.arange(100_000) + 0.5) / 100_000
    counted = np.bincount(factor.pick(uniform), minlength=len(factor.weights)) / 100_000
    np.testing.assert_allclose(counted, factor.weights, rtol=0, atol=2e-5)
    assert factor.pick(np.array([0.0, 1 - 2.0**-53])).tolist() == [0, len(factor.weights) - 1]


def test_offsets_move_the_margin(learned, aim):
    rows = rows_of(learned, aim(level=2.4, years=(2014,)))
    higher = {"y": np.array([[0.0, 0.3]])}
    (plain,), (moved,) = (system_of(rows, learned, offsets, 0).factors for offsets in ({}, higher))
    assert (np.sort(moved.margins[:, 0]) > np.sort(plain.margins[:, 0])).all()
