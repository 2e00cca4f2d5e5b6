from __future__ import annotations

import re

import pytest

import sxsim as sx
from sxsim.plan import Assumed, EffectUnit
from sxsim.reporting import Language
from sxsim.reporting.layout import WIDTH, cells
from sxsim.reporting.scenario_lines import scenario_lines
from sxsim.scenarios import scenario_table


@pytest.fixture(scope="module")
def plan():
    return sx.load_plan("shanxi-2014")


@pytest.mark.parametrize("lang", Language)
def test_every_scenario_has_its_story_and_every_line_fits(plan, lang):
    text = sx.render_scenarios(plan, lang=lang)
    assert max(cells(line) for line in text.split("\n")) <= WIDTH
    squeezed = re.sub(r"\s+", "", text)
    for one in plan.scenarios:
        assert f"{one.id}" in text
        assert re.sub(r"\s+", "", one.story) in squeezed


@pytest.mark.parametrize("lang", Language)
def test_every_assumption_stands_there_once_with_its_origin(plan, lang):
    squeezed = re.sub(r"\s+", "", sx.render_scenarios(plan, lang=lang))
    found = {one for scenario in plan.scenarios for one in scenario.assumptions()}
    assert len(found) > 10
    for origin in {one.origin for one in found}:
        count = sum(one.origin == origin for one in found)
        assert squeezed.count(re.sub(r"\s+", "", origin)) >= count


def test_what_was_said_already_is_only_referred_to(plan):
    text = " ".join(sx.render_scenarios(plan).split())
    assert "- as under Early push: lever L1, L2, L3, L11, L22, L24, L25" in text
    assert text.count("most likely 0.84") == 1
    assert "- 与“尽早发力”相同：措施L1、L2、L3" in sx.render_scenarios(plan, lang=Language.ZH)


def test_sentences_in_chinese_are_chinese():
    more = sx.Effect(
        indicator="rd", size=sx.Elicited.read("1 to 3, most likely 2"), unit=sx.EffectUnit.GROWTH, origin="甲"
    )
    changes = (
        sx.Pull(lever=sx.Lever(id="L1", label="L", effects=(more,)), start=2014),
        sx.GivenPath(indicator="gdp", figures={2015: 1.5, 2016: 2.0}, origin="乙"),
        sx.CorrelationChange(share=0.3, origin="丙"),
        sx.Transmission(source="rd", target="firms", elasticity=0.3, lag=2, origin="丁"),
    )
    table = scenario_table(
        (sx.Scenario(id="x", label="X", label_zh="情景", story="故事。", changes=changes),)
    )
    names = {"rd": "研发", "gdp": "生产总值", "firms": "企业"}
    lines = scenario_lines(table, lambda name: names.get(name, name), Language.ZH)
    assert lines[1:] == [
        "  情景（x）：故事。",
        "    - 措施L1：使研发变动1至3，最可能2个百分点（年增速）（甲）",
        "    - 给定路径生产总值：生产总值为2015年1.5；2016年2（乙）",
        "    - 相关性：全部指标的相关性向完全同步靠近，比例为0.3（丙）",
        "    - 传导研发 → 企业：弹性为0.3，滞后2年（丁）",
    ]


@pytest.mark.parametrize("lang", Language)
def test_every_form_and_unit_has_words(lang):
    assert set(lang.words.forms) == {form.name for form in Assumed}
    assert set(lang.words.effect_units) == {unit.value for unit in EffectUnit}
