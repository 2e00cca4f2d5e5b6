from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import RequestError, UnknownNameError
from sxsim.reporting.layout import WIDTH, cells

FEW = sx.MonteCarlo(draws=2048)


def lever(name, size):
    effect = sx.Effect(indicator="y", size=size, unit=sx.EffectUnit.LOG_A_YEAR, origin="somebody said so")
    return sx.Lever(id=name, label=f"Fund {name}", label_zh=f"基金{name}", effects=(effect,))


@pytest.fixture
def targets(aim):
    return [
        aim("H1", years=[2016], stated_growth=0.06, label_zh="研发"),
        aim("H2", level=95.0, years=[2016]),
        aim("H3", of="nowhere"),
    ]


@pytest.fixture
def growth(hand, targets):
    return sx.goal_seek(hand(drift=0.02), targets, probability=[0.5, 0.8], together=True, rng=0)


@pytest.fixture
def line(hand, targets):
    pair = lever("A", 3.0), lever("B", 1.5)
    return sx.trade_off(
        hand(drift=0.0), targets[0], levers=pair, probability=0.5, points=4, bounds=((0, 2), (0, 2))
    )


def test_growth_is_said_beside_trend_and_plan(growth):
    text = sx.render_goal_seek(growth)
    assert text.startswith("How much growth would it take, seen with the data until 2012? (trend)")
    assert "trend +2.0 % a year; the plan states +6.0 % a year" in text
    assert "50 %  +4.7 % a year       +2.6 points        none" in text
    assert "reached already" in text
    assert "cannot be assessed: there is no series 'nowhere'" in text
    assert "All together (the same extra growth for everything they ask for)" in text
    assert text.endswith(
        "Supposed: extra growth, whatever may bring it about; nobody has measured what does."
    )


def test_every_answer_says_what_is_assumed(growth, line, hand, targets):
    dose = sx.goal_seek(hand(), targets[0], lever=lever("A", 3.0), probability=0.5)
    for found in (growth, dose, line):
        assert "That policy can bring this about is an assumption" in sx.render_goal_seek(found)
        assert "政策能否做到是假设" in sx.render_goal_seek(found, lang=sx.Language.ZH)
    for found in (dose, line):
        assert "somebody said so" in sx.render_goal_seek(found)


def test_a_dose_and_a_line(hand, targets, line):
    found = sx.goal_seek(
        hand(), targets, lever=lever("A", 3.0), probability=[0.1, 0.5, 0.99], together=True, rng=0
    )
    text = sx.render_goal_seek(found)
    assert "How much of lever A (Fund A) would it take" in text
    assert "not reachable within bounds" in text and "reached already" in text
    assert "举措A（基金A）" in sx.render_goal_seek(found, lang=sx.Language.ZH)
    text = sx.render_goal_seek(line)
    assert "How much of B (Fund B) does it take beside A (Fund A) for 50.0 %?" in text
    assert "not reachable within bounds" in text and "reached already" in text


def test_years_and_levels(hand, targets):
    years = sx.earliest_year(hand(), targets, probability=[0.5, 0.9], together=True, rng=0)
    assert "after 2016" in sx.render_goal_seek(years)
    assert "2016年以后" in sx.render_goal_seek(years, lang=sx.Language.ZH)
    back = sx.earliest_year(hand(drift=-0.05, sigma=0.05), targets[1], probability=0.5, until=2020)
    assert "2013 (falls short again later)" in sx.render_goal_seek(back)
    total = sx.Total(
        indicator="y", relation=sx.Relation.AT_LEAST, level=sx.Number(value=200.0), years=(2013, 2014)
    )
    wanted = [*targets, sx.Target(id="sum", label="Sum", condition=total)]
    levels = sx.largest_target(hand(), wanted, probability=0.5, method=FEW, rng=0)
    text = sx.render_goal_seek(levels)
    assert "H1  H1 (asks for 120)" in text
    assert "asks for 200 in all" in text
    assert "合计" in sx.render_goal_seek(levels, lang=sx.Language.ZH)


def test_lines_fit_the_page_in_both_languages(growth, line):
    for found in (growth, line):
        for lang in sx.Language:
            assert max(map(cells, sx.render_goal_seek(found, lang=lang).split("\n"))) <= WIDTH


def test_what_is_no_answer_or_has_a_batch(growth, line):
    with pytest.raises(RequestError, match="This answers no inverse question"):
        sx.render_goal_seek(xr.Dataset())
    batch = growth.expand_dims(province=["a", "b"])
    with pytest.raises(RequestError, match="has the dimension 'province'"):
        sx.render_goal_seek(batch)
    with pytest.raises(RequestError, match="no search for growth"):
        sx.goal_chart(line)
    with pytest.raises(RequestError, match="This is no trade-off"):
        sx.trade_off_chart(growth)


def test_charts_show_what_was_asked_for(growth, line):
    pytest.importorskip("matplotlib")
    chart = sx.goal_chart(growth)
    assert [axes.get_title(loc="left") for axes in chart.axes] == ["H1  H1", "H2  H2"]
    said = [text.get_text() for text in chart.axes[0].texts]
    assert "stated by the plan +6.0 % a year" in said and "trend +2.0 % a year" in said
    assert sum(text.startswith("50 %: ") for text in said) == 1
    assert len(sx.goal_chart(growth, ["H2"]).axes) == 1
    needed = sx.trade_off_chart(line).axes[0].lines[0].get_ydata()
    np.testing.assert_array_equal(np.asarray(needed, float), line.required)


def test_charts_that_cannot_be_drawn(growth):
    pytest.importorskip("matplotlib")
    with pytest.raises(UnknownNameError, match="No required growth of 'H3' is known"):
        sx.goal_chart(growth, ["H3"])
    with pytest.raises(RequestError, match="There is nothing to draw"):
        sx.goal_chart(growth.sel(target=["H3"]))
