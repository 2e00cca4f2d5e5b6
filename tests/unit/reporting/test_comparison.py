from __future__ import annotations

import itertools

import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import RequestError, UnknownNameError
from sxsim.reporting import Language

PLANNED, PUSH, SAME = (
    sx.Scenario(id=name, label=label, label_zh=zh)
    for name, label, zh in (
        ("planned", "As planned", "按计划"),
        ("push", "Push", "发力"),
        ("same", "Same", "同"),
    )
)
TOLD = (sx.TREND, PLANNED, PUSH, SAME)


@pytest.fixture
def found():
    return xr.Dataset(
        {
            "difference": (("scenario", "target"), [[0.0, 0.0], [-0.25, 0.2], [0.121, 0.3], [0.0, 0.0]]),
            "standard_error": (
                ("scenario", "target"),
                [[0.0, 0.0], [0.002, 0.0], [0.002, 0.001], [0.0, 0.0]],
            ),
            "joint_difference": ("scenario", [0.0, 0.1, 0.05, 0.0]),
            "joint_standard_error": ("scenario", [0.0, 0.0, 0.0, 0.0]),
            "reason": ("target", ["", ""]),
            "label": ("target", ["R&D", "Patents"]),
            "label_zh": ("target", ["研发", "专利"]),
        },
        coords={"scenario": ["trend", "planned", "push", "same"], "target": ["H1", "H2"]},
        attrs={"baseline": "trend"},
    )


def test_the_most_first_and_what_changes_nothing_last(found):
    assert sx.render_comparison(found, scenarios=TOLD).split("\n") == [
        "What each scenario adds to the probability under Trend",
        "  H1  R&D",
        "        Push        adds 12.1 ± 0.2 points",
        "        As planned  takes away 25.0 ± 0.2 points",
        "        changes less than 0.1 points: Same",
        "  H2  Patents",
        "        Push        adds 30.0 ± 0.1 points",
        "        As planned  adds 20.0 points",
        "        changes less than 0.1 points: Same",
        "      all assessed targets together, proxies left out",
        "        As planned  adds 10.0 points",
        "        Push        adds 5.0 points",
        "        changes less than 0.1 points: Same",
    ]


def test_the_same_in_chinese(found):
    lines = sx.render_comparison(found, scenarios=TOLD, lang=Language.ZH).split("\n")
    assert lines[:4] == [
        "与趋势延续相比，各情景使实现概率变化多少",
        "  H1  研发",
        "        发力    提高12.1±0.2个百分点",
        "        按计划  降低25.0±0.2个百分点",
    ]


def test_scenarios_without_a_name_go_by_their_id(found):
    assert "push     adds 12.1 ± 0.2 points" in sx.render_comparison(found)


def test_targets_that_were_not_assessed_are_left_out(found):
    text = sx.render_comparison(found.assign(reason=("target", ["", "no figures"])))
    assert "H2" not in text and "together" not in text


def test_other_data_is_refused(found):
    with pytest.raises(RequestError, match=r"no comparison of scenarios"):
        sx.render_comparison(xr.Dataset())
    with pytest.raises(RequestError, match=r"has the dimension 'region'"):
        sx.render_comparison(found.expand_dims(region=["A"]))


def test_bars_stand_in_the_same_order_with_two_errors(found):
    pytest.importorskip("matplotlib")
    axes = sx.comparison_chart(found, scenarios=TOLD).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Push", "Same", "As planned"]
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([12.1, 0.0, -25.0])
    assert [text.get_text() for text in axes.texts] == ["+12.1 ± 0.2", "< 0.1", "-25.0 ± 0.2"]
    assert axes.get_title(loc="left") == "H1  R&D"


def test_a_chart_of_nothing_is_refused(found):
    pytest.importorskip("matplotlib")
    with pytest.raises(UnknownNameError, match=r"no assessed target 'H3'"):
        sx.comparison_chart(found, ["H3"])
    with pytest.raises(RequestError, match=r"nothing is compared"):
        sx.comparison_chart(found.isel(scenario=[0]))


@pytest.fixture(scope="module")
def shanxi_effects():
    plan = sx.load_plan("shanxi-2014")
    model = sx.fit(plan.history, until=2012)
    return plan, sx.lever_effects(model, [plan.scenario("levers_by_chapter"), sx.TREND], until=2020)


def test_levers_are_called_by_row_and_label(shanxi_effects):
    pytest.importorskip("matplotlib")
    plan, effects = shanxi_effects
    figure = sx.effects_chart(effects, "rd_intensity", plan=plan, scenario="levers_by_chapter")
    names = [label.get_text().replace("\n", " ") for label in figure.axes[0].get_yticklabels()]
    widths = [bar.get_width() for bar in figure.axes[0].patches]
    assert names[0] == "L1  Provincial fund for major research projects"
    assert widths == sorted(widths, reverse=True) and len(widths) == 7
    assert widths[0] == pytest.approx(
        float(effects["units"].sel(indicator="rd_intensity", change="lever L1", year=2020)[0])
    )


def test_effects_that_are_not_there_are_refused(shanxi_effects):
    pytest.importorskip("matplotlib")
    plan, effects = shanxi_effects
    with pytest.raises(UnknownNameError, match=r"no indicator 'rd_intensit'"):
        sx.effects_chart(effects, "rd_intensit", plan=plan, scenario="levers_by_chapter")
    with pytest.raises(UnknownNameError, match=r"no year 2030"):
        sx.effects_chart(effects, "rd_intensity", plan=plan, scenario="levers_by_chapter", year=2030)
    with pytest.raises(RequestError, match=r"Nothing in 'trend' moves 'rd_intensity'"):
        sx.effects_chart(effects, "rd_intensity", plan=plan, scenario="trend")


def test_no_text_leaves_a_chart_of_bars(found, shanxi_effects):
    pytest.importorskip("matplotlib")
    plan, effects = shanxi_effects
    levers = sx.effects_chart(effects, "rd_intensity", plan=plan, scenario="levers_by_chapter")
    for figure in (sx.comparison_chart(found, scenarios=TOLD), levers):
        figure.draw_without_rendering()
        names = [label for axes in figure.axes for label in axes.get_yticklabels()]
        said = [text for axes in figure.axes for text in axes.texts]
        for text in [*figure.texts, *names, *said, *(axes.xaxis.label for axes in figure.axes)]:
            box = text.get_window_extent()
            assert box.x0 >= figure.bbox.x0 and box.x1 <= figure.bbox.x1
            assert box.y0 >= figure.bbox.y0 and box.y1 <= figure.bbox.y1
        for axes in figure.axes:
            boxes = [label.get_window_extent() for label in axes.get_yticklabels()]
            assert all(upper.y0 >= lower.y1 for upper, lower in itertools.pairwise(boxes))


def test_a_run_says_what_the_others_add_to_its_first_scenario(shanxi, tmp_path):
    sx.save(shanxi, tmp_path / "result.nc")
    for tree in (shanxi, sx.open_result(tmp_path / "result.nc")):
        text = sx.render_odds(tree)
        section = text[text.index("What each scenario adds to the probability under Trend") :].split("\n\n")[
            0
        ]
        assert "As planned  adds 43.6 points" in section and "takes away 25.6 points" in section
        assert "S3" not in section


def test_one_scenario_alone_is_compared_with_nothing():
    alone = sx.run(sx.load_plan("shanxi-2014"), scenarios=sx.TREND, draws=2048, rng=0)
    assert "comparison" not in alone.children
    assert "What each scenario adds" not in sx.render_odds(alone)
