from __future__ import annotations

import copy
import warnings
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import (
    ExistingFileError,
    MissingExtraError,
    MissingFileError,
    RequestError,
    UnknownNameError,
)
from sxsim.reporting import Language, check_figure, fonts

matplotlib = pytest.importorskip("matplotlib")


def has_chinese_font():
    try:
        fonts.font_families(Language.ZH)
    except MissingExtraError:
        return False
    return True


needs_chinese_font = pytest.mark.skipif(not has_chinese_font(), reason="no font with Chinese characters")


def texts(axes):
    return [text.get_text() for text in axes.texts] + [axes.get_title(loc="left"), axes.get_ylabel()]


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def is_picture(path: Path) -> bool:
    data = path.read_bytes()
    return data.startswith(b"\x89PNG\r\n\x1a\n") and data.endswith(b"IEND\xaeB`\x82") and len(data) > 20_000


@pytest.fixture(scope="module")
def figure(shanxi):
    return sx.fan_charts(shanxi)


def test_one_panel_for_each_assessed_headline_target(figure):
    titles = [axes.get_title(loc="left").split("  ")[0] for axes in figure.axes]
    assert titles == ["H1", "H2", "H3", "H4-proxy"]


def test_the_panel_holds_history_fan_target_and_outcome(figure, shanxi):
    axes = figure.axes[0]
    history = next(line for line in axes.lines if line.get_marker() == "o" and line.get_linestyle() == "-")
    hollow = next(line for line in axes.lines if line.get_markerfacecolor() == "white")
    diamond = next(line for line in axes.lines if line.get_marker() == "D")
    series = shanxi["observed"].to_dataset()["rd_intensity"]
    assert history.get_xdata().tolist() == list(range(1998, 2013))
    assert hollow.get_xdata().tolist() == list(range(2013, 2021))
    assert hollow.get_ydata()[-1] == series.sel(year=2020)
    assert (diamond.get_xdata().tolist(), diamond.get_ydata().tolist()) == ([2020], [2.5])
    median = shanxi["forecast"].to_dataset()["rd_intensity"].sel(quantile=0.5, scenario="trend")
    solid = next(line for line in axes.lines if line.get_color() == "#0072B2")
    np.testing.assert_allclose(solid.get_ydata(), [1.09, *median.values])
    dashed = next(line for line in axes.lines if line.get_color() == "#D55E00")
    assert dashed.is_dashed() and dashed.get_ydata()[-1] == pytest.approx(2.494, abs=5e-4)
    band = axes.collections[0].get_paths()[0].vertices
    assert band[:, 1].max() == pytest.approx(
        float(shanxi["attainment"].high.sel(target="H1", scenario="trend"))
    )


def test_panels_say_odds_outcome_and_warnings(figure):
    first, _, third, proxy = (" ".join(texts(axes)) for axes in figure.axes)
    assert "Trend 5.8 %" in first and "As planned 49.5 %" in first and "Really: MISSED" in first
    assert "target 2.5" in first and "% of GDP" in first
    assert "growth learned from another series" in third
    assert "proxy for H4" in proxy and "(log scale)" in proxy


def test_the_legend_names_everything_once(figure):
    assert legend(figure) == [
        "history",
        "what really happened",
        "90 % range (Trend)",
        "median (Trend)",
        "median (As planned)",
        "target",
        "published bounds",
        "level to reach: it moves (median)",
    ]


def test_the_frame_names_plan_and_source(figure):
    said = " ".join(text.get_text() for text in figure.texts)
    assert "Shanxi Action Plan" in said and "data until 2012" in said and "seed 0" in said


def test_no_text_leaves_the_figure_or_its_panel(figure):
    figure.draw_without_rendering()
    page = figure.bbox
    for text in [*figure.texts, *(t for axes in figure.axes for t in (*axes.texts, axes.yaxis.label))]:
        box = text.get_window_extent()
        assert box.x0 >= page.x0 and box.x1 <= page.x1 and box.y0 >= page.y0 and box.y1 <= page.y1
    ground = figure.legends[0].get_window_extent().y1
    assert all(axes.get_tightbbox().y0 > ground for axes in figure.axes)


def test_chosen_targets_in_the_chosen_order(shanxi):
    figure = sx.fan_charts(shanxi, ["S5", "H1", "S3"])
    assert [axes.get_title(loc="left").split("  ")[0] for axes in figure.axes] == ["S5", "H1", "S3"]


def test_one_panel_of_a_plan_still_to_come(town, tmp_path):
    figure = sx.fan_charts(town)
    assert len(figure.axes) == 1
    assert "what really happened" not in legend(figure)
    assert figure.axes[0].get_ylim()[0] == 0
    assert is_picture(sx.save_figure(figure, tmp_path / "fan.png"))


def test_targets_that_were_not_assessed_are_refused(shanxi, changed):
    with pytest.raises(UnknownNameError, match=r"no assessed target 'H5'"):
        sx.fan_charts(shanxi, ["H5"])
    with pytest.raises(UnknownNameError, match=r"'H4_proxy'.*Did you mean 'H4-proxy'"):
        sx.fan_charts(shanxi, ["H4_proxy"])
    reason = xr.full_like(shanxi["attainment"].to_dataset()["reason"], "no figures")
    with pytest.raises(RequestError, match="nothing to draw: no target was assessed"):
        sx.fan_charts(changed(reason=reason))
    with pytest.raises(RequestError, match=r"not a result of sx\.run"):
        sx.fan_charts(xr.DataTree())


def test_without_headline_targets_the_others_are_drawn(changed, shanxi):
    group = xr.full_like(shanxi["attainment"].to_dataset()["group"], "secondary")
    tree = changed()
    tree["attainment"] = tree["attainment"].to_dataset().assign_coords(group=group)
    assert len(sx.fan_charts(tree).axes) == 6


def test_global_settings_and_pyplot_are_left_alone(shanxi, tmp_path):
    import sys

    before = copy.deepcopy(dict(matplotlib.rcParams))
    sx.save_figure(sx.fan_charts(shanxi, ["H1"]), tmp_path / "fan.png")
    assert dict(matplotlib.rcParams) == before
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        assert pyplot.get_fignums() == []


def test_the_users_settings_do_not_change_the_picture(shanxi, tmp_path):
    plain = sx.save_figure(sx.fan_charts(shanxi, ["H1"]), tmp_path / "plain.png")
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "black", "savefig.dpi": 30}):
        other = sx.save_figure(sx.fan_charts(shanxi, ["H1"]), tmp_path / "other.png")
    assert plain.read_bytes() == other.read_bytes()


@needs_chinese_font
def test_chinese_labels_have_their_characters(shanxi, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = sx.fan_charts(shanxi, lang=Language.ZH)
        assert is_picture(sx.save_figure(figure, tmp_path / "fan.png"))
    assert "研发经费投入强度" in figure.axes[0].get_title(loc="left")
    assert "目标值" in legend(figure)
    assert figure.axes[2].get_ylabel() == "亿元（对数坐标）"


@pytest.mark.parametrize(("name", "start"), [("a.png", b"\x89PNG"), ("a.pdf", b"%PDF"), ("a.svg", b"<?xml")])
def test_the_ending_chooses_the_format(figure, tmp_path, name, start):
    path = sx.save_figure(figure, tmp_path / name)
    assert path.read_bytes().startswith(start)
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_figure_is_saved_whole_or_not_at_all(figure, tmp_path):
    path = tmp_path / "fan.png"
    path.write_text("kept")
    with pytest.raises(ExistingFileError, match="exists already"):
        sx.save_figure(figure, path)
    assert path.read_text() == "kept"
    assert is_picture(sx.save_figure(figure, path, overwrite=True))
    with pytest.raises(MissingFileError, match=r"folder .* does not exist"):
        sx.save_figure(figure, tmp_path / "no" / "fan.png")


def test_other_endings_are_refused(figure, tmp_path):
    with pytest.raises(RequestError, match=r"fan\.bmp does not end in \.png, \.pdf, \.svg.*fan\.png"):
        sx.save_figure(figure, tmp_path / "fan.bmp")
    with pytest.raises(RequestError, match="does not end in"):
        check_figure(tmp_path / "fan", Language.EN)
    check_figure(tmp_path / "fan.PNG", Language.EN)


def test_every_kind_of_target_has_its_mark(kinds):
    drawn = sx.fan_charts(kinds, ["R1", "R3", "R6", "R7", "C3"])
    texts = [[text.get_text() for text in axes.texts] for axes in drawn.axes]
    assert "target 50 to 60" in texts[0] and "target 400" in texts[2]
    marks = [[line for line in axes.lines if line.get_marker() == "D"] for axes in drawn.axes]
    assert [len(found) for found in marks] == [
        0,
        1,
        1,
        0,
        0,
    ]  # a band, two levels; sums and several have none
    course = next(
        line for line in drawn.axes[1].lines if line.get_linestyle() == ":" and len(line.get_xdata()) > 2
    )
    assert course.get_xdata()[0] == 2020 and course.get_ydata()[0] == pytest.approx(6901.0)
    assert marks[1][0].get_ydata()[-1] == pytest.approx(6901 * 1.05**10)


def test_several_series_have_no_panel(kinds):
    with pytest.raises(
        RequestError, match=r"Target 'C1' asks for several series\. Draw the targets it combines"
    ):
        sx.fan_charts(kinds, ["C1"])
