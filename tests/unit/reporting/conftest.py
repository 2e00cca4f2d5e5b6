from __future__ import annotations

import pytest

import sxsim as sx


@pytest.fixture(scope="session")
def shanxi():
    """The bundled plan's result under two scenarios."""
    plan = sx.load_plan("shanxi-2014")
    two = [plan.scenario(name) for name in ("trend", "as_planned")]
    return sx.run(plan, scenarios=two, draws=4096, rng=0)


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """The template plan's result: every target assessed, the last year still to come."""
    from sxsim.io import write_template

    plan_file, _ = write_template(tmp_path_factory.mktemp("town") / "town.toml")
    return sx.run(sx.load_plan(plan_file), draws=4096, rng=0)


KINDS = """
[[indicator]]
id = "national_share"
label = "National renewable share"
label_zh = "全国可再生能源占比"
kind = "share"
role = "benchmark"
units = "% of generation"

[[target]]
id = "R1"
label = "Share within a range"
indicator = "renewable_share"
relation = "within"
lower = 50
upper = 60
year = 2030

[[target]]
id = "R2"
label = "Nine tenths of the national share"
indicator = "renewable_share"
relation = ">="
benchmark = "national_share"
times = 0.9
every_year = [2029, 2030]

[[target]]
id = "R3"
label = "Growth since 2020"
indicator = "green_investment"
relation = ">="
since = 2020
growth = 0.05
year = 2030

[[target]]
id = "R4"
label = "Growth every year"
indicator = "green_investment"
relation = ">="
growth = 0.01
every_year = [2026, 2027]

[[target]]
id = "R5"
label = "No fewer than in 2025"
indicator = "charging_points"
relation = ">="
since = 2025
year = 2030

[[target]]
id = "R6"
label = "In 2030 at the latest"
indicator = "charging_points"
relation = ">="
value = 400
by_year = [2028, 2030]
precision = 10

[[target]]
id = "R7"
label = "In all"
indicator = "green_investment"
relation = ">="
value = 60000
total_over = [2022, 2028]

[[target]]
id = "R8"
label = "A word without a number"
indicator = "renewable_share"
relation = ">="
word = "基本替代"
year = 2030

[[target]]
id = "R9"
label = "A word with a number"
indicator = "renewable_share"
relation = ">="
word = "基本替代"
threshold = 60
year = 2030

[[target]]
id = "C1"
label = "Both"
all_of = ["T1", "T3"]

[[target]]
id = "C2"
label = "Two of three"
at_least = 2
of = [
    "T1",
    { indicator = "green_investment", relation = ">=", since = 2025, year = 2030 },
    { indicator = "national_share", relation = ">=", value = 60, every_year = [2029, 2030] },
]

[[target]]
id = "C3"
label = "Two parts on one series"
any_of = [
    { indicator = "renewable_share", relation = "within", lower = 50, upper = 52, year = 2030 },
    { indicator = "renewable_share", relation = ">=", value = 58, year = 2030 },
]
"""


@pytest.fixture(scope="session")
def kinds(tmp_path_factory):
    """A result with every kind of target."""
    from sxsim.io import write_template

    plan_file, _ = write_template(tmp_path_factory.mktemp("kinds") / "town.toml")
    figures = "".join(
        f'[[observation]]\nindicator = "national_share"\nyear = {year}\nvalue = {value}\nsource = "x"\n'
        for year, value in zip(range(2014, 2024), range(20, 40, 2), strict=True)
    )
    text = plan_file.read_text(encoding="utf-8")
    plan_file.write_text(text + KINDS + figures, encoding="utf-8")
    return sx.run(sx.load_plan(plan_file), draws=2048, rng=0)


@pytest.fixture
def changed(shanxi):
    """The Shanxi result with variables of its odds replaced or added."""

    def change(**variables):
        tree = shanxi.copy()
        tree["attainment"] = tree["attainment"].to_dataset().assign(variables)
        return tree

    return change
