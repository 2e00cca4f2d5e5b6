from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim import scores
from sxsim.errors import RequestError, UnknownNameError


@pytest.fixture
def walks():
    """3,000 walks of five steps and P(the end lies above 0), known exactly; the outcome stands last."""
    steps = np.random.default_rng(1).normal(size=(3000, 5))
    from scipy import special

    level = np.concatenate([np.zeros((3000, 1)), steps.cumsum(axis=1)], axis=1)
    p = special.ndtr(level[:, :-1] / np.sqrt(np.arange(5, 0, -1)))
    values = np.column_stack([p, level[:, -1] >= 0])
    return xr.DataArray(values, dims=("case", "origin"), coords={"origin": np.arange(2015, 2021)})


def test_by_hand():
    p = xr.DataArray(
        [[0.5, 0.9, 1.0], [0.5, 0.3, 0.0]], dims=("case", "origin"), coords={"origin": [1, 2, 3]}
    )
    found = scores.updates(p, edges=(0, 0.4, 1))
    np.testing.assert_allclose(found.change, [0.1, -0.1])
    np.testing.assert_array_equal(found.origin, [2, 3])
    np.testing.assert_allclose(found.change_error, [0.3, 0.2])
    np.testing.assert_allclose(found.bin_change, [-0.3, (0.4 - 0.2 + 0.1) / 3])
    np.testing.assert_allclose(found.bin_change_error, [0.3, np.sqrt(0.16 + 0.04 + 0.01) / 3])
    np.testing.assert_array_equal(found.bin_updates, [1, 3])
    movement = np.array([0.16 + 0.01, 0.04 + 0.09])
    assert float(found.excess_movement) == pytest.approx((movement - 0.25).mean())


def test_right_probabilities_change_by_what_is_new_only(walks):
    """Within four standard errors in every step and bin."""
    found = scores.updates(walks)
    assert (np.abs(found.change) < 4 * found.change_error).all()
    assert (np.abs(found.bin_change) < 4 * found.bin_change_error).all()
    assert abs(float(found.excess_movement)) < 4 * float(found.excess_movement_error)
    assert float(found.bin_updates.sum()) == 5 * 3000


def test_probabilities_that_overreact_or_lag_are_found(walks):
    bold = walks.copy(data=np.clip(0.5 + 1.6 * (walks.values - 0.5), 0, 1))
    found = scores.updates(bold)
    assert float(found.excess_movement) > 5 * float(found.excess_movement_error)
    assert float(found.bin_change[0]) > 5 * float(found.bin_change_error[0])
    late = walks.copy(data=0.5 + 0.5 * (walks.values - 0.5))
    late[:, -1] = walks[:, -1]
    found = scores.updates(late)
    assert float(found.bin_change[1]) < -5 * float(found.bin_change_error[1])


def test_every_other_dimension_is_kept(walks):
    two = walks.expand_dims(model=["a", "b"])
    found = scores.updates(two, dim="case")
    assert found.change.sizes == {"model": 2, "origin": 5}
    assert found.bin_change.sizes == {"model": 2, "bin": 5}
    np.testing.assert_array_equal(found.excess_movement[0], scores.updates(walks).excess_movement)


def test_cases_that_are_not_known_are_left_out(walks):
    hole = walks.copy()
    hole[0, 2] = np.nan
    found = scores.updates(hole)
    assert float(found.bin_updates.sum()) == 5 * 3000 - 2
    assert found.to_array().notnull().all()


@pytest.mark.parametrize(
    ("values", "options", "error", "message"),
    [
        ([0.5], {}, RequestError, r"probability holds one value along 'origin'\. Give at least two years"),
        ([0.5, 1.5], {}, RequestError, r"probability holds 1\.5\. Give numbers between 0 and 1"),
        ([0.5, 0.6], {"edges": (0, 2)}, RequestError, r"edges=\(0, 2\)\. Give ascending numbers"),
        ([0.5, 0.6], {"over": "year"}, UnknownNameError, r"There is no dimension 'year'"),
        ([0.5, 0.6], {"dim": "plan"}, UnknownNameError, r"There is no dimension 'plan'"),
    ],
)
def test_requests_that_cannot_be_answered(values, options, error, message):
    with pytest.raises(error, match=message):
        scores.updates(xr.DataArray([values], dims=("case", "origin")), **options)
