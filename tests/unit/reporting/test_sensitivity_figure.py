from __future__ import annotations

import pytest

import sxsim as sx
from sxsim.errors import RequestError, UnknownNameError
from sxsim.plan import Effect, EffectUnit, Lever, Pull, Scenario
from sxsim.reporting import Language, sensitivity_chart

pytest.importorskip("matplotlib")

MORE = Effect(indicator="y", size=2.0, unit=EffectUnit.LOG_A_YEAR)
PUSH = Scenario(
    id="push",
    label="Push",
    changes=(Pull(lever=Lever(id="L1", label="Fund", label_zh="基金", effects=(MORE,)), start=2013),),
)


@pytest.fixture
def moves(hand, aim):
    targets = [aim("T1", label_zh="目标一"), aim("T2", of="z", level=110.0), aim("W", of="w")]
    return sx.sensitivity(hand("y", "z"), targets, scenarios=[sx.TREND, PUSH], joint=True, rng=0)


def titles(figure):
    return [axes.get_title(loc="left") for axes in figure.axes]


def names(figure, panel=0):
    return [label.get_text().replace("\n", " ") for label in figure.axes[panel].get_yticklabels()]


def test_the_largest_movers_come_first(moves):
    figure = sensitivity_chart(moves, scenario="push")
    assert titles(figure) == ["T1: 56.3 %", "T2: 62.4 %"]
    assert set(names(figure)) == {
        "1 point more growth a year: y",
        "10 % more asked for: T1",
        "last figure 10 % higher: y",
        "lever 10 % stronger: Fund",
        "10 % larger yearly shocks: y",
    }
    widths = [bar.get_width() for bar in figure.axes[0].patches]
    assert [abs(w) for w in widths] == sorted((abs(w) for w in widths), reverse=True)
    points = 100.0 * float(moves.derivative.sel(scenario="push", factor="yearly growth: y", target="T1"))
    assert widths[names(figure).index("1 point more growth a year: y")] == pytest.approx(points)


def test_all_together_and_few_bars(moves):
    figure = sensitivity_chart(moves, joint=True, most=2)
    assert titles(figure)[0].startswith("All targets together: ")
    assert len(figure.axes[0].patches) == 2


def test_chinese(moves):
    figure = sensitivity_chart(moves, scenario="push", targets=["T1"], lang=Language.ZH)
    assert titles(figure) == ["目标一：56.3%"]
    assert "措施力度增强10%：基金" in names(figure)


def test_refusals(moves, panel, hand, aim):
    with pytest.raises(UnknownNameError, match="There is no scenario 'pus'"):
        sensitivity_chart(moves, scenario="pus")
    with pytest.raises(UnknownNameError, match="There is no target 'T3'"):
        sensitivity_chart(moves, targets=["T3"])
    with pytest.raises(RequestError, match="All together was not asked for"):
        sensitivity_chart(sx.sensitivity(hand(), aim(), joint=False), joint=True)
    batch = sx.sensitivity(sx.fit(panel), aim(level=15.0), joint=False)
    with pytest.raises(RequestError, match="This is no sensitivity of targets without a batch"):
        sensitivity_chart(batch)
