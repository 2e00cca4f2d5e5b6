from __future__ import annotations

import re

import numpy as np
import pytest
import xarray as xr

from sxsim.errors import HistoryError, MissingFileError, PlanError
from sxsim.io import read_plan
from sxsim.plan import (
    TREND,
    Base,
    Benchmark,
    Bridge,
    Group,
    Kind,
    Number,
    PlannedGrowth,
    Relation,
    Severity,
    Strength,
    audit,
)


def test_the_template_is_read_whole(template):
    plan = read_plan(template)
    assert (plan.id, plan.start, plan.end, plan.fit_until) == ("example-town", 2024, 2030, 2023)
    assert [one.kind for one in plan.indicators] == [Kind.SHARE, Kind.AMOUNT, Kind.STOCK]
    first, second, third = plan.targets
    assert (first.group, first.strength, second.strength) == (
        Group.HEADLINE,
        Strength.PLAIN,
        Strength.BEST_EFFORT,
    )
    assert first.condition.relation is Relation.AT_LEAST
    assert first.condition.level == Number(value=55.0)
    assert first.base == Base(value=42.2, year=2023)
    assert second.condition.years == tuple(range(2024, 2031))
    assert third.condition.years == (2030,)
    assert plan.leads("energy") == ("T1", "T2", "L1")
    assert all(one.label_zh for one in plan.rows().values())
    assert [one.severity for one in audit(plan)] == [Severity.NOTE] * 5


def test_the_template_scenarios_are_resolved(template):
    plan = read_plan(template)
    assert [one.id for one in plan.scenarios] == ["trend", "as_planned"]
    assert plan.scenario("trend").changes == ()
    assert plan.scenario("as_planned").changes == (
        PlannedGrowth(indicator="renewable_share", base_value=42.2, base_year=2023, growth=0.04),
        PlannedGrowth(indicator="charging_points", base_value=169.0, base_year=2023, growth=0.132),
    )


def test_the_template_history_is_labelled(template):
    plan = read_plan(template)
    assert list(plan.history.data_vars) == [one.id for one in plan.indicators]
    assert plan.history["renewable_share"].sel(year=2023) == 42.2
    assert len(plan.observations) == 45
    assert plan.history["charging_points"].attrs["source"] == "2009-2023: invented for this template"


def test_reading_twice_gives_the_same_plan_and_another_byte_another_digest(template):
    first = read_plan(template)
    assert read_plan(str(template)) == first
    assert re.fullmatch("[0-9a-f]{32}", first.digest)
    history = template.with_suffix(".csv")
    history.write_text(history.read_text(encoding="utf-8").replace(",169,", ",170,"), encoding="utf-8")
    assert read_plan(template).digest != first.digest


def test_a_plan_without_scenarios_gets_the_trend(edited):
    cut = edited().read_text(encoding="utf-8").split("# Scenarios share")[0]
    edited().write_text(cut, encoding="utf-8")
    assert read_plan(edited()).scenarios == (TREND,)


def test_observations_may_stand_in_the_plan_file(edited):
    more = '\n[[observation]]\nindicator = "green_investment"\nyear = 2008\nvalue = 3000\nsource = "x"\n'
    plan = read_plan(edited(add=more))
    assert plan.history["green_investment"].sel(year=2008) == 3000.0
    assert np.isnan(plan.history["renewable_share"].sel(year=2008))


EVERY_OTHER_TABLE = """
[[indicator]]
id = "national"
label = "National share"
kind = "share"
role = "benchmark"
units = "%"
lower = 5
upper = 95
breaks = ["2015: new scope"]
bridge_from = "renewable_share"
bridge_sd = 0.05
bridge_assumption = "close cousins"
[[target]]
id = "T4"
label = "Not behind the nation"
indicator = "renewable_share"
relation = ">="
benchmark = "national"
every_year = [2024, 2026]
part_of = "T1"
proxy_for = "T1"
not_assessable = "no national series"
[[aim]]
id = "A1"
label = "Cleaner air"
indicator = "national"
line = 12
[[mechanism]]
id = "M1"
label = "Revision"
lines = [3, 4]
model_object = "target revision event"
[[sector]]
id = "wind"
label = "Wind power"
[[place]]
id = "harbour"
label = "Harbour district"
[[clause]]
line = 12
section = "2"
units = ["energy"]
rows = ["A1", "T4"]
[[stock_flow]]
stock = "T3"
flow = "T2"
first_year = 2024
last_year = 2030
note = "none lost"
"""


def test_every_other_table_is_read(edited):
    plan = read_plan(edited(add=EVERY_OTHER_TABLE))
    assert plan.indicator("national").bridge == Bridge(
        source="renewable_share", drift_sd=0.05, assumption="close cousins"
    )
    assert plan.target("T4").condition.level == Benchmark(indicator="national")
    assert plan.target("T4").condition.years == (2024, 2025, 2026)
    assert [plan.aims[0].id, plan.mechanisms[0].lines, plan.sectors[0].id, plan.places[0].id] == [
        "A1", (3, 4), "wind", "harbour",
    ]  # fmt: skip
    assert plan.stock_flows[0].note == "none lost"
    assert plan.leads("energy") == ("T1", "T2", "T4", "A1", "L1")


T1 = 'id = "T1"'
PLAN_ERRORS = [
    # tables and keys
    ([("[[lever]]", "[[levers]]")], r"unknown table 'levers'\. Did you mean 'lever'\?"),
    ([("[plan]", "[plans]")], r"unknown table 'plans'\. Did you mean 'plan'\?"),
    ([("[[unit]]", "[unit]")], r"'unit' is not written as \[\[unit\]\]\. Write \[\[unit\]\] above its keys"),
    ([("value = 55", "valeu = 55")], r"\[\[target\]\] T1: unknown key 'valeu'\. Did you mean 'value'\?"),
    ([('publisher = "', 'publsher = "')], r"\[plan\]: unknown key 'publsher'\. Did you mean 'publisher'\?"),
    ([("start = 2024", "")], r"\[plan\]: the key 'start' is missing\. Add start = "),
    ([(T1, "")], r"\[\[target\]\] number 1: the key 'id' is missing\. Add id = "),
    # types
    ([("value = 55", 'value = "55"')], r"\[\[target\]\] T1: value = '55' is not a number\. Write it without"),
    ([("value = 55", "value = true")], r"T1: value = true is not a number"),
    ([("value = 55", "value = inf")], r"T1: value = inf is not a finite number\. Leave the key out"),
    ([("year = 2030", "year = 2030.0")], r"T1: year = 2030\.0 is not a whole number\. Write it without"),
    ([(T1, "id = 1")], r"\[\[target\]\] 1: id = 1 is not text\. Put it in quotation marks"),
    ([(T1, 'id = "T 1"')], r"T 1: id = 'T 1' is not a usable id\. Use letters"),
    (
        [('lead_units = ["energy"]', 'lead_units = "energy"')],
        r"lead_units = 'energy' is not a list\. Write it in sq",
    ),
    ([('lead_units = ["energy"]', "lead_units = [7]")], r"T1: lead_units = \[7\] is not text"),
    (
        [("as_planned = true", 'as_planned = "yes"')],
        r"as_planned = 'yes' is neither true nor false\. Write true",
    ),
    (
        [('relation = ">="', 'relation = "=>"')],
        r"T1: relation = '=>' is not a known relation\. Known: <=, >=",
    ),
    (
        [('kind = "stock"', 'kind = "stocks"')],
        r"charging_points: kind = 'stocks' is not a known kind\. Did you mean 'stock'",
    ),
    # what belongs together
    (
        [("year = 2030", "year = 2030\nevery_year = [2024, 2030]")],
        r"T1: year = 2030 and every_year = .* both given\. Keep",
    ),
    (
        [("value = 55", "")],
        r"T1: none of value, lower, upper, benchmark, since, growth, word is given\. Give one",
    ),
    (
        [("year = 2030", "")],
        r"T1: none of year, every_year, by_year, total_over is given\. .*what you take and say so in",
    ),
    (
        [('relation = ">="', "")],
        r"T1: indicator = 'renewable_share' stands there without relation\. Add relation",
    ),
    (
        [("base_value = 42.2", "")],
        r"T1: base_year = 2023 stands there without base_value\. base_value, base_year bel",
    ),
    (
        [("[2024, 2030]", "[2030, 2024]")],
        r"T2: every_year = \[2030, 2024\] is not a first and a last year\. Write two",
    ),
    ([("[2024, 2030]", "[2024]")], r"T2: every_year = \[2024\] is not a first and a last year"),
    (
        [('kind = "stock"', 'kind = "stock"\nbridge_sd = 0.1')],
        r"bridge_sd = 0\.1 stands there without bridge_from\. bri",
    ),
    (
        [('kind = "stock"', 'kind = "stock"\nbridge_sd = -0.1')],
        r"bridge_sd = -0\.1 is negative\. A spread is zero or",
    ),
    # what the nouns and the whole plan know
    (
        [("fit_until = 2023", "fit_until = 2030")],
        r"T1: year = 2030 does not reach beyond the data \(fit_until = 2030\)",
    ),
    (
        [("fit_until = 2023", "fit_until = 2030"), ("year = 2030", "year = 2031")],
        r"T2: every_year = \[2024, 2030\] does",
    ),
    (
        [("stated_growth = 0.04", "stated_growth = -4")],
        r"\[\[target\]\] T1: stated_growth = -4\.0 is not above -1\. Gr",
    ),
    (
        [("base_year = 2023\nstated", "base_year = 2030\nstated")],
        r"\[\[target\]\] T1: base_year = 2030 is not before",
    ),
    (
        [("value = 55", "value = 155")],
        r"\[\[target\]\] T1: value = 155\.0 lies outside the bounds of 'renewable_share'",
    ),
    ([("start = 2024", "start = 2034")], r"\[plan\] example-town: start = 2034 lies after end = 2030"),
    ([('id = "T2"', T1)], r"\[\[target\]\] T1: id = 'T1' is already used by an earlier target"),
    (
        [('indicator = "renewable_share"', 'indicator = "renewables"')],
        r"T1: indicator = 'renewables' .* Did you mean 'r",
    ),
    (
        [('targets = ["T1", "T2"]', 'targets = ["T1", "T9"]')],
        r"\[\[lever\]\] L1: targets = 'T9' is not the id of any t",
    ),
    (
        [('lead_units = ["energy"]', 'lead_units = ["enrgy"]')],
        r"T1: lead_units = 'enrgy' .* Did you mean 'energy'\?",
    ),
]


@pytest.mark.parametrize(("swaps", "message"), PLAN_ERRORS, ids=lambda value: None)
def test_every_mistake_in_a_plan_is_one_error_that_says_where(edited, swaps, message):
    file = edited(*swaps)
    with pytest.raises(PlanError, match=message) as caught:
        read_plan(file)
    assert str(caught.value).startswith(f"{file}: ")
    assert str(caught.value).count(str(file)) == 1
    assert caught.value.hint


def test_an_impossible_condition_names_its_row(edited):
    file = edited(("year = 2030", "year = 20301"))
    with pytest.raises(
        PlanError, match=r"\[\[target\]\] T1: condition on renewable_share: year = 20301 is not a cal"
    ):
        read_plan(file)


def test_invalid_toml_names_the_line(edited):
    with pytest.raises(
        PlanError, match=r"not valid TOML: .*at line 8, column.*\. Mend that line and try again"
    ):
        read_plan(edited(('title = "Example', "title = Example")))


def test_a_plan_file_needs_a_plan_table(tmp_path):
    (tmp_path / "empty.toml").write_text("", encoding="utf-8")
    with pytest.raises(
        PlanError, match=r"empty\.toml: the table \[plan\] is missing\. Begin the file with \[plan\]"
    ):
        read_plan(tmp_path / "empty.toml")


def test_text_that_is_not_utf8_is_refused_and_a_byte_order_mark_is_not(template):
    text = template.read_text(encoding="utf-8")
    template.write_bytes(text.encode("gb18030"))
    with pytest.raises(PlanError, match=r"not UTF-8 text \(byte \d+\)\. Save the file as UTF-8"):
        read_plan(template)
    template.write_text(text, encoding="utf-8-sig")
    assert read_plan(template).title_zh.startswith("示例市")


def test_missing_files_are_named(template):
    with pytest.raises(MissingFileError, match=r"The plan file .*none\.toml does not exist\. Check the path"):
        read_plan(template.with_name("none.toml"))
    with pytest.raises(MissingFileError, match=r" is a folder, not a plan file\. Give the path of a file"):
        read_plan(template.parent)
    template.with_suffix(".csv").unlink()
    with pytest.raises(MissingFileError, match=r"The history file .*plan\.csv does not exist"):
        read_plan(template)


def test_a_plan_needs_figures(edited):
    with pytest.raises(HistoryError, match=r"plan\.toml: the plan has no observed figures\. Add history = "):
        read_plan(edited(('history = ["plan.csv"]', "")))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            'indicator = "green_investment"\nyear = 2023\nvalue = 1\nsource = "x"',
            r"\[\[observation\]\] number 1: green_investment in 2023 .* stands twice, first in .*plan\.csv",
        ),
        (
            'indicator = "green_invest"\nyear = 2023\nvalue = 1\nsource = "x"',
            r"number 1: 'green_invest' \(year 2023, value 1\.0\) is not an indicator of the plan\. Did",
        ),
        (
            'indicator = "green_investment"\nyear = 23\nvalue = 1\nsource = "x"',
            r"number 1: green_investment in 23: year = 23 is not a calendar year",
        ),
    ],
)
def test_figures_in_the_plan_file_say_where_they_stand(edited, more, message):
    with pytest.raises(HistoryError, match=message):
        read_plan(edited(add=f"\n[[observation]]\n{more}\n"))


def test_as_planned_needs_something_to_follow(edited):
    file = edited(("stated_growth = 0.04 ", "# "), ("stated_growth = 0.132", ""))
    with pytest.raises(
        PlanError, match=r"\[\[scenario\]\] as_planned: as_planned = true, but no target states .* Add th"
    ):
        read_plan(file)


def test_as_planned_refuses_two_rates_for_one_indicator(edited):
    file = edited(
        ('indicator = "charging_points"', 'indicator = "renewable_share"'),
        ("value = 400", "value = 90"),
        ("base_value = 169", "base_value = 42.2"),
    )
    with pytest.raises(
        PlanError, match=r"as_planned = true, but targets T1 and T3 state different growth for 'renewa"
    ):
        read_plan(file)


def test_the_history_is_a_dataset_like_any_other(template):
    history = read_plan(template).history
    assert isinstance(history, xr.Dataset)
    assert history["renewable_share"].dims == ("year",)
