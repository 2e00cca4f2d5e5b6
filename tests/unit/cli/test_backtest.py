from __future__ import annotations

import re

import pytest

import sxsim as sx
from sxsim.reporting.layout import WIDTH, cells

FEW = ("--origins", 2010, 2014, "--horizon", 3, "--draws", 64)


def test_the_bundled_plan_prints_its_tables(sxsim):
    status, out, err = sxsim("backtest", "shanxi-2014", *FEW)
    assert (status, err) == (0, "")
    assert "Refitted at 2 origins (2010 to 2014)" in out
    assert re.search(r"default fit +\d\.\d\d \+- \d\.\d\d", out)
    assert max(map(cells, out.split("\n"))) <= WIDTH
    assert out.rstrip().endswith("rng 0")


def test_the_tables_in_chinese(sxsim):
    out = sxsim("backtest", "shanxi-2014", *FEW, "--lang", "zh")[1]
    assert re.search(r"默认拟合 +\d\.\d\d ± \d\.\d\d", out)


def test_result_and_figure_are_written(sxsim, tmp_path):
    pytest.importorskip("matplotlib")
    out, figure = tmp_path / "found.nc", tmp_path / "found.png"
    status, said, _ = sxsim("backtest", "shanxi-2014", *FEW, "--out", out, "--figure", figure)
    assert status == 0
    assert said.rstrip().endswith(f"-> {out}\n-> {figure}")
    assert figure.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert sx.open_result(out).attrs["method"] == "backtest"
    again = sxsim("backtest", "shanxi-2014", *FEW, "--out", out)
    assert again[0] == 2 and "exists already" in again[2]


def test_a_request_that_cannot_be_answered(sxsim):
    status, out, err = sxsim("backtest", "shanxi-2014", "--origins", 2090)
    assert (status, out) == (2, "")
    assert re.match(r"error: The origin 2090 leaves nothing to compare", err)
