from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import xarray as xr
from scipy import special, stats

import sxsim as sx
from sxsim.errors import HistoryError, RequestError, UnknownNameError
from sxsim.studies.cases import GROWTHS, SCORES

WALKS = {"drift": sx.PlainWalk(drift=True, on_link=True), "naive": sx.PlainWalk()}


@pytest.fixture
def provinces():
    """Two amounts of 12 provinces over 24 years, random walks with drift; the last province starts late."""
    rng = np.random.default_rng(11)
    steps = rng.normal(0.05, 0.1, (2, 12, 24))
    values = 50 * np.exp(steps.cumsum(axis=-1))
    values[:, -1, :15] = np.nan
    coords = {"province": [f"p{i}" for i in range(12)], "year": np.arange(1990, 2014)}
    dims = ("province", "year")
    return xr.Dataset({"a": (dims, values[0]), "b": (dims, values[1])}, coords=coords)


@pytest.fixture
def found(provinces):
    return sx.backtest(provinces, origins=[1998, 2003, 2008], horizon=5, models=WALKS, draws=0)


def test_scores_are_those_of_the_forecasts(provinces, found):
    """Everything again by hand for one origin, with the public scores."""
    history = provinces["a"].sel(year=slice(None, 2003)).isel(province=slice(0, 11))
    truth = (
        provinces["a"].sel(year=slice(2004, 2008)).isel(province=slice(0, 11)).transpose("year", "province")
    )
    levels = np.concatenate([[0.025], np.arange(1, 20) / 20, [0.975]])
    fan = sx.PlainWalk()(history.to_dataset(name="a"), 5).quantiles(levels)["a"]
    low, high = sx.scores.central(fan, 0.95)
    middle = fan.sel(quantile=0.5, drop=True)
    by_hand = {
        "crps": sx.scores.crps_quantiles(fan.isel(quantile=slice(1, -1)), truth),
        "mase": sx.scores.mase(middle, truth, history),
        "smape": sx.scores.smape(middle, truth),
        "msis": sx.scores.msis(low, high, truth, history),
        "coverage_95": sx.scores.coverage(low, high, truth),
    }
    page = found.by_origin.sel(indicator="a", model="naive", origin=2003)
    for name, values in by_hand.items():
        np.testing.assert_allclose(page.sel(score=name), values.mean("province"), rtol=1e-12)
    assert (found.cases.sel(indicator="a", score="mase", origin=2003) == 11).all()


def test_means_and_differences_are_clustered_by_origin(found):
    cases = found.cases.sum("step").sel(score="mase", indicator="a")
    each = (found.by_origin * found.cases).sum("step").sel(score="mase", indicator="a") / cases
    whole = sx.scores.clustered_mean(each, cases, horizon=5)
    mean = found["mean"].sel(score="mase", indicator="a")
    np.testing.assert_allclose(mean, whole["mean"], rtol=1e-12)
    np.testing.assert_allclose(
        found.standard_error.sel(score="mase", indicator="a"), whole.standard_error, rtol=1e-12
    )
    gap = sx.scores.clustered_mean(each.sel(model="drift") - each.sel(model="naive"), cases, horizon=5)
    chosen = found.sel(score="mase", indicator="a", model="drift")
    assert float(chosen.difference) == pytest.approx(float(mean[0] - mean[1]))
    assert float(chosen.difference_error) == pytest.approx(float(gap.standard_error))
    assert float(chosen.skill) == pytest.approx(1 - float(mean[0] / mean[1]))
    assert float(found.effective_origins.sel(score="mase", indicator="a")) == pytest.approx(3.0, rel=0.05)
    assert found.skill.sel(score="coverage_95").isnull().all()


def test_indicators_are_pooled_where_they_have_no_units(found):
    weights = found.cases.sum(("origin", "step"))
    mean = found["mean"]
    pooled = sum(mean.sel(indicator=n) * weights.sel(indicator=n) for n in "ab") / sum(
        weights.sel(indicator=n) for n in "ab"
    )
    free = ~pooled["score"].isin(["crps", "absolute_error"])
    np.testing.assert_allclose(mean.sel(indicator="all")[free.values], pooled[free.values], rtol=1e-12)
    assert mean.sel(indicator="all", score="crps").isnull().all()


def test_nothing_later_than_the_origin_is_seen(provinces):
    seen = []

    def spy(history, horizon):
        seen.append(int(history["year"].max()))
        return sx.PlainWalk()(history, horizon)

    sx.backtest(provinces, origins=[2003, 1998], horizon=5, models={"spy": spy}, draws=0)
    assert seen == [1998, 2003]
    changed = provinces.copy(deep=True)
    changed["a"][:, -10:] *= 3
    ask = partial(sx.backtest, origins=[2003], horizon=5, models={"fit": sx.Fitted()}, draws=64, rng=0)
    before, after = (ask(data).event_probability for data in (provinces[["a"]], changed[["a"]]))
    np.testing.assert_array_equal(before, after)


def test_a_case_that_one_left_unanswered_counts_for_none(provinces):
    def partly(history, horizon, quantiles):
        fan = sx.PlainWalk()(history, horizon).quantiles(quantiles)
        return fan.where(fan["province"] != "p0")

    both = {"partly": sx.FromQuantiles(forecast=partly), "naive": sx.PlainWalk()}
    found = sx.backtest(provinces[["a"]], origins=[2003], horizon=5, models=both, draws=0)
    assert found.failures.squeeze("indicator").values.tolist() == [5.0, 0.0]
    assert (found.cases.sel(score="mase") == 10).all()
    rest = sx.backtest(
        provinces[["a"]].isel(province=slice(1, None)), origins=[2003], horizon=5, models=WALKS, draws=0
    )
    np.testing.assert_allclose(found["mean"].sel(model="naive"), rest["mean"].sel(model="naive"))


def test_targets_are_set_by_the_history_and_judged_by_what_came(provinces):
    found = sx.backtest(provinces[["a"]], origins=[2003], horizon=5, models=WALKS, draws=0)
    history = provinces["a"].sel(year=slice(None, 2003)).isel(province=slice(0, 11))
    growth = np.maximum(np.log(history.sel(year=2003) / history.sel(year=1993)) / 10, 0.01)
    raw = found.sel(event="level")
    for k in GROWTHS:
        level = history.sel(year=2003) * np.exp(5 * k * growth)
        hit = provinces["a"].sel(year=2008).isel(province=slice(0, 11)) >= level
        mine = raw.isel(case=raw.case_growth.values == k)
        np.testing.assert_array_equal(mine.event_outcome, hit * 1.0)
        goal = level.to_dataset(name="a").expand_dims(year=[2008])
        p = WALKS["naive"](history.to_dataset(name="a"), 5).at_least(goal)["a"].squeeze()
        np.testing.assert_allclose(mine.event_probability.sel(model="naive"), p, rtol=1e-12)
    brier = sx.scores.brier(raw.event_probability, raw.event_outcome, dim="case")
    np.testing.assert_allclose(raw.event_brier.squeeze("indicator"), brier)


def apart(history, horizon, quantiles):
    """Say nothing of how the years hang together."""
    return sx.PlainWalk()(history, horizon).quantiles(quantiles)


def test_targets_of_every_year(provinces):
    models = {
        "fit": sx.Fitted(fit=partial(sx.fit, prior=sx.walk_prior())),
        "apart": sx.FromQuantiles(forecast=apart),
        "naive": sx.PlainWalk(),
    }
    found = sx.backtest(provinces[["a"]], origins=[2003], horizon=3, models=models, draws=256, rng=3)
    for model in ("fit", "naive"):
        p = found.event_probability.sel(model=model)
        assert (p.sel(event="every_year") <= p.sel(event="level") + 5 / np.sqrt(256)).all()
    assert (found.event_outcome.sel(event="every_year") <= found.event_outcome.sel(event="level")).all()
    assert found.event_brier.sel(event="every_year", model="apart").isnull().all()
    assert float(found.event_cases.sel(event="every_year", model="fit").squeeze()) == 44
    again = sx.backtest(provinces[["a"]], origins=[2003], horizon=3, models=models, draws=256, rng=3)
    xr.testing.assert_identical(again.drop_vars("seconds"), found.drop_vars("seconds"))


def test_whole_paths_are_scored_on_the_scale_of_growth(provinces):
    """By hand for one origin, all pairs of the first 512 draws; a year missing leaves a member out."""
    provinces["a"][0, -6] = np.nan  # 2008
    models = {"fit": sx.Fitted(fit=partial(sx.fit, prior=sx.walk_prior())), "naive": sx.PlainWalk()}
    put = partial(sx.backtest, horizon=5, models=models, draws=600, rng=3)
    found = put(provinces[["a"]], origins=[2003]).squeeze("indicator")
    assert (found.path_cases == 10).all()
    history = provinces.a.sel(year=slice(None, 2003)).isel(province=slice(0, 11))
    change = np.log(
        provinces.a.sel(year=slice(2004, 2008)).isel(province=slice(0, 11)) / history.sel(year=2003)
    )
    for name, model in models.items():
        paths = model(history.to_dataset(), 5).paths(["a"], draws=600, rng=3)["a"].isel(draw=slice(512))
        level = np.log(paths.clip(min=1e-9) / history.sel(year=2003)).clip(-5, 5)
        one = found.sel(model=name)
        variogram = sx.scores.variogram(level, change, over="year", dim="province")
        assert float(one.path_mean.sel(path_score="variogram")) == pytest.approx(float(variogram), rel=1e-6)
        energy = sx.scores.energy(level, change, over="year", dim="province")
        assert float(one.path_mean.sel(path_score="energy")) == pytest.approx(float(energy), rel=0.05)


def test_paths_are_compared_where_all_answered(provinces):
    models = {"apart": sx.FromQuantiles(forecast=apart), "drift": WALKS["drift"], "naive": sx.PlainWalk()}
    found = sx.backtest(provinces, origins=[1998, 2003], horizon=5, models=models, draws=64, rng=3)
    assert found.path_mean.sel(model="apart").isnull().all()
    assert (found.path_cases.sel(model=["drift", "naive"], indicator=["a", "b"]) == 22).all()
    mean = found.path_mean.sel(model=["drift", "naive"])
    np.testing.assert_allclose(mean.sel(indicator="all"), mean.sel(indicator=["a", "b"]).mean("indicator"))
    gap = found.path_mean.sel(model="drift") - found.path_mean.sel(model="naive")
    np.testing.assert_allclose(found.path_difference.sel(model="drift"), gap)
    for draws in (0, 1):
        assert sx.backtest(provinces, origins=[2003], models=WALKS, draws=draws).path_mean.isnull().all()


def test_a_law_that_is_true_is_found_to_be_calibrated():
    """600 random walks whose law is known: coverage and Brier parts within 4 standard errors, PIT uniform."""
    rng, size = np.random.default_rng(21), 600
    steps = rng.normal(0.03, 0.1, (size, 16))
    data = xr.Dataset(
        {"y": (("series", "year"), 20 * np.exp(steps.cumsum(axis=1)))}, coords={"year": np.arange(2000, 2016)}
    )

    def forecast(history, horizon, quantiles):
        h = np.arange(1, horizon + 1)[:, None]
        z = np.log(history["y"].isel(year=-1).values) + 0.03 * h
        z = z + special.ndtri(quantiles)[:, None, None] * 0.1 * np.sqrt(h)
        years = int(history["year"].max()) + np.arange(1, horizon + 1)
        dims = ("quantile", "year", "series")
        return xr.Dataset({"y": (dims, np.exp(z))}, coords={"quantile": quantiles, "year": years})

    models = {"true": sx.FromQuantiles(forecast=forecast)}
    found = sx.backtest(data, origins=[2010], horizon=5, models=models, draws=0).squeeze()
    for level in (0.5, 0.8, 0.95):
        mean = float(found["mean"].sel(score=f"coverage_{level * 100:.0f}"))
        assert mean == pytest.approx(level, abs=4 * np.sqrt(level * (1 - level) / size))
    assert float(found.pit_distance) < 1.63 / np.sqrt(size)
    level = found.sel(event="level")
    variance = (level.event_probability * (1 - level.event_probability)).mean()
    assert float(level.event_brier) == pytest.approx(float(variance), abs=4 * 0.25 / np.sqrt(size))


def test_transforms_of_counts_are_randomised():
    """400 Poisson series forecast by their own law: uniform at p > 0.001, which plain ones are not."""
    rng = np.random.default_rng(31)
    data = xr.Dataset(
        {"y": (("series", "year"), rng.poisson(2.0, (400, 8)) * 1.0, {"kind": "count"})},
        coords={"year": np.arange(2000, 2008)},
    )

    class Poisson:
        def quantiles(self, levels):
            return self.like(stats.poisson.ppf(levels, 2.0)).assign_coords(quantile=levels)

        def at_least(self, goals):
            return xr.apply_ufunc(lambda goal: stats.poisson.sf(np.ceil(goal) - 1, 2.0), goals)

        def paths(self, names, *, draws, rng):
            return xr.Dataset()

        def like(self, values):
            table = np.broadcast_to(values[:, None, None], (len(values), 1, 400))
            return xr.Dataset({"y": (("quantile", "year", "series"), table)}, coords={"year": [2007]})

    models = {"true": lambda history, horizon: Poisson()}
    found = sx.backtest(data, origins=[2006], horizon=1, models=models, draws=0, rng=1)
    assert float(found.pit_distance.squeeze()) < 1.63 / np.sqrt(400)


def test_a_frame_and_a_short_series_are_welcome():
    import pandas as pd

    frame = pd.DataFrame({"y": [10.0, 11.0, 12.5, 12.0, 13.0, 14.5, 15.0]}, index=range(2006, 2013))
    found = sx.backtest(frame, horizon=1, models=WALKS, draws=0)
    assert found["origin"].values.tolist() == [2010, 2011]
    assert found["score"].values.tolist() == list(SCORES)
    assert float(found["mean"].sel(score="absolute_error", model="naive").squeeze()) == pytest.approx(1.0)


def test_a_single_origin_has_no_error(provinces):
    found = sx.backtest(provinces, origins=[2003], horizon=5, models=WALKS, draws=0)
    assert found.standard_error.isnull().all()
    assert found["mean"].sel(score="mase").notnull().all()


def test_an_origin_at_which_nothing_is_long_enough_counts_for_nothing(provinces):
    found = sx.backtest(provinces, origins=[1991, 2003], horizon=5, models=WALKS, draws=0)
    assert float(found.cases.sel(origin=1991).sum()) == 0
    assert found["mean"].sel(score="mase").notnull().all()
    assert found["indicator"].values.tolist() == ["a", "b", "all"]


def test_the_bundled_plan_and_the_record(tmp_path):
    history = sx.load_plan("shanxi-2014").history
    found = sx.backtest(history, origins=[2008, 2011], horizon=3, models=WALKS, draws=0, rng=5)
    assert {"rd_intensity", "all"} <= set(found["indicator"].values.tolist())
    assert (found.attrs["reference"], found.attrs["horizon"], found.attrs["seed_entropy"]) == (
        "naive",
        3,
        "5",
    )
    sx.save(xr.DataTree(dataset=found), tmp_path / "found.nc")
    assert "mean" in sx.open_result(tmp_path / "found.nc")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"models": {}}, RequestError, r"No model was given\. Leave out models="),
        ({"models": {"x": "naive"}}, RequestError, r"The model 'x' is a str, which looks ahead of nothing"),
        ({"reference": "naiv"}, UnknownNameError, r"The reference 'naiv' is not one .* mean 'naive'\?"),
        ({"horizon": 0}, RequestError, r"horizon=0\. Give a whole number of at least 1\."),
        ({"least": 1}, RequestError, r"least=1\. Give a whole number of at least 2\."),
        ({"draws": -1}, RequestError, r"draws=-1\. Give a whole number of at least 0\."),
        ({"origins": [2013]}, RequestError, r"The origin 2013 leaves nothing to compare"),
    ],
)
def test_requests_that_cannot_be_answered(provinces, options, error, message):
    with pytest.raises(error, match=message):
        sx.backtest(provinces, **({"models": WALKS, "origins": [2003]} | options))


def test_a_history_that_cannot_be_used():
    with pytest.raises(HistoryError, match=r"A history is an xarray\.Dataset"):
        sx.backtest([1, 2, 3])
