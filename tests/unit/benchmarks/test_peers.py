from __future__ import annotations

import json
import os
from dataclasses import replace

import peers
import pytest
from side_by_side import everybody, fresh
from side_by_side.contender import Contender
from side_by_side.line import Figure, Ratio
from side_by_side.table import BEGIN, END, contenders_table, figures_table, put_between_marks, rounded


@pytest.fixture
def page(tmp_path):
    """Return a page with marks."""
    path = tmp_path / "page.md"
    path.write_text(f"before\n\n{BEGIN}\nold\n{END}\n\nafter\n", encoding="utf-8")
    return path


def test_the_lines_asked_for_come_as_a_table_and_as_json(capsys, page):
    few = ["--draws", "4096", "--rounds", "2", "--only", "naive,naive_blocks"]
    peers.main([*few, "--json", "--markdown", str(page)])
    out = capsys.readouterr().out
    figures = json.loads(out.splitlines()[-1])
    assert set(figures) == {"naive", "naive_blocks"}
    assert all(value > 0 for value in figures.values())
    rows = [line for line in out.splitlines() if line.startswith("| ")]
    assert [row.split(" | ")[0] for row in rows] == [
        "| line", "| `naive`", "| `naive_blocks`", "| contender", "| sxsim", "| numpy", "| numpy blocks"
    ]  # fmt: skip
    written = page.read_text(encoding="utf-8")
    assert written.startswith(f"before\n\n{BEGIN}\n{out.splitlines()[0]}\n")
    assert written.endswith(f"\n{END}\n\nafter\n")
    assert "old" not in written


def test_a_line_nobody_knows_is_refused(capsys):
    with pytest.raises(SystemExit):
        peers.main(["--only", "naive,fortran"])
    assert "no such line: fortran" in capsys.readouterr().err


def test_who_is_not_installed_is_left_out(capsys, monkeypatch):
    there = [one for one in everybody.contenders(2048) if one.name in ("numpy", "numpy blocks")]
    gone = [replace(one, needs="no_such_module") for one in there if one.name == "numpy"]
    lines = [
        Ratio(key="a", above="numpy", below="numpy blocks"),
        Ratio(key="b", above="sxsim", below="sxsim"),
    ]
    monkeypatch.setattr(everybody, "contenders", lambda draws: [*gone, *there[1:]])
    monkeypatch.setattr(everybody, "RATIOS", lines)
    monkeypatch.setattr(everybody, "SINGLES", ())
    peers.main(["--rounds", "1", "--json"])
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {}


def test_one_thread_is_asked_for_before_anything_is_loaded(monkeypatch):
    asked = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: asked.append(arguments))
    monkeypatch.setattr(os, "environ", {})
    peers.one_thread()
    assert os.environ == peers.ONE_THREAD
    peers.one_thread()
    assert len(asked) == 1


def test_tables():
    figures = [
        Figure(key="a", what="x / y", value=12.345, spread=(1.0, 20.0)),
        Figure(key="b", what="w", value=0.0),
    ]
    assert figures_table(figures).splitlines()[2:] == [
        "| `a` | 12.3 | 1.00 – 20.0 | x / y |",
        "| `b` | 0 |  | w |",
    ]
    one = Contender(name="c", what="d", prepare=lambda: lambda draws: None, draws=1024)
    assert contenders_table([one], {"c": [2e-7]}).splitlines()[2:] == ["| c | 200 | 1,024 | d |"]


@pytest.mark.parametrize(
    ("value", "text"), [(1234.5, "1,234"), (12.345, "12.3"), (0.09876, "0.0988"), (-2.5, "-2.50"), (0.0, "0")]
)
def test_three_figures(value, text):
    assert rounded(value) == text


def test_a_page_without_marks_is_left_alone(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("nothing here", encoding="utf-8")
    with pytest.raises(ValueError, match="the marks"):
        put_between_marks(path, "text")
    assert path.read_text(encoding="utf-8") == "nothing here"


def test_peak_memory_is_that_of_a_fresh_process():
    """It holds numpy, scipy and xarray, and not what this process has piled up."""
    ballast = b"x" * (400 * fresh.MEBI)
    assert len(ballast) < fresh.peak_bytes()
    assert 30 * fresh.MEBI < fresh.peak_of(2048) < 400 * fresh.MEBI
