from __future__ import annotations

import re

import pytest

import sxsim as sx
from sxsim.reporting.layout import WIDTH, cells

ONE = ("--targets", "H1")


def test_growth_that_it_would_take(sxsim):
    status, out, err = sxsim("goal", "shanxi-2014", *ONE)
    assert (status, err) == (0, "")
    assert re.search(r"80 % +\+13\.6 % a year +\+8\.6 points", out)
    assert max(map(cells, out.split("\n"))) <= WIDTH


def test_a_dose_beside_a_scenario_in_chinese(sxsim):
    words = (
        "--lever",
        "L1",
        "--bounds",
        0,
        4,
        "--scenario",
        "early_push",
        "--probability",
        0.4,
        "--lang",
        "zh",
    )
    status, out, _ = sxsim("goal", "shanxi-2014", *ONE, *words)
    assert status == 0
    assert re.search(r"40% +(0\.9|1\.0)", out)


def test_result_and_figure_are_written(sxsim, tmp_path):
    pytest.importorskip("matplotlib")
    out, figure = tmp_path / "found.nc", tmp_path / "found.png"
    status, said, _ = sxsim("goal", "shanxi-2014", *ONE, "--together", "--out", out, "--figure", figure)
    assert status == 0
    assert said.rstrip().endswith(f"-> {out}\n-> {figure}")
    assert figure.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert sx.open_result(out).attrs["question"] == "goal seek"
    again = sxsim("goal", "shanxi-2014", *ONE, "--out", out)
    assert again[0] == 2 and "exists already" in again[2]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--lever", "L99"), "no lever 'L99'"),
        (("--lever", "L4"), "nobody has said what it does"),
        (("--targets", "H99"), "no target 'H99'"),
        (("--probability", "2"), "Give one between 0 and 1"),
        (("--lever", "L1", "--figure", "x.png"), "a figure of required growth alone"),
    ],
)
def test_requests_that_cannot_be_answered(sxsim, words, text):
    status, out, err = sxsim("goal", "shanxi-2014", *words)
    assert (status, out) == (2, "")
    assert text in err
