from __future__ import annotations

import numpy as np
import pytest

from sxsim.processes.transform import box_cox, inverse_box_cox


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("log_ratio", [-2.0, -1e-9, 0.0, 1e-9, 0.3, 5.0])
def test_the_transform_has_an_inverse(exponent, log_ratio):
    there = box_cox(np.array(log_ratio), np.array(exponent))
    direct = log_ratio if exponent == 0 else (np.exp(log_ratio) ** exponent - 1) / exponent
    assert float(there) == pytest.approx(direct, rel=1e-9, abs=1e-15)
    assert float(inverse_box_cox(there, np.array(exponent))) == pytest.approx(log_ratio, rel=1e-9, abs=1e-15)


def test_zero_stays_zero_and_what_lies_beyond_zero_ends_far_below():
    exponents = np.array([0.0, 0.5, 1.0])
    assert box_cox(np.zeros(3), exponents).tolist() == [0.0, 0.0, 0.0]
    beyond = inverse_box_cox(np.array([-5.0, -5.0]), np.array([0.5, 1.0]))
    assert np.isfinite(beyond).all()
    assert (np.exp(beyond) < 1e-8).all()
