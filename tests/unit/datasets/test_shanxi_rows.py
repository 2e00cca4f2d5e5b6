"""The bundled Shanxi plan holds every row of the document, with its numbers, wording and sources."""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

CONTENT = Path(__file__).resolve().parents[3] / "src" / "sxsim" / "datasets" / "content"
SHANXI = CONTENT / "shanxi-2014"
PLAN: dict[str, Any] = tomllib.loads((SHANXI / "plan.toml").read_text(encoding="utf-8"))
ROWS = ("target", "aim", "lever", "mechanism", "sector", "place", "unit")
LOCAL_PATH = re.compile(r"(^|[\s(\[])(/|~|\.\.?/|[A-Za-z]:\\|file:)\w")
TRADITIONAL = set("計畫發術轉產業達創應優網標資關與證點個為對號見億項廳縣電煉據築當義價營銷戰聯")
TAIWAN_TERMS = (
    "契約", "契约", "套用", "最佳化", "智慧財產", "智慧财产", "網際網路", "网际网路", "經濟成長", "经济成长",
    "積體電路", "积体电路", "軟體", "软体", "硬体", "智慧型", "許可權", "许可权", "資料夾", "资料夹",
    "計畫", "计画", "网路", "感测器", "雷射", "列印", "分散式", "奈米", "资讯", "程式",
)  # fmt: skip


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


HISTORY = read(SHANXI / "history.csv")
PANEL = read(CONTENT / "provinces-rd-intensity.csv")
SERIES = {row["indicator"] for row in HISTORY}
TARGETS = {row["id"]: row for row in PLAN["target"]}
INDICATORS = {row["id"]: row for row in PLAN["indicator"]}
BY_ID = {row["id"]: row for kind in ROWS for row in PLAN[kind]}


def value(indicator: str, year: int) -> float:
    """The one figure of an indicator in a year."""
    (row,) = (row for row in HISTORY if row["indicator"] == indicator and row["year"] == str(year))
    return float(row["value"])


def lines_of(row: dict[str, Any]) -> list[int]:
    """The line or lines a row stands in."""
    return row["lines"] if "lines" in row else [row["line"]]


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("target", 23),
        ("aim", 11),
        ("lever", 25),
        ("mechanism", 12),
        ("sector", 10),
        ("unit", 30),
        ("clause", 43),
    ],
)
def test_every_kind_of_row_is_complete(kind: str, count: int) -> None:
    assert len(PLAN[kind]) == count


def test_targets_are_six_headline_indicators_a_proxy_and_fifteen_others() -> None:
    headline = [row["id"] for row in PLAN["target"] if row["group"] == "headline"]
    assert headline == ["H1", "H2", "H3", "H4", "H4-proxy", "H5", "H6a", "H6b"]
    conditions = [name for name in headline if "proxy_for" not in TARGETS[name]]
    assert len(conditions) == 7
    assert len({TARGETS[name]["indicator"] for name in conditions}) == 6
    secondary = [row["id"] for row in PLAN["target"] if row["group"] == "secondary"]
    assert secondary == [f"S{number}" for number in range(1, 16)]


@pytest.mark.parametrize(("kind", "letter"), [("aim", "A"), ("lever", "L"), ("mechanism", "M")])
def test_numbered_rows_run_without_a_gap(kind: str, letter: str) -> None:
    assert [row["id"] for row in PLAN[kind]] == [f"{letter}{n + 1}" for n in range(len(PLAN[kind]))]


def test_ids_are_unique() -> None:
    assert len(BY_ID) == sum(len(PLAN[kind]) for kind in ROWS)
    assert len(INDICATORS) == len(PLAN["indicator"])
    assert not set(BY_ID) & set(INDICATORS)


@pytest.mark.parametrize(
    ("name", "base", "growth", "level"),
    [("H1", 1.09, 0.109, 2.5), ("H2", 4383, 0.109, 10000), ("H3", 124.16, 0.10, 265)],
)
def test_numbers_of_the_first_three_targets(name: str, base: float, growth: float, level: float) -> None:
    row = TARGETS[name]
    assert (row["base_value"], row["base_year"], row["stated_growth"]) == (base, 2012, growth)
    assert (row["relation"], row["value"], row["year"]) == (">=", level, 2020)
    assert value(row["indicator"], 2012) == base


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("H6b", 60), ("S1", 100), ("S2", 1.5), ("S3", 500), ("S4", 100), ("S5", 1000), ("S6", 10000),
        ("S7", 25), ("S8", 6), ("S9", 15), ("S10", 5), ("S11", 35), ("S12", 3), ("S13", 6),
    ],
)  # fmt: skip
def test_levels_of_the_other_targets(name: str, level: float) -> None:
    assert TARGETS[name]["value"] == level


def test_every_year_targets_cover_the_plan() -> None:
    yearly = {row["id"]: row["every_year"] for row in PLAN["target"] if "every_year" in row}
    assert yearly == {name: [2014, 2020] for name in ("H5", "H6a", "S1", "S4")}


def test_moving_targets_name_a_national_series() -> None:
    moving = {row["id"]: row["benchmark"] for row in PLAN["target"] if "benchmark" in row}
    assert set(moving) == {"H4", "H4-proxy", "H5", "H6a"}
    assert all(name == TARGETS[row]["indicator"] + "_national" for row, name in moving.items())


def test_the_proxy_says_that_it_is_one() -> None:
    row = TARGETS["H4-proxy"]
    assert row["proxy_for"] == "H4"
    assert "proxy" in row["label"] and "proxy" in row["definition"]
    assert "revenue is not value added" in row["assumption"]
    assert "not_assessable" not in row


def test_a_condition_is_whole() -> None:
    for row in PLAN["target"]:
        has_indicator = "indicator" in row
        assert has_indicator == ("relation" in row)
        assert has_indicator == (("value" in row) != ("benchmark" in row))
        assert has_indicator == (("year" in row) != ("every_year" in row))


def test_rows_without_a_series_say_why() -> None:
    for row in PLAN["target"]:
        if row.get("indicator") not in SERIES or row.get("benchmark", "rd_intensity") not in SERIES:
            assert row["not_assessable"].endswith("."), row["id"]


def test_rows_without_a_year_in_the_document_say_what_was_assumed() -> None:
    for name in ("S2", "S10", "S11", "S12", "S13"):
        assert "names no year" in TARGETS[name]["assumption"]
        assert TARGETS[name]["year"] == 2020


def test_nesting_strength_and_identity() -> None:
    assert {row["id"]: row["part_of"] for row in PLAN["target"] if "part_of" in row} == {
        "S8": "S7",
        "S12": "S10",
    }
    strength = {row["id"]: row["strength"] for row in PLAN["target"] if row["strength"] != "plain"}
    assert strength == {"S1": "best effort", "S12": "best effort", "S14": "fuzzy"}
    (identity,) = PLAN["stock_flow"]
    assert (identity["stock"], identity["flow"]) == ("S5", "S4")
    assert (identity["first_year"], identity["last_year"]) == (2014, 2020)


def test_words_without_numbers_are_kept_as_words() -> None:
    parts = TARGETS["S14"]["all_of"]
    assert [(part["word"], part["year"]) for part in parts] == [("基本替代", 2020), ("部分替代", 2020)]
    assert all(part["word"] in TARGETS["S14"]["text"] for part in parts)
    assert not {part["indicator"] for part in parts} & SERIES
    assert all("threshold" not in part for part in parts)


def test_one_scenario_follows_the_plan() -> None:
    assert [row["id"] for row in PLAN["scenario"] if row.get("as_planned")] == ["as_planned"]


def test_text_is_simplified_and_free_of_taiwan_terms() -> None:
    for path in (SHANXI / "plan.toml", SHANXI / "history.csv", CONTENT / "SOURCES.md"):
        text = path.read_text(encoding="utf-8")
        assert not TRADITIONAL & set(text), path.name
        assert not [term for term in TAIWAN_TERMS if term in text], path.name


def test_official_terms_were_restored() -> None:
    text = (SHANXI / "plan.toml").read_text(encoding="utf-8")
    for term in (
        "技术合同交易总额",
        "知识产权",
        "经济增长",
        "开放共享目录",
        "认定制度",
        "互联网金融",
        "智能化",
    ):
        assert term in text


@pytest.mark.parametrize("kind", ROWS)
def test_every_row_has_a_label_in_both_languages(kind: str) -> None:
    for row in PLAN[kind]:
        assert row["label"] and row["label_zh"], row["id"]


@pytest.mark.parametrize("kind", ["target", "aim", "lever", "mechanism"])
def test_every_row_has_the_wording_and_its_lines(kind: str) -> None:
    for row in PLAN[kind]:
        assert row["text"], row["id"]
        assert all(22 <= line <= 117 for line in lines_of(row)), row["id"]


def test_lead_units_are_declared_and_follow_the_clauses() -> None:
    units = {row["id"] for row in PLAN["unit"]}
    led = {clause["line"]: clause["units"] for clause in PLAN["clause"]}
    assert set().union(*led.values()) == units
    for kind in ("target", "aim", "lever"):
        for row in PLAN[kind]:
            expected = {unit for line in lines_of(row) for unit in led.get(line, [])}
            assert expected <= set(row.get("lead_units", [])) <= units, row["id"]


def test_headline_targets_have_no_lead_unit() -> None:
    assert not [row["id"] for row in PLAN["target"] if row["group"] == "headline" and "lead_units" in row]


def test_the_science_department_leads_most_clauses() -> None:
    led = [clause for clause in PLAN["clause"] if "science-technology" in clause["units"]]
    assert len(led) == 29


def test_rows_of_the_clauses_exist_and_none_is_forgotten() -> None:
    at = {clause["line"]: set(clause["rows"]) for clause in PLAN["clause"]}
    assert set().union(*at.values()) <= set(BY_ID)
    for kind in ("target", "aim", "lever", "mechanism"):
        for row in PLAN[kind]:
            assert all(row["id"] in at[line] for line in lines_of(row) if line in at), row["id"]
    for row in PLAN["sector"]:
        assert any(row["id"] in rows for rows in at.values()), row["id"]


def test_links_between_rows_hold() -> None:
    for lever in PLAN["lever"]:
        assert lever["targets"] and set(lever["targets"]) <= set(TARGETS), lever["id"]
    named = [row[key] for row in PLAN["target"] for key in ("indicator", "benchmark") if key in row]
    named += [row["indicator"] for row in PLAN["aim"] if "indicator" in row]
    named += [row["bridge_from"] for row in PLAN["indicator"] if "bridge_from" in row]
    assert set(named) <= set(INDICATORS)


def test_every_series_is_a_declared_indicator() -> None:
    assert set(INDICATORS) >= SERIES
    kinds = {"share", "ratio", "amount", "stock", "flow", "count"}
    roles = {"indicator", "proxy", "benchmark", "bound", "vintage"}
    for row in PLAN["indicator"]:
        assert row["kind"] in kinds and row["role"] in roles and row["units"] and row["definition"], row["id"]
        assert row["id"].endswith("_national") or row["role"] != "benchmark", row["id"]
        assert not any("; " in text for text in row.get("breaks", [])), row["id"]


def test_bridges_state_their_origin() -> None:
    bridged = {row["id"]: row for row in PLAN["indicator"] if "bridge_from" in row}
    assert {name: row["bridge_sd"] for name, row in bridged.items()} == {
        "tech_contract_total": 0.03,
        "high_tech_va_share_gdp": 0.20,
    }
    assert all(row["bridge_assumption"] for row in bridged.values())


def test_derived_figures_follow_from_their_parts() -> None:
    for row in HISTORY:
        if row["indicator"] == "tech_contract_midband":
            low = value("tech_contract_total_lower_bound", int(row["year"]))
            high = value("tech_contract_total_upper_bound", int(row["year"]))
            assert float(row["value"]) == pytest.approx((low * high) ** 0.5, abs=1e-6)
            assert row["note"].startswith("DERIVED")
    parts = (
        "provincial_key_labs",
        "engineering_research_centres",
        "provincial_enterprise_technology_centres",
        "national_enterprise_technology_centres",
    )
    assert value("innovation_platforms", 2011) == sum(value(part, 2011) for part in parts) == 236


@pytest.mark.parametrize("rows", [HISTORY, PANEL], ids=["history", "panel"])
def test_every_figure_has_a_source_and_none_is_a_local_path(rows: list[dict[str, str]]) -> None:
    for row in rows:
        assert row["source"].strip()
        assert not LOCAL_PATH.search(row["source"]) and not LOCAL_PATH.search(row["note"]), row
        float(row["value"])


def test_no_figure_is_given_twice() -> None:
    assert len({(row["indicator"], row["year"]) for row in HISTORY}) == len(HISTORY) == 477
    assert len({(row["province"], row["year"]) for row in PANEL}) == len(PANEL) == 793


def test_panel_covers_thirty_one_provinces() -> None:
    assert len({row["province"] for row in PANEL}) == len({row["province_zh"] for row in PANEL}) == 31
    shanxi = {row["year"]: float(row["value"]) for row in PANEL if row["province"] == "Shanxi"}
    assert shanxi == {
        row["year"]: float(row["value"]) for row in HISTORY if row["indicator"] == "rd_intensity"
    }
    about = tomllib.loads((CONTENT / "provinces-rd-intensity.toml").read_text(encoding="utf-8"))
    assert {row["quality"] for row in PANEL} == set(about["quality"])


def test_checksums_are_those_of_the_files() -> None:
    ledger = tomllib.loads((CONTENT / "checksums.toml").read_text(encoding="utf-8"))["sha256"]
    files = {
        path.relative_to(CONTENT).as_posix()
        for path in CONTENT.rglob("*")
        if path.suffix in {".csv", ".toml"}
    }
    assert set(ledger) == files - {"checksums.toml"}
    for name, digest in ledger.items():
        assert hashlib.sha256((CONTENT / name).read_bytes()).hexdigest() == digest, name
