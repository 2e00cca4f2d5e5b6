from __future__ import annotations

import numpy as np
import pytest

import sxsim as sx
from sxsim.analysis import forecast
from sxsim.errors import RequestError, UnknownNameError
from sxsim.fitting import fit
from sxsim.plan import TREND, PlannedGrowth, Scenario
from sxsim.scenarios import compile_scenarios

GROWING = [1.0, 1.1, 1.25, 1.3, 1.5, 1.7, 1.75, 2.0]


def planned(*changes, name="planned"):
    return Scenario(
        id=name,
        label=name,
        changes=tuple(
            PlannedGrowth(indicator=indicator, base_value=value, base_year=year, growth=growth)
            for indicator, value, year, growth in changes
        ),
    )


def offsets_of(scenarios, model, horizon):
    return tuple(policy.offsets for policy in compile_scenarios(scenarios, model, horizon))


def median(model, scenario, horizon=6, name="y"):
    fan = forecast(model, horizon=horizon, quantiles=[0.5], scenarios=scenario)
    return fan[name].sel(scenario=scenario.id, quantile=0.5)


def test_a_scenario_without_change_changes_nothing(table):
    assert offsets_of([TREND], fit(table(y=GROWING)), 5) == ({},)


@pytest.mark.parametrize(
    ("values", "attrs"),
    [
        (GROWING, {}),
        ([5.0, 6.0, 6.5, 7.0, 7.7, 8.0], {"kind": "share", "units": "%"}),
        ([-3.0, 4.0, 6.5, 7.0, 7.7, 8.0], {"kind": "balance"}),
        ([7.0], {}),
        ([1.0, 1.2, 1.3, np.nan, np.nan], {}),
    ],
)
def test_the_median_follows_the_stated_path(table, values, attrs):
    model = fit(table(y=values, attrs={"y": attrs}))
    found = median(model, planned(("y", 4.0, 2012, 0.109)))
    np.testing.assert_allclose(found, 4.0 * 1.109 ** np.arange(1, 7), rtol=1e-12)


def test_the_median_follows_the_path_of_a_hand_made_model_too(hand):
    found = median(hand(last_year=2013), planned(("y", 50.0, 2010, -0.05)))
    np.testing.assert_allclose(found, 50.0 * 0.95 ** np.arange(4, 10), rtol=1e-12)


def test_every_member_of_a_batch_follows_the_path(panel):
    found = median(fit(panel), planned(("y", 9.0, 2012, 0.1))).sel(province=["a", "b"])
    for province in ("a", "b"):
        np.testing.assert_allclose(found.sel(province=province), 9.0 * 1.1 ** np.arange(1, 7), rtol=1e-12)


def test_the_uncertainty_stays(table):
    model = fit(table(y=GROWING))
    fan = forecast(model, horizon=5, scenarios=(TREND, planned(("y", 9.0, 2012, 0.3))))
    spread = np.log(fan.y.sel(quantile=0.95)) - np.log(fan.y.sel(quantile=0.05))
    np.testing.assert_allclose(spread.sel(scenario="planned"), spread.sel(scenario="trend"), rtol=1e-12)


def test_only_what_is_changed_has_an_offset(table):
    model = fit(table(y=GROWING, z=GROWING[::-1]))
    [offsets] = offsets_of([planned(("z", 1.0, 2012, 0.05))], model, 4)
    assert list(offsets) == ["z"]
    assert offsets["z"].shape == (1, 4)


def test_one_offset_for_each_member_and_year(panel):
    [offsets] = offsets_of([planned(("y", 9.0, 2012, 0.1))], fit(panel), 4)
    assert offsets["y"].shape == (3, 4)
    assert np.isfinite(offsets["y"]).all(axis=1).tolist() == [True, True, False]


def test_scenarios_do_not_change_each_other(table):
    model = fit(table(y=GROWING, z=GROWING[::-1]))
    listed = [planned(("y", 2.0, 2012, growth), ("z", 1.0, 2012, growth)) for growth in (0.1, 0.2)]
    together = offsets_of([TREND, *listed], model, 4)
    assert together[0] == {}
    for scenario, found in zip(listed, together[1:], strict=True):
        [alone] = offsets_of([scenario], model, 4)
        assert list(found) == ["y", "z"]
        for name in found:
            np.testing.assert_array_equal(found[name], alone[name])
    assert not np.allclose(together[1]["y"], together[2]["y"])


def test_a_longer_horizon_keeps_the_earlier_years(table):
    model, scenario = fit(table(y=GROWING)), planned(("y", 2.0, 2012, 0.1))
    short, long = (offsets_of([scenario], model, horizon)[0]["y"] for horizon in (3, 8))
    np.testing.assert_array_equal(long[:, :3], short)


def test_a_change_of_a_series_left_out_is_skipped(table):
    model = fit(table(y=GROWING, empty=[np.nan] * 8))
    assert offsets_of([planned(("empty", 1.0, 2012, 0.1))], model, 3) == ({},)


def test_refuses_a_change_of_something_unknown(table):
    model = fit(table(patents=GROWING))
    message = (
        r"Scenario 'planned': planned growth patent speaks of 'patent', which .* Did you mean 'patents'\?"
    )
    with pytest.raises(UnknownNameError, match=message):
        offsets_of([planned(("patent", 1.0, 2012, 0.1))], model, 3)


@pytest.mark.parametrize(
    ("values", "attrs", "change", "message"),
    [
        (
            GROWING,
            {},
            (-4.0, 0.5),
            r"stated growth of 'y' leads to -6 in 2013, outside \(0, inf\)\. Correct the st",
        ),
        (
            [50, 55, 60],
            {"kind": "share", "units": "%"},
            (60.0, 0.2),
            r"leads to 103\.68 in 2015, outside \(0, 100\)",
        ),
    ],
)
def test_refuses_a_path_that_leaves_the_range(table, values, attrs, change, message):
    model = fit(table(y=values, attrs={"y": attrs}))
    with pytest.raises(RequestError, match=message):
        offsets_of([planned(("y", change[0], 2012, change[1]))], model, 6)


def test_a_path_may_leave_the_range_after_the_horizon(table):
    model = fit(table(y=[50, 55, 60], attrs={"y": {"kind": "share", "units": "%"}}))
    [offsets] = offsets_of([planned(("y", 60.0, 2012, 0.2))], model, 2)
    assert offsets["y"].shape == (1, 2)


def test_counts_move_by_whole_numbers():
    law = sx.NegativeBinomial(drift=0.0, memory=0.9, mean=9.0, size=20.0)
    grown = sx.Grown(name="y", carrier=sx.Linear(scale=1.0), law=law, last_value=9, last_year=2012)
    model = sx.GrowthModel(indicators=(grown,), last_year=2012)
    [offsets] = offsets_of([planned(("y", 9.0, 2012, 0.13))], model, 4)
    offset = offsets["y"]
    assert np.array_equal(offset, np.round(offset))
    assert (offset[0] >= 0).all()
    assert offset[0, -1] > 3
