from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.analysis import attainment
from sxsim.errors import RequestError, UnknownNameError
from sxsim.plan import Clause, Indicator, Kind, Plan, Scenario, Target, Unit
from sxsim.studies import UNASSIGNED, Grouping, scoreboard

CORRELATION = np.array([[1.0, 0.6, 0.0], [0.6, 1.0, 0.0], [0.0, 0.0, 1.0]])


@pytest.fixture
def model(hand):
    return hand("x", "y", "z", correlation=CORRELATION)


@pytest.fixture
def plan(aim, table):
    """Science leads T1 and, with industry, T2; nobody leads T3; T4 cannot be assessed; P stands in for T4."""
    targets = (
        aim("T1", of="x", level=115.0),
        aim("T2", level=120.0, lead_units=("industry",)),
        aim("T3", of="z", level=110.0),
        Target(id="T4", label="No number", lead_units=("industry",), not_assessable="it says nothing"),
        aim("P", of="z", level=90.0, proxy_for="T4", lead_units=("industry",)),
    )
    return Plan(
        id="demo",
        title="Demo",
        start=2013,
        end=2015,
        base_year=2012,
        fit_until=2012,
        indicators=tuple(Indicator(id=name, label=name, kind=Kind.AMOUNT) for name in "xyz"),
        targets=targets,
        units=tuple(Unit(id=name, label=name.title()) for name in ("science", "industry", "idle")),
        clauses=(
            Clause(line=1, section="1", units=("science",), rows=("T1", "T2")),
            Clause(line=2, section="2", units=("science",), rows=("T2",)),
            Clause(line=3, units=("science",), rows=("T1",)),
        ),
        history=table(last=2015, x=[100.0, 110.0, 112.0, 118.0], y=[100.0, 104.0, 108.0, 111.0]),
    )


@pytest.fixture
def odds(model, plan):
    return attainment(model, plan.targets, rng=0)


def test_lines_hold_what_each_is_in_charge_of(plan, odds):
    board = scoreboard(plan, odds)
    assert board.entry.values.tolist() == ["science", "industry", UNASSIGNED]
    assert board.targets.values.tolist() == [2, 2, 1]
    assert board.assessed.values.tolist() == [2, 1, 1]
    assert board.hits.values.tolist() == [1, 0, 0]
    assert board.misses.values.tolist() == [1, 1, 0]
    assert board.leads.values.tolist() == [[1, 1, 0, 0], [0, 1, 0, 1], [0, 0, 1, 0]]
    assert board.shared_with.sel(target="T2").values.tolist() == ["industry", "science", ""]
    assert board.shared_with.sel(target="T1").values.tolist() == ["", "", ""]
    assert board.reason.sel(target="T4").item() == "it says nothing"
    assert board.outcome.values.tolist() == ["hit", "missed", "unknown", "unknown"]


def test_totals_count_every_target_once(plan, odds):
    board = scoreboard(plan, odds).isel(scenario=0)
    p = odds.probability.isel(scenario=0)
    assert int(board.total_targets) == 4 and int(board.total_assessed) == 3
    assert int(board.total_hits) == 1 and int(board.total_misses) == 1
    assert float(board.total_expected_hits) == pytest.approx(float(p.sel(target=["T1", "T2", "T3"]).sum()))
    shared = float(p.sel(target="T2"))
    assert float(board.expected_hits.sum()) == pytest.approx(float(board.total_expected_hits) + shared)


def test_without_a_model_only_bounds_are_known(plan, odds):
    board = scoreboard(plan, odds).isel(scenario=0)
    p = odds.probability.isel(scenario=0)
    one, two = float(p.sel(target="T1")), float(p.sel(target="T2"))
    first = board.sel(entry="science")
    assert np.isnan(first.all_hit) and "hits_low" not in board
    assert float(first.all_hit_lower) == pytest.approx(max(one + two - 1.0, 0.0))
    assert float(first.all_hit_upper) == pytest.approx(min(one, two))
    assert float(board.all_hit.sel(entry="industry")) == pytest.approx(two)
    spread = sum(np.sqrt(q * (1 - q)) for q in (one, two))
    assert float(first.expected_hits_spread) == pytest.approx(spread)


def test_with_a_model_all_of_a_line_are_asked_together(plan, odds, model):
    draws = 20_000
    board = scoreboard(plan, odds, model=model, draws=draws, rng=0).isel(scenario=0)
    targets = {target.id: target for target in plan.targets}
    pair = attainment(model, [targets["T1"], targets["T2"]], rng=0)
    assert float(board.all_hit.sel(entry="science")) == float(pair.joint.squeeze())
    assert board.all_hit_lower.sel(entry="science") < board.all_hit.sel(entry="science")
    assert board.all_hit.sel(entry="science") < board.all_hit_upper.sel(entry="science")
    assert float(board.total_all_hit) == pytest.approx(float(odds.joint.squeeze()), abs=1e-4)
    p, both = odds.probability.isel(scenario=0), float(pair.joint.squeeze())
    none = 1.0 - float(p.sel(target="T1")) - float(p.sel(target="T2")) + both
    low, high = (int(board[name].sel(entry="science")) for name in ("hits_low", "hits_high"))
    assert (low, high) == (0 if none > 0.05 else 1, 2 if both > 0.05 else 1)
    assert (
        0 <= int(board.total_hits_low) <= float(board.total_expected_hits) <= int(board.total_hits_high) <= 3
    )


def test_chapters_are_those_of_the_clauses(plan, odds):
    board = scoreboard(plan, odds, by=Grouping.CHAPTER)
    assert board.entry.values.tolist() == ["1", "2", UNASSIGNED]
    assert board.targets.values.tolist() == [2, 1, 2]
    assert board.shared_with.sel(entry="2", target="T2").item() == "1"
    assert board.attrs["grouped_by"] == "chapter"
    assert int(board.total_targets) == 4


def test_a_line_with_nothing_assessed_has_no_number(plan, model):
    odds = attainment(model, [t for t in plan.targets if t.id != "T3"], rng=0)
    board = scoreboard(plan, odds, model=model, draws=500, rng=0).isel(scenario=0)
    last = board.sel(entry=UNASSIGNED)
    names = ("expected_hits", "all_hit", "all_hit_lower", "hits_low", "hits_high")
    assert all(np.isnan(last[name]) for name in names)
    assert board.reason.sel(target="T3").item() == "it was not asked"


def test_relabelling_changes_nothing_but_names(plan, odds):
    names = {"science": "a", "industry": "b", "idle": "c"}
    other = replace(
        plan,
        units=tuple(replace(unit, id=names[unit.id]) for unit in plan.units),
        clauses=tuple(replace(c, units=tuple(names[u] for u in c.units)) for c in plan.clauses),
        targets=tuple(replace(t, lead_units=tuple(names[u] for u in t.lead_units)) for t in plan.targets),
    )
    one, two = scoreboard(plan, odds), scoreboard(other, odds)
    for name in ("targets", "assessed", "expected_hits", "leads", "total_expected_hits"):
        np.testing.assert_array_equal(one[name], two[name])


def test_years_that_are_past_leave_no_range(plan, hand):
    later = hand("x", "y", "z", last_year=2015, history=plan.history)
    odds = attainment(later, plan.targets, rng=0)
    board = scoreboard(plan, odds, model=later, rng=0).isel(scenario=0)
    assert float(board.total_expected_hits) == 1.0
    assert np.isnan(board.total_hits_low)


def test_it_survives_a_file(plan, odds, model, tmp_path):
    board = scoreboard(plan, odds, model=model, draws=200, rng=0)
    sx.save(xr.DataTree(board), tmp_path / "board.nc")
    xr.testing.assert_identical(sx.open_result(tmp_path / "board.nc").to_dataset(), board)


def test_refusals(plan, odds, model, panel, aim):
    with pytest.raises(RequestError, match=r"The odds have the dimension province. Select one member first"):
        scoreboard(plan, attainment(sx.fit(panel), [aim("T1", level=15.0)], rng=0))
    with pytest.raises(RequestError, match="The odds hold no target of the plan"):
        scoreboard(plan, odds.assign_coords(target=[f"{name}?" for name in odds.target.values]))
    new = Scenario(id="new", label="New")
    strange = attainment(model, plan.targets, scenarios=new, rng=0)
    with pytest.raises(UnknownNameError, match=r"Scenario 'new' of the odds is not in the plan. Give it in"):
        scoreboard(plan, strange, model=model)
    scoreboard(plan, strange, model=model, scenarios=new, draws=100)


def test_shanxi():
    plan = sx.load_plan("shanxi-2014")
    odds = attainment(sx.fit(plan.history, until=2012), plan.targets, rng=0)
    board = scoreboard(plan, odds)
    assert board.entry.values[-1] == UNASSIGNED
    last = board.sel(entry=UNASSIGNED)
    headline = last.target.values[last.leads.values == 1].tolist()
    assert headline == ["H1", "H2", "H3", "H4", "H5", "H6a", "H6b"]
    assert board.shared_with.sel(entry="state-assets", target="S9").item() == "science-technology"
    distinct = odds.probability.sel(target=["H1", "H2", "H3", "S3", "S5"]).sum("target")
    np.testing.assert_allclose(board.total_expected_hits, distinct)


def test_refuses_what_are_no_odds(plan):
    for what in (xr.Dataset(), "odds"):
        with pytest.raises(RequestError, match=r"^These are no odds\. Give what sx\.attainment\("):
            sx.scoreboard(plan, what)
