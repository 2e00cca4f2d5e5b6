from __future__ import annotations

import re

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.reporting.layout import WIDTH, cells
from sxsim.reporting.replay_words import CHINESE, ENGLISH


@pytest.fixture(scope="module")
def found():
    """Four targets of the bundled plan, one of them without any number, as of three years."""
    plan = sx.load_plan("shanxi-2014")
    return sx.replay(plan, [2012, 2016, 2020], targets=["H1", "H2", "H3", "H6b"], futures=60, rng=0)


def test_every_target_by_year(found):
    text = sx.render_replay(found)
    assert re.search(r"H1 +5\.8 - +0\.4 - +MISSED +MISSED", text)
    assert re.search(r"H2 +75\.7 \+ +98\.2 \+ +MET +HIT", text)
    assert re.search(r"headline +4\.0 +0\.2 +0\n", text)
    assert "headline: these together, H1, H2, H3 (2012-2016); H1, H2 (2020)" in text
    assert "on track (from 66 %)" in text
    assert max(map(cells, text.split("\n"))) <= WIDTH


def test_every_target_with_its_reasons(found):
    text = sx.render_replay(found)
    assert "at least 2.5 % of GDP in 2020; really: 1.2 % of GDP, MISSED" in text
    assert re.search(r"2016 +0\.4 % +none +off track +-5\.4 +\S+ +\S+ +1\.03 \(2016\) +1\.247", text)
    assert "as of 2020: 'tech_contract_total' or its level was not observed in 2020" in text
    assert re.search(r"H6b +The document gives no base", text)
    assert "by passing = had every new figure been the median forecast" in text
    assert text.split("\n")[-1].startswith("sxsim ")


def test_what_figures_settle(found):
    text = sx.render_replay(found)
    assert re.search(r"H2\n +2013 .*2020\n +2012 +\d+ \+- \d+ .* 100\n", text)
    assert "H6b\n" not in text


def test_in_chinese(found):
    text = sx.render_replay(found, lang=sx.Language.ZH)
    assert re.search(r"H1 +5\.8 - +0\.4 - +未实现 +未实现", text)
    assert "2020年不低于2.5%；实际结果：1.2%，未实现" in text
    assert "截至2020年：2020年没有tech_contract_total或其目标水平的数据" in text
    assert max(map(cells, text.split("\n"))) <= WIDTH


def test_a_mark_for_what_is_unsure(found):
    unsure = found.assign(alert_unsure=xr.ones_like(found.alert_unsure))
    assert re.search(r"H1 +5\.8 -\?", sx.render_replay(unsure))
    assert "off track ?" in sx.render_replay(unsure)


def test_many_years_take_several_tables(found):
    many = xr.concat(
        [found.assign_coords(as_of=found.as_of + 3 * i) for i in range(6)], "as_of", data_vars="minimal"
    )
    text = sx.render_replay(many)
    assert len(re.findall(r"^H1 +\S", text, re.MULTILINE)) >= 3
    assert max(map(cells, text.split("\n"))) <= WIDTH


def test_a_figure_in_both_languages(found):
    pytest.importorskip("matplotlib")
    figure = sx.replay_chart(found)
    assert len(figure.axes) == 6
    said = [text.get_text() for text in figure.axes[0].texts]
    assert {"5.8 %", "0.4 %", "0 %"} <= set(said)
    assert "H1  R&D expenditure over GDP" in said
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names[:3] == ["on track", "at risk", "off track"]
    star = [line for line in figure.axes[4].lines if line.get_marker() == "*"]
    assert star[0].get_xydata().tolist() == [[2020.0, 1.0]]
    from sxsim.reporting.fonts import font_families

    try:
        font_families(sx.Language.ZH)
    except sx.SxsimError:
        return
    assert sx.replay_chart(found, ["H1"], lang=sx.Language.ZH).axes[0].get_ylabel() == "实现概率"


def test_a_target_or_scenario_of_another_name(found):
    pytest.importorskip("matplotlib")
    for name in ("H7", "H6b"):
        with pytest.raises(sx.SxsimError, match=rf"There is no target '{name}' with a number"):
            sx.replay_chart(found, [name])
    with pytest.raises(sx.SxsimError, match=r"The replay has no scenario 'trends'\. Did you mean 'trend'"):
        sx.replay_chart(found, scenario="trends")


def test_nothing_to_draw(found):
    pytest.importorskip("matplotlib")
    empty = found.assign(probability=xr.full_like(found.probability, np.nan))
    with pytest.raises(sx.SxsimError, match=r"There is nothing to draw: no target has a number"):
        sx.replay_chart(empty)
    assert "Nothing could be said in any year" in sx.render_replay(empty)


def test_nothing_was_ever_known():
    text = sx.render_replay(sx.replay(sx.load_plan("shanxi-2014"), [2012], targets=["H6b"], futures=50))
    assert "Nothing could be said in any year" in text and "together" not in text


@pytest.mark.parametrize("draw", [sx.render_replay, sx.replay_chart])
def test_something_else(draw, found):
    pytest.importorskip("matplotlib")
    for other in (found.drop_attrs(), found.isel(as_of=0, drop=True), "found"):
        with pytest.raises(sx.SxsimError, match=r"This is not a result of sx\.replay\. Give what"):
            draw(other)


def test_alerts_are_named_in_both_languages():
    names = {alert.value for alert in sx.Alert}
    assert set(ENGLISH.alerts) == set(CHINESE.alerts) == names
