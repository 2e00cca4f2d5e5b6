from __future__ import annotations

import pytest

from sxsim.errors import ExistingFileError, MissingFileError, RequestError
from sxsim.io import read_plan, write_template


def test_writes_a_plan_that_can_be_read(tmp_path):
    plan_file, history_file = write_template(str(tmp_path / "my town.toml"))
    assert (plan_file.name, history_file.name) == ("my town.toml", "my town.csv")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["my town.csv", "my town.toml"]
    assert len(read_plan(plan_file).targets) == 3


def test_names_with_quotation_marks_are_written_safely(tmp_path):
    assert read_plan(write_template(tmp_path / "山西 it's.toml")[0]).id == "example-town"


@pytest.mark.parametrize("name", ["plan.toml", "plan.csv"])
def test_neither_file_is_written_if_one_exists(tmp_path, name):
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(ExistingFileError, match=rf"{name} exists already\. Choose another name"):
        write_template(tmp_path / "plan.toml")
    assert [one.read_text(encoding="utf-8") for one in tmp_path.iterdir()] == ["mine"]
    write_template(tmp_path / "plan.toml", overwrite=True)
    assert read_plan(tmp_path / "plan.toml").id == "example-town"


def test_the_name_and_the_folder_are_checked(tmp_path):
    with pytest.raises(RequestError, match=r"plan\.txt does not end in '\.toml'\. Use the name plan\.toml"):
        write_template(tmp_path / "plan.txt")
    with pytest.raises(
        MissingFileError, match=r"The folder .*none does not exist\. Create it before writing plan\.toml"
    ):
        write_template(tmp_path / "none" / "plan.toml")


def test_the_scenario_that_is_commented_out_can_be_read(template):
    text = template.read_text(encoding="utf-8")
    before, sleeping = text.split("# [[scenario]]\n")
    awake = "[[scenario]]\n" + "\n".join(line.removeprefix("# ") for line in sleeping.splitlines())
    template.write_text(before + awake, encoding="utf-8")
    fund = read_plan(template).scenario("fund")
    (pull,) = fund.changes
    assert (pull.lever.id, pull.start, pull.dose) == ("L1", 2024, 2.0)
    assert tuple(map(str, fund.assumptions())) == (
        "lever L1: moves green_investment by 100 to 400, most likely 250 units (invented for this template)",
    )


def test_the_kinds_in_comments_can_be_uncommented(template):
    text = template.read_text(encoding="utf-8")
    before, rest = text.split("# More kinds, to be uncommented:\n")
    kinds, after = rest.split("# What the government can do", 1)
    bare = "".join(line.removeprefix("# ").removeprefix("#") for line in kinds.splitlines(keepends=True))
    template.write_text(before + bare + "# What the government can do" + after, encoding="utf-8")
    assert [one.id for one in read_plan(template).targets] == ["T1", "T2", "T3", "T4", "T5"]
