from __future__ import annotations

import pytest

import sxsim as sx
from sxsim.errors import RequestError, UnknownNameError
from sxsim.reporting import Language, render_sensitivity
from sxsim.reporting.layout import WIDTH, cells


@pytest.fixture
def moves(hand, aim):
    targets = [aim("T1", label_zh="目标一"), aim("T2", of="z", level=110.0), aim("W", of="w")]
    return sx.sensitivity(hand("y", "z"), targets, joint=True, rng=0)


@pytest.mark.parametrize("lang", list(Language))
def test_lines_have_the_largest_movers_first(moves, lang):
    lines = render_sensitivity(moves, lang=lang).split("\n")
    assert max(map(cells, lines)) <= WIDTH
    title, first, *rest = lines
    question = "What moves the probability? Scenario: trend", "哪些因素影响概率？情景：trend"
    assert title == lang.choose(*question)
    assert first.startswith("T1") or first.startswith("目标一")
    assert rest[0].startswith("  ")


def test_all_together_and_few_lines(moves):
    lines = render_sensitivity(moves, joint=True, most=2).split("\n")
    assert lines[1].startswith("All targets together: ")
    assert len(lines) == 4


def test_refusals(moves):
    with pytest.raises(RequestError, match=r"^This is no sensitivity of targets without a batch\."):
        render_sensitivity(moves[["probability"]])
    with pytest.raises(RequestError, match=r"^All together was not asked for\. Call sx\.sensitivity\("):
        render_sensitivity(moves.drop_vars("joint_derivative"), joint=True)
    with pytest.raises(UnknownNameError, match=r"^There is no target 'T9'"):
        render_sensitivity(moves, targets=["T9"])
