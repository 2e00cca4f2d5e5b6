from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import stats

import sxsim as sx
from sxsim.analysis.plausibility_words import Verdict, in_chinese, in_english
from sxsim.errors import RequestError, UnknownNameError
from sxsim.fitting import fit


def test_a_path_on_the_median_is_the_least_unusual(hand):
    found = sx.plausibility(hand(), {"y": {2013: 100 * np.exp(0.05), 2015: 100 * np.exp(0.15)}})
    assert found.tail_probability.item() == pytest.approx(1.0)
    assert found.last_quantile.item() == pytest.approx(0.5)
    assert found.attrs["joint"] == "one indicator is given"
    assert "joint_tail_probability" not in found


def test_one_figure_is_judged_by_both_tails(hand):
    found = sx.plausibility(hand(), {"y": {2013: 100 * np.exp(0.05 + 0.1 * 1.96)}})
    assert found.tail_probability.item() == pytest.approx(0.05, abs=1e-4)
    assert found.last_quantile.item() == pytest.approx(0.975, abs=1e-4)


def test_with_sigma_not_known_the_tail_is_that_of_student(table):
    model = fit(table(y=[1, 1.2, 1.1]))
    found, law = sx.plausibility(model, {"y": {2014: 2.0}}), model["y"].law.marginal(2)
    z = (np.log(2.0 / 1.1) - law.location[0]) / law.spread[0]
    assert found.tail_probability.item() == pytest.approx(2 * stats.t(law.dof[0]).sf(abs(z)))


def test_independent_paths_add_up(hand):
    found = sx.plausibility(hand("a", "b"), {"a": {2013: 120.0}, "b": {2014: 90.0, 2015: 130.0}})
    distances = [stats.chi2(n).isf(t) for n, t in zip((1, 2), found.tail_probability.values, strict=True)]
    assert found.joint_tail_probability.item() == pytest.approx(stats.chi2(3).sf(sum(distances)))


def test_what_is_given_together_is_judged_by_its_correlation(hand):
    model = hand("a", "b", correlation=[[1.0, 0.9], [0.9, 1.0]])
    up = 100 * np.exp(0.05 + 0.2)
    together = sx.plausibility(model, {"a": {2013: up}, "b": {2013: up}}).joint_tail_probability.item()
    apart = sx.plausibility(model, {"a": {2013: up}, "b": {2013: 10_000 / up}}).joint_tail_probability.item()
    assert together == pytest.approx(stats.chi2(2).sf(2 * 4 / 1.9))
    assert apart < 1e-6 < together


def test_an_unknown_correlation_is_averaged(hand):
    draws = np.array([[[1.0, r], [r, 1.0]] for r in (0.0, 0.5)])
    model = sx.GrowthModel(
        indicators=hand("a", "b").indicators, last_year=2012, dependence=sx.Dependence(draws=draws)
    )
    up = 100 * np.exp(0.05 + 0.2)
    found = sx.plausibility(model, {"a": {2013: up}, "b": {2013: up}}).joint_tail_probability.item()
    assert found == pytest.approx(np.mean([stats.chi2(2).sf(8 / (1 + r)) for r in (0.0, 0.5)]))


def test_a_walked_law_is_judged_by_its_shocks():
    law = sx.StudentShocks(drift=0.05, sigma=0.1, dof=4.0)
    grown = sx.Grown(name="y", carrier=sx.Log(), law=law, last_value=100.0, last_year=2012)
    found = sx.plausibility(sx.GrowthModel(indicators=(grown,), last_year=2012), {"y": {2013: 130.0}})
    shock = law.residuals(np.zeros(1), np.log([[1.3]])).item()
    assert found.tail_probability.item() == pytest.approx(2 * stats.norm.sf(abs(shock)))
    assert found.last_quantile.item() == pytest.approx(stats.norm.cdf(shock), abs=1e-6)


def test_doubt_about_sigma_leaves_each_on_its_own(table):
    found = sx.plausibility(
        fit(table(a=[1, 1.2, 1.1], b=[1, 1.3, 1.2])), {"a": {2013: 1.2}, "b": {2013: 1.1}}
    )
    assert found.attrs["joint"] == "none: sigma or the cell of a, b is not known"
    assert "joint_tail_probability" not in found


def test_members_are_judged_one_by_one(panel):
    found = sx.plausibility(fit(panel), {"y": {2013: 12.0}})
    assert found.tail_probability.dims == ("indicator", "province")
    assert np.isnan(found.tail_probability.sel(province="c")).all()
    assert np.isnan(found.last_quantile.sel(province="c")).all()
    assert found.words.sel(province="c").item() == "Without any figure nothing can be said."
    assert found.words_zh.sel(province="c").item() == "没有任何数据，无法判断。"
    assert (found.tail_probability.sel(province=["a", "b"]) > 0).all()


def test_the_result_can_be_saved(hand, tmp_path):
    found = sx.plausibility(hand("a", "b"), {"a": {2013: 120.0}, "b": {2014: 90.0}})
    sx.save(xr.DataTree(found), tmp_path / "found.nc")
    again = sx.open_result(tmp_path / "found.nc").to_dataset()
    np.testing.assert_array_equal(again.tail_probability, found.tail_probability)
    assert again.words.values.tolist() == found.words.values.tolist()


@pytest.mark.parametrize(
    ("tail", "english", "chinese"),
    [
        (0.4, "well within what the fit expects", "完全在拟合的预期之内"),
        (0.1, "towards the edge of what the fit expects", "接近拟合预期的边缘"),
        (0.02, "unusual for the fit", "按拟合属于少见"),
        (1e-7, "so unusual that the fit hardly allows for it", "按拟合几乎不会出现"),
    ],
)
def test_it_is_said_in_plain_words(tail, english, chinese):
    verdict = Verdict(
        name="gdp", known={"long_name_zh": "地区生产总值"}, value=12100.0, year=2014, tail=tail, last=0.9995
    )
    assert in_english(verdict).startswith(f"gdp: {english}. A path at least as unusual has a probability of ")
    assert in_english(verdict).endswith(">99.9 % of what 2014 may bring lie at or below 12100.")
    assert in_chinese(verdict).startswith(f"地区生产总值：{chinese}。")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0001, "<0.1 %"), (0.0123, "1.2 %"), (0.257, "26 %"), (0.951, "95.1 %"), (1.0, ">99.9 %")],
)
def test_percentages_have_the_digits_they_deserve(share, text):
    verdict = Verdict(name="y", known={}, value=1.0, year=2014, tail=0.5, last=share)
    assert f"; {text} of what" in in_english(verdict)


def test_what_cannot_be_judged_is_refused(hand, panel):
    with pytest.raises(UnknownNameError, match=r"'z' is not in the model"):
        sx.plausibility(hand(), {"z": {2013: 1.0}})
    with pytest.raises(
        RequestError, match=r"The model was given figures of y before\. Give the model as it was"
    ):
        sx.plausibility(hand().given({"y": {2013: 1.0}}), {"y": {2014: 1.0}})
    both = fit(panel.isel(province=[0, 1]).assign(z=("year", np.arange(1.0, 9.0))))
    with pytest.raises(RequestError, match=r"'y' and 'z' differ in their batch\. Ask about them in separate"):
        sx.plausibility(both, {"y": {2013: 1.0}, "z": {2013: 9.0}})
