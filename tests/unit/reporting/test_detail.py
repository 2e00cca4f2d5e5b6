from __future__ import annotations

import re

import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import RequestError, UnknownNameError
from sxsim.reporting.layout import WIDTH, cells


@pytest.fixture(scope="module")
def plan():
    return sx.load_plan("shanxi-2014")


@pytest.fixture(scope="module")
def odds(plan):
    model = sx.fit(plan.history, until=2012)
    chosen = plan.scenarios[:2]
    return sx.attainment(model, plan.targets, scenarios=chosen, detail=True, rng=0)


@pytest.mark.parametrize("lang", list(sx.Language))
def test_every_question_is_answered_in_lines_that_fit(odds, plan, lang):
    text = sx.render_detail(odds, scenarios=plan.scenarios, lang=lang)
    assert max(cells(line) for line in text.splitlines()) <= WIDTH
    assert text.count("H4-proxy") == 4  # years and shortfall, under two scenarios; proxies join nothing
    assert not re.search(r"[^.\d]0(\.0)? ?%|100(\.0)? ?%", text)  # no sample is certain
    for scenario in plan.scenarios[:2]:
        assert lang.choose(scenario.label, scenario.label_zh) in text


def test_one_target_has_no_company(plan):
    one = sx.attainment(sx.fit(plan.history, until=2012), plan.target("H1"), detail=True, rng=0)
    text = sx.render_detail(one)
    assert text.startswith("When is each target hit for the first time? Under trend\n")
    assert "How many" not in text
    assert sx.render_detail(one.sel(scenario="trend")) == text


def test_refuses_what_holds_no_details(plan):
    model = sx.fit(plan.history, until=2012)
    plain = sx.attainment(model, plan.target("H1"), rng=0)
    for what in (plain, xr.Dataset(), "odds"):
        with pytest.raises(
            RequestError, match=r"^There are no details\. Give what sx\.attainment\(\.\.\., detail"
        ):
            sx.render_detail(what)
    with pytest.raises(RequestError, match=r"^There are no details"):
        sx.timing_chart(plain)


def test_refuses_a_batch(odds):
    with pytest.raises(RequestError, match=r"dimension 'region'\. Choose one, with \.sel\(region=\.\.\.\)"):
        sx.render_detail(odds.expand_dims(region=["a"]))


def test_the_chart_has_a_panel_for_each_target(odds, plan):
    chart = sx.timing_chart(odds, ["H1", "H2"], scenario="as_planned", scenarios=plan.scenarios)
    first, second = chart.axes
    assert first.get_title(loc="left").startswith("H1  R&D expenditure")
    assert len(second.patches) == 8
    heights = [100.0 * float(v) for v in odds.first_hit.sel(scenario="as_planned", target="H2")]
    assert [bar.get_height() for bar in second.patches] == pytest.approx(heights)
    assert chart.get_suptitle() == "When is it hit? Under As planned"


def test_the_chart_refuses_other_names(odds):
    with pytest.raises(UnknownNameError, match=r"^The years of 'H9' are not told"):
        sx.timing_chart(odds, ["H9"])
    with pytest.raises(UnknownNameError, match=r"^There is no scenario 'bust'"):
        sx.timing_chart(odds, scenario="bust")


def test_the_chart_refuses_to_be_empty(plan):
    model = sx.fit(plan.history, until=2012)
    both = sx.AllOf(parts=tuple(plan.target(name).condition for name in ("H1", "H2")))
    odds = sx.attainment(model, sx.Target(id="A", label="a", condition=both), detail=True, rng=0)
    with pytest.raises(RequestError):
        sx.timing_chart(odds)
