from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim import __version__
from sxsim.errors import RequestError, UnknownNameError
from sxsim.fitting import fit
from sxsim.io import open_result, save
from sxsim.plan import TREND, PlannedGrowth, Scenario
from sxsim.simulation import as_scenarios, simulate, years_ahead
from sxsim.streams import BLOCK, Seed

FASTER = Scenario(
    id="faster",
    label="Faster",
    changes=(PlannedGrowth(indicator="y", base_value=100.0, base_year=2012, growth=0.2),),
)


def test_paths_have_the_agreed_shape(hand):
    paths = simulate(hand("a", "y"), (TREND, FASTER), until=2015, draws=30, rng=1)
    assert set(paths.data_vars) == {"a", "y"}
    assert paths.y.dims == paths.a.dims == ("scenario", "draw", "year")
    assert dict(paths.sizes) == {"scenario": 2, "draw": 30, "year": 3}
    assert paths.scenario.values.tolist() == ["trend", "faster"]
    assert paths.year.values.tolist() == [2013, 2014, 2015]
    assert (paths.y > 0).all()


def test_paths_of_a_batch_keep_its_dimensions_and_words(panel):
    paths = simulate(fit(panel), horizon=4, draws=20, rng=1)
    assert paths.y.dims == ("scenario", "draw", "year", "province")
    assert paths.province.values.tolist() == ["a", "b", "c"]
    assert paths.y.attrs == {"units": "cases"}
    assert np.isfinite(paths.y.sel(province=["a", "b"])).all()
    assert np.isnan(paths.y.sel(province="c")).all()


def test_two_batch_dimensions_come_out_as_they_went_in():
    values = np.exp(np.random.default_rng(1).normal(size=(2, 3, 6)).cumsum(axis=2) * 0.1)
    values *= np.arange(1, 7).reshape(2, 3, 1) * 100
    coords = {"region": ["n", "s"], "sector": [1, 2, 3], "year": np.arange(2007, 2013)}
    data = xr.Dataset({"y": (("region", "sector", "year"), values)}, coords=coords)
    paths = simulate(fit(data), horizon=1, draws=40, rng=1)
    assert paths.y.dims == ("scenario", "draw", "year", "region", "sector")
    middle = paths.y.median("draw").squeeze(drop=True)
    assert (np.abs(np.log(middle / data.y.sel(year=2012, drop=True))) < 0.3).all()


def test_until_and_horizon_name_the_same_years(hand):
    by_year, by_count = (
        simulate(hand(), until=2016, draws=5, rng=1),
        simulate(hand(), horizon=4, draws=5, rng=1),
    )
    xr.testing.assert_identical(by_year, by_count)


def test_one_scenario_or_several_may_be_given(hand):
    alone = simulate(hand(), FASTER, horizon=2, draws=5, rng=1)
    listed = simulate(hand(), [TREND, FASTER], horizon=2, draws=5, rng=1)
    xr.testing.assert_identical(alone, listed.sel(scenario=["faster"]))
    assert simulate(hand(), horizon=2, draws=5, rng=1).scenario.values.tolist() == ["trend"]


def test_some_indicators_may_be_chosen(hand):
    paths = simulate(hand("a", "y"), horizon=2, draws=5, rng=1, indicators=["a"])
    assert set(paths.data_vars) == {"a"}
    with pytest.raises(UnknownNameError, match=r"'aa' is not in the model\. Did you mean 'a'\?|Known: a, y"):
        simulate(hand("a", "y"), horizon=2, draws=5, rng=1, indicators=["aa"])


def test_threads_do_not_matter(hand):
    one, three = (simulate(hand(), horizon=2, draws=2 * BLOCK + 7, rng=1, threads=n) for n in (1, 3))
    xr.testing.assert_identical(one, three)
    assert np.isfinite(one.y).all()


def test_the_record_tells_how_to_repeat_a_run(hand):
    paths = simulate(hand(), horizon=2, draws=5)
    assert paths.attrs == {
        "sxsim_version": __version__,
        "method": "monte-carlo",
        "data_until": 2012,
        "seed_entropy": paths.attrs["seed_entropy"],
        "block_size": BLOCK,
    }
    again = simulate(hand(), horizon=2, draws=5, rng=int(paths.attrs["seed_entropy"]))
    xr.testing.assert_identical(paths, again)


def test_a_generator_is_used_up_by_a_run(hand):
    generator = np.random.default_rng(1)
    first, second = (simulate(hand(), horizon=2, draws=5, rng=generator) for _ in range(2))
    assert (first.y != second.y).all()
    assert first.attrs["seed_entropy"] == str(Seed.of(np.random.default_rng(1)).entropy)


def test_paths_can_be_kept(hand, panel, tmp_path):
    for number, model in enumerate((hand("a", "y"), fit(panel))):
        paths = simulate(model, horizon=2, draws=5, rng=2**127 + 1)
        tree = open_result(save(xr.DataTree(paths), tmp_path / f"{number}.nc"))
        xr.testing.assert_identical(tree.to_dataset(), paths)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, r"until=None and horizon=None\. Give exactly one of them"),
        ({"until": 2020, "horizon": 8}, r"until=2020 and horizon=8\. Give exactly one"),
        ({"until": 2012}, r"horizon ends in 2012, not after the model's last year 2012\. Choose a later"),
        ({"horizon": 0}, r"horizon ends in 2012, not after"),
        ({"horizon": -2}, r"horizon ends in 2010, not after"),
        ({"until": 2020, "draws": 0}, r"draws=0\. Give a whole number of at least 1"),
        ({"until": 2020, "draws": 2.5}, r"draws=2\.5\. Give a whole number"),
        ({"until": 2020, "threads": 0}, r"threads=0\. Give a whole number of at least 1"),
        ({"until": 2020, "scenarios": ()}, r"No scenario was given\. Leave out scenarios= for the"),
        ({"until": 2020, "scenarios": (TREND, FASTER, TREND)}, r"stand twice: trend\. Give each its own id"),
        ({"until": 2020, "rng": -1}, r"rng=-1 is not a seed\. Give a whole number"),
    ],
)  # fmt: skip
def test_refuses_what_cannot_be_simulated(hand, options, message):
    with pytest.raises(RequestError, match=message):
        simulate(hand(), **({"rng": 1, "draws": 5} | options))


@pytest.mark.parametrize("options", [{"horizon": 2.5}, {"until": 2014.5}])
def test_refuses_half_years(hand, options):
    (name, value) = next(iter(options.items()))
    with pytest.raises(RequestError, match=rf"{name}={value}"):
        simulate(hand(), **options, draws=5, rng=1)


def test_years_follow_the_last_one_of_the_model(hand):
    assert years_ahead(hand(), None, 3).tolist() == [2013, 2014, 2015]
    assert years_ahead(hand(), 2014, None).tolist() == [2013, 2014]


def test_scenarios_are_listed_once():
    assert as_scenarios(TREND) == (TREND,)
    assert as_scenarios([TREND, FASTER]) == (TREND, FASTER)
