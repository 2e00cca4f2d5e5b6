from __future__ import annotations

import re

import pytest

import sxsim as sx
from sxsim.errors import MissingExtraError
from sxsim.reporting.layout import WIDTH, cells

FEW = ("--draws", 2048, "--scenarios", "trend", "as_planned")


def test_the_bundled_plan_prints_its_table(sxsim):
    status, out, err = sxsim("run", "shanxi-2014", *FEW)
    assert (status, err) == (0, "")
    assert re.search(r"R&D expenditure over GDP \*1 +Trend +5\.8 %", out)
    assert "really: 1.2 % of GDP, MISSED" in out
    assert max(map(cells, out.split("\n"))) <= WIDTH
    assert "seed 0, 2,048 draws" in out.rstrip().split("\n")[-1]


def test_the_table_in_chinese(sxsim):
    status, out, _ = sxsim("run", "shanxi-2014", *FEW, "--lang", "zh")
    assert status == 0
    assert re.search(r"研发经费投入强度 \*1 +趋势情景 +5\.8%", out)


def test_the_same_seed_prints_the_same_and_another_one_does_not(sxsim):
    first, again, other = (sxsim("run", "shanxi-2014", *FEW, "--rng", seed)[1] for seed in (0, 0, 1))
    assert first == again == sxsim("run", "shanxi-2014", *FEW)[1]
    assert first != other


def test_scenarios_can_be_chosen(sxsim):
    out = sxsim("run", "shanxi-2014", "--draws", 2048, "--scenarios", "as_planned")[1]
    assert "As planned" in out and "Trend" not in out


def test_details_follow_the_table_and_are_kept(sxsim, tmp_path):
    path = tmp_path / "run.nc"
    status, out, _ = sxsim(
        "run", "shanxi-2014", "--draws", 2048, "--scenarios", "trend", "--detail", "--out", path
    )
    assert status == 0
    assert "When is each target hit for the first time? Under Trend" in out
    assert "\n\nHow far short, where it is missed?" in out
    assert max(map(cells, out.split("\n"))) <= WIDTH
    assert sx.open_result(path)["detail"].never_hit.sel(target="H1").item() > 0.9


def test_until_moves_the_view(sxsim):
    out = sxsim("run", "shanxi-2014", *FEW, "--until", 2016)[1]
    assert "data until 2016" in out
    assert "from 1.03 in 2016" in out


def test_the_result_is_saved_and_opened_by_xarray_alone(sxsim, tmp_path):
    xr = pytest.importorskip("xarray")
    file = tmp_path / "result.nc"
    status, out, _ = sxsim("run", "shanxi-2014", *FEW, "--out", file)
    assert status == 0
    assert out.rstrip().endswith(f"-> {file}")
    with xr.open_datatree(file, engine="h5netcdf") as tree:
        assert tree["attainment"]["probability"].dims == ("scenario", "target")
        assert tree.attrs["seed_entropy"] == "0"
    assert [path.name for path in tmp_path.iterdir()] == ["result.nc"]


def test_a_figure_is_drawn(sxsim, tmp_path):
    pytest.importorskip("matplotlib")
    file = tmp_path / "fan.png"
    status, out, _ = sxsim("run", "shanxi-2014", *FEW, "--figure", file)
    assert status == 0
    assert file.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert f"-> {file}" in out


def test_files_are_replaced_only_when_told(sxsim, tmp_path):
    file = tmp_path / "result.nc"
    file.write_text("kept")
    status, out, err = sxsim("run", "shanxi-2014", *FEW, "--out", file)
    assert (status, out) == (2, "")
    assert re.fullmatch(r"error: .*result\.nc exists already\. .*--overwrite\.\n", err)
    assert file.read_text() == "kept"
    assert sxsim("run", "shanxi-2014", *FEW, "--out", file, "--overwrite")[0] == 0
    assert "attainment" in sx.open_result(file).children


@pytest.fixture
def not_computed(monkeypatch):
    """Fail if anything is computed before the request was checked."""
    monkeypatch.setattr("sxsim.cli.run.run", lambda *_, **__: pytest.fail("computed before checking"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("--out", "no/result.nc"),
            r"The folder .*no does not exist\. Create it before writing result\.nc\.",
        ),
        (("--figure", "no/fan.png"), r"The folder .*no does not exist"),
        (("--out", "."), r"is a folder\. Give the name of a file\."),
        (("--figure", "fan.bmp"), r"fan\.bmp does not end in \.png"),
        (("--out", "x.png", "--figure", "./x.png"), r"x\.png is asked for twice\."),
    ],
)
def test_files_are_checked_before_anything_is_computed(
    sxsim, tmp_path, monkeypatch, not_computed, words, message
):
    monkeypatch.chdir(tmp_path)
    status, out, err = sxsim("run", "shanxi-2014", *words)
    assert (status, out) == (2, "")
    assert re.match(f"error: .*{message}", err)
    assert list(tmp_path.iterdir()) == []


def test_a_figure_that_cannot_be_drawn_is_refused_early(sxsim, tmp_path, monkeypatch, not_computed):
    def missing(*_):
        raise MissingExtraError("No font.", "Install one.")

    monkeypatch.setattr("sxsim.cli.files.check_figure", missing)
    status, _, err = sxsim("run", "shanxi-2014", "--out", tmp_path / "a.nc", "--figure", tmp_path / "a.png")
    assert (status, err) == (2, "error: No font. Install one.\n")
    assert list(tmp_path.iterdir()) == []


def swap(old, new, file="town.toml"):
    return file, old, new


BAD = {
    "wrong key": (swap('label = "Green investment"', 'labl = "Green"'), r"labl.*Did you mean 'label'\?"),
    "negative value": (swap("charging_points,2012,64", "charging_points,2012,-64", "town.csv"), r"-64"),
    "share above its bound": (
        swap("renewable_share,2012,24.6", "renewable_share,2012,124.6", "town.csv"),
        r"124\.6",
    ),
    "target before the data end": (
        swap("year = 2030", "year = 2023"),
        r"year = 2023 does not reach beyond the data",
    ),
    "year twice": (swap("renewable_share,2012", "renewable_share,2011", "town.csv"), r"2011"),
    "text in a number column": (
        swap("renewable_share,2012,24.6", "renewable_share,2012,about 25", "town.csv"),
        r"about 25",
    ),
    "not TOML": (swap("[plan]", "[plan"), r"town\.toml"),
    "no such history": (swap("town.csv", "nowhere.csv"), r"nowhere\.csv"),
}


def refused(sxsim, folder, *words):
    """The message of a command that fails cleanly: one line, status 2, nothing printed, nothing written."""
    before = {path: path.read_bytes() for path in folder.iterdir()}
    status, out, err = sxsim(*words)
    assert (status, out) == (2, "")
    assert err.startswith("error: ") and err.count("\n") == 1 and "Traceback" not in err
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    return err


@pytest.mark.parametrize("fault", BAD)
@pytest.mark.parametrize("command", ["run", "audit"])
def test_a_bad_plan_or_history_is_one_clear_line(sxsim, plan_file, edit, command, fault):
    (file, old, new), message = BAD[fault]
    edit(plan_file.parent / file, old, new)
    files = ("--out", plan_file.parent / "result.nc") if command == "run" else ()
    assert re.search(message, refused(sxsim, plan_file.parent, command, plan_file, *files))


def test_an_empty_history(sxsim, plan_file):
    history = plan_file.with_suffix(".csv")
    for text in ("", "indicator,year,value,source,note\n"):
        history.write_text(text, encoding="utf-8")
        assert re.search(
            r"town\.csv|no observed figures",
            refused(sxsim, plan_file.parent, "run", plan_file, "--out", plan_file.parent / "r.nc"),
        )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "nowhere.toml"), r"The plan file nowhere\.toml does not exist\."),
        (("run", "shanxi-2015"), r"no bundled plan 'shanxi-2015'\. Did you mean 'shanxi-2014'\?"),
        (("audit", "nowhere.toml"), r"nowhere\.toml does not exist"),
        (("run", "shanxi-2014", "--scenarios", "trent"), r"no scenario 'trent'\. Did you mean 'trend'\?"),
        (("run", "shanxi-2014", "--until", "2020"), r"No target of 'shanxi-2014' lies after 2020\."),
        (("run", "shanxi-2014", "--until", "1900"), r"No year up to until=1900"),
        (("run", "shanxi-2014", "--draws", "0"), r"draws=0\."),
        (("run", "shanxi-2014", "--rng", "-1"), r"rng=-1 is not a seed\."),
    ],
)
def test_a_request_that_cannot_be_answered(sxsim, tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    assert re.search(message, refused(sxsim, tmp_path, *words))
