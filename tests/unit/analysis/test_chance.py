from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from sxsim.analysis import attainment, forecast
from sxsim.errors import RequestError, UnknownNameError
from sxsim.fitting import fit
from sxsim.io import open_result, save
from sxsim.links import Log, Odds
from sxsim.plan import TREND, PlannedGrowth, Relation, Scenario
from sxsim.processes import Grown, GrowthModel, RandomWalk
from sxsim.processes.mixture import student_cdf

FASTER = Scenario(
    id="faster",
    label="Faster",
    changes=(PlannedGrowth(indicator="y", base_value=2.0, base_year=2012, growth=0.2),),
)
GROWING = [1.0, 1.1, 1.25, 1.3, 1.5, 1.7, 1.75, 2.0]


@pytest.fixture
def family(panel, table):
    """A panel `y` with a gap and an unseen member, and a share `s` of its own, both fitted to cells."""
    share = ("year", [30.0, 33.0, 35.0, 36.0, 40.0, 41.0, 45.0, 47.0], {"kind": "share", "units": "%"})
    return fit(panel.assign(s=share))


def test_a_random_walk_by_hand_is_known(hand):
    chance = forecast(hand(drift=0.05, sigma=0.1), horizon=4, at_least=110.0).y
    step = np.arange(1.0, 5.0)
    expected = student_cdf((0.05 * step - np.log(1.1)) / (0.1 * np.sqrt(step)), np.inf)
    np.testing.assert_allclose(chance, expected, rtol=1e-12)
    assert chance.dims == ("year",)
    assert chance.attrs == {"units": "1", "relation": ">=", "level": 110.0}


def test_it_is_what_attainment_answers(family, aim):
    single = family.select(("s",))
    for relation, side in ((Relation.AT_LEAST, "at_least"), (Relation.AT_MOST, "at_most")):
        target = aim(of="s", level=55.0, years=(2016,), relation=relation)
        odds = attainment(single, target).probability.item()
        chance = forecast(single, until=2017, **{side: 55.0}).s
        assert float(chance.sel(year=2016)) == pytest.approx(odds, rel=1e-12)


def test_quantiles_and_probabilities_invert_each_other(family):
    fan = forecast(family, horizon=5, quantiles=(0.1, 0.5, 0.8))
    for q in (0.1, 0.5, 0.8):
        below = forecast(family, horizon=5, at_most=fan.sel(quantile=q, drop=True))
        for name in ("y", "s"):
            known = below[name].to_numpy()[np.isfinite(fan[name].sel(quantile=q))]
            np.testing.assert_allclose(known, q, atol=2e-5)  # how far quantiles are closed in


def test_the_two_sides_complement_each_other(family):
    up, down = (forecast(family, horizon=3, **{side: {"y": 25.0}}).y for side in ("at_least", "at_most"))
    np.testing.assert_allclose((up + down).sel(province=["a", "b"]), 1.0, atol=1e-12)
    assert np.isnan(up.sel(province="c")).all()


def test_several_levels_have_a_dimension_and_fall(family):
    chance = forecast(family, horizon=3, at_least={"s": [40.0, 50.0, 60.0]})
    assert set(chance.data_vars) == {"s"}
    assert chance.s.dims == ("level", "year")
    assert chance.level.values.tolist() == [40.0, 50.0, 60.0]
    assert (chance.s.diff("level") < 0).all()


def test_levels_are_aligned_by_their_labels(family):
    levels = xr.DataArray(
        [[20.0, 21.0, 22.0], [5.0, 6.0, np.nan], [1.0, 1.0, 1.0]],
        dims=("province", "year"),
        coords={"province": ["b", "a", "c"], "year": [2015, 2014, 2013]},
    )
    chance = forecast(family, until=2015, at_least={"y": levels}).y
    assert chance.dims == ("year", "province")
    for province in "ab":
        for year in (2013, 2014, 2015):
            level = levels.sel(province=province, year=year).item()
            alone = forecast(family, until=2015, at_least={"y": level}).y.sel(province=province, year=year)
            np.testing.assert_array_equal(chance.sel(province=province, year=year), alone)
    assert np.isnan(chance.sel(province="a", year=2013))
    xr.testing.assert_identical(forecast(family, until=2015, at_least=levels.to_dataset(name="y")).y, chance)


def test_scenarios_move_the_probability(model):
    plain = forecast(model, horizon=3, at_least=2.5)
    chance = forecast(model, horizon=3, at_least=2.5, scenarios=(TREND, FASTER))
    assert chance.y.dims == ("scenario", "year")
    np.testing.assert_array_equal(chance.y.sel(scenario="trend"), plain.y)
    np.testing.assert_array_equal(chance.z.sel(scenario="faster"), plain.z)
    assert (chance.y.sel(scenario="faster") > plain.y).all()
    # the stated growth is the new median
    path = xr.DataArray(2.0 * 1.2 ** np.arange(1, 4), dims="year", coords={"year": [2013, 2014, 2015]})
    half = forecast(model, horizon=3, at_least={"y": path}, scenarios=FASTER)
    np.testing.assert_allclose(half.y, 0.5, atol=1e-6)


@pytest.mark.parametrize(
    ("side", "levels", "expected"),
    [
        ("at_least", [0.0, -3.0, 100.0, 120.0], [1, 1, 0, 0]),
        ("at_most", [0.0, -3.0, 100.0, np.inf], [0, 0, 1, 1]),
    ],
)
def test_a_level_on_or_beyond_a_bound_is_certain_and_says_so(side, levels, expected):
    walk = RandomWalk(drift=0.1, sigma=0.2)
    share = Grown(name="y", carrier=Odds(upper=100.0), law=walk, last_value=40.0, last_year=2012)
    model = GrowthModel(indicators=(share,), last_year=2012)
    chance = forecast(model, horizon=2, **{side: [*levels, 50.0]}).y
    np.testing.assert_array_equal(chance[:4], np.broadcast_to(np.array(expected)[:, None], (4, 2)))
    assert ((chance[4] > 0) & (chance[4] < 1)).all()
    assert chance.attrs["certain"] == 8
    assert chance.attrs["certain_note"].startswith("8 levels lie on or beyond the bounds (0, 100): 0 or 1 by")


def test_nothing_is_capped(table):
    model = fit(table(y=[1.0, 1.0, 1.1, 1.0, 60.0, 1.1, 900.0]))
    far = forecast(model, horizon=3, at_least=1e30).y
    assert ((far > 0) & (far < 1)).all()


def test_counts_go_in_whole_steps(table):
    model = fit(table(y=[0, 0, 1, 0, 2, 1, 1, 3], attrs={"y": {"kind": "count"}}))
    two, more, most, none = (
        forecast(model, horizon=3, **asked).y
        for asked in ({"at_least": 2}, {"at_least": 1.2}, {"at_most": 1.9}, {"at_most": 0})
    )
    np.testing.assert_array_equal(two, more)
    np.testing.assert_allclose(two + most, 1.0, atol=1e-12)
    assert (none > 0.02).all()


def test_a_result_can_be_kept(family, tmp_path):
    for number, asked in enumerate((20.0, [20.0, 30.0], {"s": 200.0})):
        chance = forecast(family, horizon=2, at_least=asked)
        tree = open_result(save(xr.DataTree(chance), tmp_path / f"{number}.nc"))
        xr.testing.assert_identical(tree.to_dataset(), chance)


def test_marks_of_capped_quantiles_can_be_kept(table, tmp_path):
    fan = forecast(fit(table(y=[1.0, 1.0, 1.1, 1.0, 60.0, 1.1, 900.0])), horizon=3, quantiles=(1e-6, 0.5))
    tree = open_result(save(xr.DataTree(fan), tmp_path / "fan.nc"))
    xr.testing.assert_identical(tree.to_dataset(), fan)
    assert tree.to_dataset().y_capped.dtype == bool


def labelled(*values, **coords):
    (dim,) = coords
    return xr.DataArray(list(values), dims=dim, coords=coords)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"at_least": 1.0, "at_most": 2.0}, r"at_least and at_most were given together\. Ask for one"),
        ({"quantiles": (0.5,), "at_least": 2.0}, r"quantiles and at_least were given together\."),
        ({"at_least": "high"}, r"The level of 's' is 'high'\. Give a number"),
        ({"at_least": {"y": None}}, r"The level of 'y' is None\. Give a number"),
        ({"at_least": {}}, r"The levels name no indicator\. Give at least one"),
        ({"at_least": {"y": np.ones((2, 2))}}, r"The levels of 'y' have 2 dimensions without names"),
        (
            {"at_least": {"y": labelled(1.0, 2.0, provinces=["a", "b"])}},
            r"levels of 'y' have the dimension 'provinces'; the indicator has 'year', 'province'\. Use these",
        ),
        (
            {"at_least": {"s": labelled(1.0, 2.0, province=["a", "b"])}},
            r"levels of 's' have the dimension 'province'; the indicator has 'year'\. Use",
        ),
        (
            {"at_least": {"y": labelled(1.0, 2.0, province=["a", "B"])}},
            r"The levels of 'y' miss province b, c\. Give a level for each, NaN where nothing is asked",
        ),
        (
            {"at_least": {"y": labelled(1.0, year=[2030])}, "horizon": 8},
            r"The levels of 'y' miss year 2013, 2014, 2015, 2016, 2017 and 3 more\.",
        ),
        (
            {"at_least": {"y": labelled(1.0, 2.0, 3.0, year=[2013, 2013, 2014])}},
            r"The levels of 'y' hold year 2013 twice\. Keep one of each",
        ),
        ({"at_least": {"y": xr.DataArray([1.0, 2.0], dims="year")}}, r"The levels of 'y' miss year"),
    ],
)  # fmt: skip
def test_levels_that_do_not_fit_are_refused(family, options, message):
    with pytest.raises(RequestError, match=message):
        forecast(family, **{"horizon": 2, **options})


def test_an_unknown_name_is_refused_with_the_nearest_or_the_reason(table):
    model = fit(table(patents=GROWING, empty=[np.nan] * 8))
    with pytest.raises(UnknownNameError, match=r"for 'patent', which is not in the model\..*'patents'"):
        forecast(model, horizon=1, at_least={"patent": 1.0})
    with pytest.raises(UnknownNameError, match=r"'empty', which .* model: it has no figure at all"):
        forecast(model, horizon=1, at_most={"empty": 1.0})


@pytest.mark.parametrize("asked", ["mean", ("mean", 0.5)])
def test_a_mean_is_refused_with_the_reason(model, asked):
    with pytest.raises(RequestError, match=r"Only quantiles are offered, 0\.5 for the median.* is infinite"):
        forecast(model, horizon=2, quantiles=asked)


def test_thousands_of_series_take_one_call_a_year(monkeypatch):
    """Work is counted, not timed: as many calls of the law as years, whatever the number of series."""
    from sxsim.processes.marginal import MixtureMarginal

    calls = []
    plain = MixtureMarginal.at_least
    monkeypatch.setattr(MixtureMarginal, "at_least", lambda self, v: calls.append(v.shape) or plain(self, v))
    steps = np.random.default_rng(3).normal(0.05, 0.1, (300, 9))
    data = xr.Dataset(
        {"y": (("series", "year"), np.exp(steps.cumsum(axis=1)))}, coords={"year": range(2004, 2013)}
    )
    chance = forecast(fit(data), horizon=4, at_least=2.0).y
    assert calls == [(300,)] * 4
    assert ((chance > 0) & (chance < 1)).all()


def test_carriers_other_than_log_answer_on_their_own_scale(balances):
    assert not isinstance(balances["y"].carrier, Log)
    chance = forecast(balances, horizon=2, at_least={"y": -1.0}).y
    assert ((chance > 0.5) & (chance < 1)).all()


def test_levels_of_pandas_keep_their_labels(family):
    by_year = pd.Series([40.0, 50.0], index=pd.Index([2014, 2013], name="year"))
    chance = forecast(family, horizon=2, at_least={"s": by_year}).s
    np.testing.assert_array_equal(
        chance, [forecast(family, horizon=2, at_least={"s": v}).s[i] for i, v in enumerate((50.0, 40.0))]
    )
    frame = pd.DataFrame({"a": [20.0, 21.0], "b": [5.0, 6.0], "c": [1.0, 1.0]}, index=by_year.index)
    frame.columns.name = "province"
    chance = forecast(family, horizon=2, at_least={"y": frame}).y
    alone = forecast(family, horizon=2, at_least={"y": 6.0}).y
    assert chance.sel(year=2013, province="b") == alone.sel(year=2013, province="b")
