"""What every kind of target asks for, in both languages, from the result alone."""

from __future__ import annotations

import pytest

import sxsim as sx
from sxsim.reporting.goals import goal
from sxsim.reporting.language import Language
from sxsim.reporting.reading import rows

SAID = {
    "T1": ("asks for at least 55 % in 2030", "目标：2030年不低于55%"),
    "T2": (
        "asks for at least 8,000 million yuan in every year 2024-2030",
        "目标：2024—2030年每年不低于8,000百万元",
    ),
    "R1": ("asks for between 50 and 60 % of generation in 2030", "目标：2030年处于50至60%之间"),
    "R2": (
        "asks for at least 0.9 times National renewable share (it moves too; its median: # % of generation) "
        "in every year 2029-2030",
        "目标：2029—2030年每年不低于全国可再生能源占比的0.9倍（该水平本身也在变动，中位数#%）",
    ),
    "R3": (
        "asks for at least its own level of 2020 grown by +5.0 % a year (11,240 million yuan) in 2030",
        "目标：2030年不低于2020年水平再加此后年均+5.0%（11,240百万元）",
    ),
    "R4": (
        "asks for at least its own level of the year before grown by +1.0 % (it moves too; its "
        "median: # million yuan) in every year 2026-2027",
        "目标：2026—2027年每年不低于上年水平再加+1.0%（该水平本身也在变动，中位数#百万元）",
    ),
    "R5": (
        "asks for at least its own level of 2025 (it moves too; its median: # points) in 2030",
        "目标：2030年不低于2025年水平（该水平本身也在变动，中位数#个）",
    ),
    "R6": (
        "asks for at least 400 points in at least one year of 2028-2030 "
        "(compared as published, in steps of 10)",
        "目标：2028—2030年中至少一年不低于400个（按公布精度10比较）",
    ),
    "R7": (
        "asks for at least 60,000 million yuan in all over 2022-2028",
        "目标：2022—2028年累计不低于60,000百万元",
    ),
    "R9": (
        'asks for at least 60 % of generation ("基本替代") in 2030',
        "目标：2030年不低于60%（“基本替代”）",
    ),
    "C1": ("asks for all of: T1, T3", "目标：同时满足：T1，T3"),
    "C2": (
        "asks for at least 2 of: T1, Green investment at least its own level of 2025 in 2030, "
        "National renewable share at least 60 % of generation in every year 2029-2030",
        "目标：至少满足2项：T1，绿色投资额在2030年不低于2025年水平，全国可再生能源占比在2029—2030年每年不低于60%",
    ),
    "C3": (
        "asks for any of: Renewable share of electricity between 50 and 52 % of generation in 2030, "
        "Renewable share of electricity at least 58 % of generation in 2030",
        "目标：至少满足其一：可再生能源发电占比在2030年处于50至52%之间，可再生能源发电占比在2030年不低于58%",
    ),
}


@pytest.mark.parametrize("target", SAID)
@pytest.mark.parametrize("lang", Language)
def test_every_kind_of_target_is_said_in_words(kinds, target, lang):
    [row] = [one for one in rows(kinds) if one.id == target]
    expected = SAID[target][lang is Language.ZH]
    before, _, after = expected.partition("#")
    said = goal(kinds, row, lang)
    assert said.startswith(before) and said.endswith(after)
    assert "#" in expected or said == expected


@pytest.mark.parametrize(("lang", "word"), [(Language.EN, "nobody"), (Language.ZH, "没有数值说明其含义")])
def test_a_word_without_a_number_is_listed_with_its_reason(kinds, lang, word):
    text = sx.render_odds(kinds, lang=lang)
    reason = {Language.EN: "it says '基本替代', and no threshold says what that means"}.get(lang, word)
    assert reason in text


def test_the_table_holds_every_goal_and_each_series_once(kinds):
    text = " ".join(sx.render_odds(kinds).split())
    for english, _ in SAID.values():
        assert all(piece in text for piece in english.split("#"))
    evidence = text.partition("What the numbers rest on")[2].partition("Growth and yearly shock")[0]
    assert evidence.count("Renewable share of electricity") == 1


def test_the_text_is_the_same_after_a_file(kinds, tmp_path):
    file = sx.save(kinds, tmp_path / "kinds.nc")
    assert sx.render_odds(sx.open_result(file)) == sx.render_odds(kinds)


def test_nested_parts_stand_in_brackets(kinds):
    from sxsim.plan import AllOf, AnyOf, promise_table, promises_of

    asked = promises_of(kinds["asked"].to_dataset())
    one, two = asked["C3"].parts
    tree = kinds.copy()
    tree["asked"] = promise_table(
        {"C3": AllOf(parts=(one, AnyOf(parts=(two, asked["R9"])))), "R9": asked["R9"]}
    )
    [row] = [found for found in rows(tree) if found.id == "C3"]
    said = goal(tree, row, Language.EN)
    assert said.endswith("(any of: Renewable share of electricity at least 58 % of generation in 2030, R9)")


def test_years_with_gaps_are_listed(kinds):
    from dataclasses import replace

    from sxsim.plan import promise_table, promises_of

    asked = promises_of(kinds["asked"].to_dataset())
    tree = kinds.copy()
    tree["asked"] = promise_table({"T1": replace(asked["T1"], years=(2026, 2030))})
    [row] = [found for found in rows(tree) if found.id == "T1"]
    assert goal(tree, row, Language.EN).endswith("in every year 2026, 2030")


def test_what_was_chosen_is_said_in_both_languages(tmp_path):
    from sxsim.io import write_template

    plan = sx.load_plan(write_template(tmp_path / "town.toml")[0])
    tree = sx.run(sx.at_precision(plan), draws=200, rng=0)
    assert "T1: ASSUMPTION: compared as published, in steps of 0.1" in sx.render_odds(tree)
    assert "T1：假设：按公布精度0.1比较" in sx.render_odds(tree, lang=Language.ZH)


def test_a_series_that_is_computed_says_from_what(tmp_path):
    from sxsim.io import write_template

    file = write_template(tmp_path / "town.toml")[0]
    more = """
[[indicator]]
id = "double"
label = "Twice the points"
kind = "flow"
[[identity]]
indicator = "double"
expression = "2 * charging_points"
[[target]]
id = "D1"
label = "Many"
indicator = "double"
relation = ">="
value = 700
year = 2030
"""
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    tree = sx.run(sx.load_plan(file), draws=200, rng=0)
    assert "2 * charging_points" in sx.render_odds(tree).partition("What the numbers rest on")[2]
    assert len(sx.fan_charts(tree, ["D1"]).axes) == 1
