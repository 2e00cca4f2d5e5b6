from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim.analysis import attainment
from sxsim.errors import RequestError
from sxsim.fitting import fit
from sxsim.io import open_result, save
from sxsim.plan import Relation
from sxsim.simulation import simulate


@pytest.fixture
def paths():
    """Four draws of two indicators over 2013-2015 under two scenarios, set by hand."""
    y = np.array([[1, 2, 3], [3, 2, 1], [2, 2, 2], [3, 3, 3]], float)
    dims = ("scenario", "draw", "year")
    data = {"y": (dims, np.stack([y, y + 1])), "z": (dims, np.full((2, 4, 3), 2.0))}
    coords = {"scenario": ["trend", "faster"], "year": [2013, 2014, 2015]}
    return xr.Dataset(data, coords=coords, attrs={"seed_entropy": "7", "method": "monte-carlo"})


def shares(paths, *targets):
    return attainment(paths, list(targets)).probability.sel(scenario="trend").values.tolist()


def test_paths_are_counted_in_published_units(paths, aim):
    assert shares(
        paths,
        aim("end", level=2.0),
        aim("every", level=2.0, years=(2013, 2014, 2015)),
        aim("most", level=2.0, relation=Relation.AT_MOST),
        aim("moving", level="z", years=(2014, 2015)),
    ) == [0.75, 0.5, 0.5, 0.75]


def test_every_scenario_of_the_paths_is_counted(paths, aim):
    odds = attainment(paths, aim(level=3.0))
    assert odds.scenario.values.tolist() == ["trend", "faster"]
    assert odds.probability.values.ravel().tolist() == [0.5, 0.75]


def test_all_together_and_its_bounds(paths, aim):
    odds = attainment(
        paths, [aim("A", level=3.0), aim("B", level=2.0, years=(2013,)), aim("P", level=9.0, proxy_for="A")]
    )
    trend = odds.sel(scenario="trend")
    assert trend.joint.item() == 0.25
    assert trend.joint_independent.item() == 0.5 * 0.75
    assert (trend.joint_lower.item(), trend.joint_upper.item()) == (0.25, 0.5)
    assert odds.attrs["joint_targets"] == "A, B"


def test_the_record_is_that_of_the_paths(paths, aim):
    odds = attainment(paths, aim(level=3.0))
    assert odds.attrs["seed_entropy"] == "7"
    assert odds.attrs["method"] == "counted on given paths"
    assert odds.route.values.ravel().tolist() == ["monte-carlo"] * 2


def test_the_split_of_the_uncertainty_is_not_known(paths, aim):
    odds = attainment(paths, aim(level=3.0))
    for name in ("variance_shock", "variance_parameter", "variance_model"):
        assert np.isnan(odds[name]).all()
    p = (0.5 * 4 + 1) / 6
    assert odds.standard_error.values[0, 0] == pytest.approx(np.sqrt(p * (1 - p) / 4))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"not_assessable": "nobody counted"}, "nobody counted"),
        ({"condition": None}, "the plan states no condition that can be tested"),
        ({"of": "rd"}, "the paths hold no series 'rd'"),
        ({"level": "rd"}, "the paths hold no series 'rd'"),
        ({"years": (2015, 2018)}, "the paths do not hold the year 2018"),
        ({"years": (2010, 2015)}, "the paths do not hold the year 2010"),
    ],
)
def test_the_reason_says_what_is_missing(paths, aim, values, reason):
    odds = attainment(paths, [aim("A", level=2.0), aim("B", **values)])
    assert odds.reason.values.tolist() == ["", reason]
    assert np.isnan(odds.probability.sel(target="B")).all()
    assert odds.route.sel(target="B").values.tolist() == ["not assessed"] * 2
    assert odds.attrs["joint_targets"] == "A"


def test_a_year_missing_in_between_is_not_called_too_early(paths, aim):
    odds = attainment(paths.sel(year=[2013, 2015]), aim(level=2.0, years=(2014,)))
    assert "2014" in odds.reason.item()
    assert "start after" not in odds.reason.item()


def test_years_may_come_in_any_order(paths, aim):
    turned = paths.isel(year=[2, 0, 1])
    targets = [aim("A", level=2.0, years=(2014, 2015)), aim("B", level=2.0, years=(2018,))]
    odds = attainment(turned, targets)
    assert odds.probability.values[0, 0] == attainment(paths, targets).probability.values[0, 0]
    assert odds.reason.values.tolist() == ["", "the paths do not hold the year 2018"]


def test_nothing_to_judge_is_an_answer_too(paths, aim):
    odds = attainment(paths, aim(of="rd"))
    assert np.isnan(odds.joint).all()
    assert odds.joint_route.values.tolist() == ["not assessed"] * 2


@pytest.mark.parametrize("dim", ["scenario", "draw", "year"])
def test_refuses_what_is_no_set_of_paths(paths, aim, dim):
    with pytest.raises(
        RequestError, match=rf"The paths have no dimension '{dim}'\. Give what sx\.simulate returned"
    ):
        attainment(paths.isel({dim: 0}), aim())


def test_each_member_of_a_batch_is_counted(panel, aim):
    paths = simulate(fit(panel), until=2015, draws=50, rng=1)
    odds = attainment(paths, [aim("A", level=9.0), aim("B", level=8.0)])
    assert odds.probability.dims == ("scenario", "target", "province")
    assert odds.joint.dims == ("scenario", "province")
    expected = (paths.y.sel(year=2015, province="a") >= 9.0).mean().item()
    assert odds.probability.sel(target="A", province="a").item() == pytest.approx(expected)


def test_a_member_without_figures_has_no_probability(panel, aim):
    odds = attainment(
        simulate(fit(panel), until=2015, draws=50, rng=1), [aim("A", level=9.0), aim("B", level=8.0)]
    )
    for name in ("probability", "standard_error", "joint"):
        assert np.isfinite(odds[name].sel(province=["a", "b"])).all()
        assert np.isnan(odds[name].sel(province="c")).all()


def test_refuses_targets_on_different_dimensions(panel, aim):
    data = panel.isel(province=[0, 1]).assign(single=("year", panel.y.values[0]))
    paths = simulate(fit(data), until=2015, draws=20, rng=1)
    with pytest.raises(
        RequestError, match=r"lie on different dimensions .*province.*Ask them in separate calls"
    ):
        attainment(paths, [aim("A", level=9.0), aim("B", of="single", level=9.0)])


def test_refuses_a_level_with_more_dimensions(panel, aim):
    data = panel.isel(province=[0, 1]).assign(single=("year", panel.y.values[0]))
    paths = simulate(fit(data), until=2015, draws=20, rng=1)
    with pytest.raises(
        RequestError,
        match=r"different dimensions .*single: no batch; y: province.*Ask them in separate calls",
    ):
        attainment(paths, aim(of="single", level="y"))


def test_counted_odds_can_be_kept(paths, aim, tmp_path):
    odds = attainment(paths, [aim("H1", level=2.0), aim("H2", level=3.0)])
    tree = open_result(save(xr.DataTree(odds), tmp_path / "odds.nc"))
    xr.testing.assert_identical(tree.to_dataset(), odds)


def test_the_paths_are_not_touched(paths, aim):
    before = paths.copy(deep=True)
    attainment(paths, aim(level=2.0))
    xr.testing.assert_identical(paths, before)
