from __future__ import annotations

import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import RequestError
from sxsim.reporting import Language, render_scoreboard
from sxsim.reporting.layout import WIDTH, cells


@pytest.fixture(scope="module")
def parts():
    plan = sx.load_plan("shanxi-2014")
    model = sx.fit(plan.history, until=2012)
    return plan, model, sx.attainment(model, plan.targets, scenarios=plan.scenarios[:2], rng=0)


def test_every_line_of_the_board(parts):
    plan, model, odds = parts
    text = render_scoreboard(sx.scoreboard(plan, odds, model=model, draws=4000, rng=0))
    assert text.startswith("Who is in charge of what is likely to be hit? Seen with the data until 2012")
    assert "Scenario: trend" in text and "Scenario: as_planned" in text
    running = " ".join(text.split())
    assert "S3 with Commission of Economy and Information Technology" in running
    assert "H1 (5.8 %, missed); H2 (75.7 %, hit)" in running
    assert "no lead unit named" in text and "all targets, each once" in text
    assert "2 hit, 1 missed" in text
    assert "S14  Gas in place of coal: The document sets no number" in text
    assert "In brackets: the number of hits in 90 %" in text
    assert all(cells(line) <= WIDTH for line in text.splitlines())


def test_without_a_model_bounds_are_written(parts):
    plan, _, odds = parts
    text = render_scoreboard(sx.scoreboard(plan, odds))
    assert "0 % to 7.4 %" in text
    assert "only the bounds that hold for any dependence are known" in " ".join(text.split())


def test_chinese(parts):
    plan, model, odds = parts
    board = sx.scoreboard(plan, odds, by=sx.Grouping.CHAPTER, model=model, draws=4000, rng=0)
    text = render_scoreboard(board, lang=Language.ZH)
    assert "章节" in text and "未写明章节" in text
    assert "三（二）加强高新技术企业培育和认定：S4（未评估）；S5（7.4%）" in text
    assert "H1（5.8%，未实现）" in text
    assert "实现2项，未实现1项" in text
    units = render_scoreboard(sx.scoreboard(plan, odds), lang=Language.ZH)
    assert "S9与省科技厅共同牵头（未评估）" in units
    assert all(cells(line) <= WIDTH for line in text.splitlines())


def test_a_finite_sample_is_never_certain(parts):
    plan, _, odds = parts
    sure = odds.copy()
    sure["probability"] = odds.probability * 0.0 + 1.0
    text = render_scoreboard(sx.scoreboard(plan, sure))
    assert "> 99.9 %" in text and "100.0 %" not in text


def test_anything_else_is_refused():
    with pytest.raises(RequestError, match=r"This is no scoreboard. Give what sx.scoreboard returned"):
        render_scoreboard(xr.Dataset())
