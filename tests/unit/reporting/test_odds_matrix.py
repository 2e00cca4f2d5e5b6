from __future__ import annotations

import re

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.plan import Scenario
from sxsim.reporting import Language
from sxsim.reporting.layout import WIDTH, cells
from sxsim.scenarios import scenario_table


def widened(tree, count, **variables):
    """The same result under many scenarios, named in many words; odds may be replaced."""
    told = [
        Scenario(id=f"s{i}", label=f"Scenario number {i} with words", label_zh=f"第{i}个情景")
        for i in range(count)
    ]
    nodes = {name: node.to_dataset() for name, node in tree.children.items()}
    for name in ("attainment", "forecast"):
        nodes[name] = nodes[name].isel(scenario=[i % 2 for i in range(count)])
        nodes[name] = nodes[name].assign_coords(scenario=[one.id for one in told])
    nodes["attainment"] = nodes["attainment"].assign(
        {name: xr.full_like(nodes["attainment"][name], value) for name, value in variables.items()}
    )
    nodes["scenarios"] = scenario_table(told)
    wide = xr.DataTree.from_dict(nodes)
    wide.attrs.update(tree.attrs)
    return wide


def matrix(text, heading="Probability under every scenario"):
    return text[text.index(heading) :].split("\n\n")[0]


@pytest.mark.parametrize("lang", Language)
@pytest.mark.parametrize("count", [3, 4, 9, 30])
def test_every_line_fits(shanxi, count, lang):
    text = sx.render_odds(widened(shanxi, count), lang=lang)
    assert max(cells(line) for line in text.split("\n")) <= WIDTH


def test_three_scenarios_have_a_line_each_and_four_a_table(shanxi):
    few = sx.render_odds(widened(shanxi, 3))
    assert "Probability under every scenario" not in few
    lines = r"H1 +R&D expenditure.* Scenario number +5\.8 %.*\n.*0 with words\n +Scenario number +49\.5 %"
    assert re.search(lines, few)
    text = sx.render_odds(widened(shanxi, 4))
    assert re.search(r"H1 +R&D expenditure over GDP +5\.8 % +49\.5 % +5\.8 % +49\.5 %", matrix(text))
    assert re.search(r"headline, together: H1, H2, H3 +4\.0 %", matrix(text))
    medians = matrix(text, "Median in the year asked for under every scenario")
    assert re.search(r"H2 .* 16,800 +10,000 +16,800 +10,000", medians)
    assert "Under Scenario number 0 with words, in detail" in text
    rest = text[text.index("in detail") :]
    assert "Scenario number 1" not in rest[: rest.index("What the scenarios are and assume")]


def test_all_scenarios_stand_in_one_of_the_blocks(shanxi):
    told = matrix(sx.render_odds(widened(shanxi, 30)))
    headings = " ".join(line for line in told.split("\n") if "Scenario" in line or "number" in line)
    assert headings.count("number") == 30
    assert len(re.findall(r"^ +H1 ", told, re.MULTILINE)) > 1


def test_errors_are_said_once_and_large_ones_where_they_are(shanxi):
    text = matrix(sx.render_odds(widened(shanxi, 4)))
    assert "Numerical standard errors: at most < 0.001 %" in text and "±" not in text
    text = matrix(sx.render_odds(widened(shanxi, 4, standard_error=0.004, route="monte-carlo")))
    assert "larger ones stand under their probability" in text
    assert text.count("± 0.40") == 4 * 6


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_certainty_is_never_claimed(shanxi, probability):
    tree = widened(shanxi, 4, probability=probability, standard_error=0.0001, route="monte-carlo")
    line = next(line for line in matrix(sx.render_odds(tree)).split("\n") if " H1 " in line)
    assert line.count("< 0.1 %" if probability == 0.0 else "> 99.9 %") == 4


def test_figures_of_many_scenarios(shanxi):
    pytest.importorskip("matplotlib")
    figure = sx.fan_charts(widened(shanxi, 9), ["H1", "S3"])
    said = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert any("Scenario number 0 with words 5.8 %   |   Really: MISSED\nhighest:" in one for one in said)
    assert not any("lowest" in one for one in said)
    first, second = figure.axes
    dashed = [line for line in first.lines if np.allclose(line.get_ydata()[-1], 2.494, atol=5e-4)]
    assert len({(line.get_color(), line.get_linestyle()) for line in dashed}) >= 1
    assert len(first.lines) > len(second.lines)
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "median (Scenario number 2 with words)" not in legend


@pytest.mark.parametrize("targets", [None, ["H1"]])
def test_no_text_leaves_a_figure_of_many_scenarios(shanxi, targets):
    pytest.importorskip("matplotlib")
    figure = sx.fan_charts(widened(shanxi, 9), targets)
    figure.draw_without_rendering()
    texts = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    boxes = [text.get_window_extent() for text in texts]
    for box in [*boxes, *(axes.get_tightbbox() for axes in figure.axes)]:
        assert box.x0 >= figure.bbox.x0 and box.x1 <= figure.bbox.x1
        assert box.y0 >= figure.bbox.y0 and box.y1 <= figure.bbox.y1
    ground = figure.legends[0].get_window_extent().y1
    assert all(axes.get_tightbbox().y0 > ground for axes in figure.axes)


def test_what_is_revised_stands_under_its_original_where_it_differs():
    plan = sx.load_plan("shanxi-2014")
    told = [plan.scenario(name) for name in ("trend", "as_planned")]
    revision = sx.TargetRevision(target="H1", value=2.0, year=2016, probability=0.5)
    told += [
        sx.Scenario(id="revised", label="Revised", changes=(revision,)),
        sx.Scenario(id="same", label="Same"),
    ]
    text = sx.render_odds(sx.run(plan, scenarios=told, draws=2048, rng=0))
    lines = matrix(text).split("\n")
    rows = [line.split()[0] for line in lines if re.match(r"  [HS]\d", line)]
    assert rows[:3] == ["H1", "H1:revised", "H2"]
    assert re.search(r"H1:revised .* =  +=  +10\.9 % +=", matrix(text))
    assert re.search(r"as revised, together: H1, H2, H3 +=  +=  +7\.\d % +=", matrix(text))
    assert "= where nothing is revised" in " ".join(lines[-1].split())
    assert "H1:revised" not in matrix(text, "Median in the year asked for under every scenario")
