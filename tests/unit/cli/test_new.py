from __future__ import annotations

import re


def test_a_new_plan_runs_at_once(sxsim, tmp_path):
    file = tmp_path / "my-plan.toml"
    status, out, _ = sxsim("new", file)
    assert status == 0
    assert out.split("\n")[-2] == f"Next: sxsim run {file}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my-plan.csv", "my-plan.toml"]
    status, out, err = sxsim("run", file, "--draws", 2048)
    assert (status, err) == (0, "")
    assert "All 3 targets can be assessed." in out


def test_files_in_the_way_stay(sxsim, tmp_path):
    (tmp_path / "my-plan.csv").write_text("kept")
    status, out, err = sxsim("new", tmp_path / "my-plan.toml")
    assert (status, out) == (2, "")
    assert re.fullmatch(r"error: .*my-plan\.csv exists already\. .*--overwrite\.\n", err)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["kept"]
    assert sxsim("new", tmp_path / "my-plan.toml", "--overwrite")[0] == 0


def test_names_that_cannot_be(sxsim, tmp_path):
    assert re.search(r"does not end in '\.toml'", sxsim("new", tmp_path / "plan.txt")[2])
    assert re.search(r"The folder .* does not exist", sxsim("new", tmp_path / "no" / "plan.toml")[2])
    assert re.search(r"the name of the file is empty", sxsim("new", "")[2])
    assert list(tmp_path.iterdir()) == []
