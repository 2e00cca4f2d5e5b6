from __future__ import annotations

import numpy as np
import pytest

from sxsim.errors import HistoryError
from sxsim.fitting import fit, fit_report
from sxsim.fitting.bridge import overlap_spread

NEIGHBOUR = 10.0 * np.exp(np.cumsum([0.05, 0.1, 0.02, 0.08, 0.06, 0.03, 0.09, 0.05]))


def test_the_spread_is_that_of_the_differences_in_yearly_growth():
    own = np.array([[np.nan, 1.0, 1.1, np.nan, 1.5, np.nan]])
    other = np.array([[0.0, 0.2, 0.25, 0.3, 0.45, 0.5]])
    spread, changes = overlap_spread(own, other)
    assert changes == 2
    assert spread == pytest.approx(np.sqrt(0.05**2 + (0.2 / 2) ** 2))


def test_one_common_change_is_not_enough():
    assert overlap_spread(np.array([[1.0, 1.1]]), np.array([[0.0, 0.3]])) == (None, 1)


def test_a_bridge_without_a_spread_takes_it_from_the_common_years(table):
    own = np.append(np.full(5, np.nan), [1.0, 1.12, 1.2])
    data = table(y=own, z=NEIGHBOUR, attrs={"y": {"bridge_from": "z"}})
    model = fit(data)
    differences = np.diff(np.log(own[5:])) - np.diff(np.log(NEIGHBOUR[5:]))
    assert model["y"].law.bridge_sd == pytest.approx(np.sqrt((differences**2).sum()))
    assert "estimated from 2 common changes" in str(fit_report(model))
    stated = fit(table(y=own, z=NEIGHBOUR, attrs={"y": {"bridge_from": "z", "bridge_sd": 0.2}}))
    assert stated["y"].law.bridge_sd == 0.2


def test_a_bridge_without_a_spread_and_common_years_is_refused(table):
    data = table(y=[np.nan] * 6 + [1.0, 1.12], z=NEIGHBOUR, attrs={"y": {"bridge_from": "z"}})
    message = (
        r"'y' is bridged to 'z' without bridge_sd, and the two share 1 change to estimate it from\. State"
    )
    with pytest.raises(HistoryError, match=message):
        fit(data)
