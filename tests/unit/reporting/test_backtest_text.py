from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import RequestError, UnknownNameError
from sxsim.reporting.layout import WIDTH, cells


def apart(history, horizon, quantiles):
    """Say nothing of how the years hang together."""
    return sx.PlainWalk(drift=True)(history, horizon).quantiles(quantiles)


MODELS = {
    "default": sx.Fitted(),
    "my own model with a name of some length": sx.FromQuantiles(forecast=apart),
    "naive": sx.PlainWalk(),
}


@pytest.fixture(scope="module")
def result():
    rng = np.random.default_rng(5)
    values = 30 * np.exp(rng.normal(0.04, 0.1, (2, 20)).cumsum(axis=1))
    attrs = {"long_name": "Patents granted", "long_name_zh": "专利授权量"}
    data = xr.Dataset(
        {"a": ("year", values[0], attrs), "b": ("year", values[1])}, coords={"year": np.arange(1995, 2015)}
    )
    return sx.backtest(data, origins=[2003, 2006, 2009], horizon=4, models=MODELS, draws=256, rng=0)


def test_whole_paths_of_those_that_join_the_years(result):
    text = sx.render_backtest(result).split("All years ahead together")[1].split("Whole paths on")[0]
    pooled = result.sel(indicator="all")
    assert f"{float(pooled.path_mean.sel(model='default', path_score='energy')):.3f} +-" in text
    assert f"{float(pooled.path_mean.sel(model='naive', path_score='variogram')):.3f} +-" in text
    assert "my own model" not in text
    without = result.assign(path_mean=np.nan * result.path_mean)
    assert "All years ahead together" not in sx.render_backtest(without)


@pytest.mark.parametrize("lang", list(sx.Language))
def test_lines_fit_and_every_figure_is_there(result, lang):
    text = sx.render_backtest(result, lang=lang)
    assert max(map(cells, text.split("\n"))) <= WIDTH
    pooled = result.sel(indicator="all", model="default")
    for value in (
        f"{float(pooled['mean'].sel(score='scaled_crps')):.2f}",
        f"{float(pooled['mean'].sel(score='smape')):.2f}",
        f"{float(pooled.event_miscalibration.sel(event='every_year')):.4f}",
        f"{float(result['mean'].sel(indicator='b', model='naive', score='scaled_crps')):.2f}",
    ):
        assert value in text
    assert ("Patents granted" in text) == (lang is sx.Language.EN)
    assert ("专利授权量" in text) == (lang is sx.Language.ZH)


def test_it_says_what_the_origins_are_worth(result):
    text = sx.render_backtest(result)
    worth = float(result.effective_origins.sel(indicator="all").max())
    assert f"worth {worth:.1f} independent ones" in text
    assert "Refitted at 3 origins (2003 to 2009)" in text
    one = sx.backtest(
        sx.load_plan("shanxi-2014").history[["rd_intensity"]], origins=[2012], models=MODELS, draws=0
    )
    text = sx.render_backtest(one)
    assert "With one origin nobody can say" in text
    assert "+-" not in text.split("Forecasts")[1]
    assert "series by series" not in text


def test_cases_left_unanswered_are_named(result):
    assert "Left unanswered" not in sx.render_backtest(result)
    marked = result.assign(failures=result.failures + xr.DataArray([0, 2, 0], dims="model"))
    marked.attrs = result.attrs
    assert "none counted: my own model with a name of some length 2." in " ".join(
        sx.render_backtest(marked).split()
    )


def test_scores_beyond_all_bounds_still_fit(result):
    size = xr.where(result["score"].isin(["scaled_crps", "mase"]), 1e20, 1.0)
    far = result.assign({name: size * result[name] for name in ("mean", "standard_error", "difference")})
    text = sx.render_backtest(far.assign_attrs(result.attrs))
    assert max(map(cells, text.split("\n"))) <= WIDTH
    assert "e+20" in text


def test_nothing_to_compare(result):
    empty = result.assign(cases=0 * result.cases)
    assert "There was nothing to compare." in sx.render_backtest(empty)


def test_something_else_is_refused(result):
    for wrong in (xr.Dataset(), "text"):
        with pytest.raises(RequestError, match=r"This is not a result of sx\.backtest\. Give what"):
            sx.render_backtest(wrong)


@pytest.mark.parametrize("lang", list(sx.Language))
def test_a_panel_for_every_forecaster_that_spoke(result, lang):
    pytest.importorskip("matplotlib")
    try:
        figure = sx.reliability_chart(result, lang=lang)
    except sx.SxsimError as error:
        if lang is sx.Language.ZH and "No font with Chinese" in str(error):
            pytest.skip("no Chinese font")
        raise
    assert len(figure.axes) == 3
    assert len(sx.reliability_chart(result, event="every_year").axes) == 2


def test_the_curve_in_the_figure_is_the_reliability_curve(result):
    pytest.importorskip("matplotlib")
    [axes] = sx.reliability_chart(result, ["default"]).axes
    one = result.sel(event="level", model="default")
    curve = sx.scores.reliability(one.event_probability, one.event_outcome, rng=0)
    drawn = next(line for line in axes.lines if len(line.get_xdata()) == 101)
    np.testing.assert_array_equal(drawn.get_ydata(), curve.observed)


def test_figures_that_cannot_be_drawn(result):
    pytest.importorskip("matplotlib")
    with pytest.raises(RequestError, match=r"not a result of sx\.backtest or sx\.calibration\. Give what"):
        sx.reliability_chart(result.drop_attrs())
    with pytest.raises(UnknownNameError, match=r"There is no event 'levels'\. Did you mean 'level'\?"):
        sx.reliability_chart(result, event="levels")
    with pytest.raises(UnknownNameError, match=r"'my own .*' announced no probability of this event"):
        sx.reliability_chart(result, list(MODELS)[1:2], event="every_year")
    silent = result.assign(event_probability=np.nan * result.event_probability)
    with pytest.raises(RequestError, match=r"There is nothing to draw: no probability was announced"):
        sx.reliability_chart(silent)
