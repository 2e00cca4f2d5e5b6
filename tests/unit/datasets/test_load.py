from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from sxsim.datasets import load, load_panel, load_plan, panels, plans
from sxsim.datasets.checksums import check_listed
from sxsim.datasets.panel import read_panel
from sxsim.errors import HistoryError, MissingFileError, UnknownNameError
from sxsim.io import write_template

HEADER = "province,province_zh,year,value,quality,source,note"
ROWS = (
    "Shanxi,山西,2010,0.98,official,A,",
    "Shanxi,山西,2012,1.09,official,B,",
    "Anhui,安徽,2012,1.64,official,B,",
)


@pytest.fixture
def panel_files(tmp_path):
    def write(*rows, about='title = "R&D"\nunits = "% of GDP"\n', header=HEADER):
        table, description = tmp_path / "some-panel.csv", tmp_path / "some-panel.toml"
        table.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        description.write_text(about, encoding="utf-8")
        return table, description

    return write


def test_bundled_plans_are_listed_and_load():
    assert "shanxi-2014" in plans()
    plan = load_plan("shanxi-2014")
    assert (plan.id, plan.start, plan.end, plan.fit_until) == ("shanxi-2014", 2014, 2020, 2012)
    assert [one.id for one in plan.targets if one.group.value == "headline"][:3] == ["H1", "H2", "H3"]
    assert plan.history["rd_intensity"].sel(year=2012) == pytest.approx(1.09)
    assert {one.id for one in plan.scenarios} >= {"trend", "as_planned"}
    assert re.fullmatch("[0-9a-f]{32}", plan.digest)


def test_any_plan_loads_by_its_path(tmp_path):
    file, _ = write_template(tmp_path / "town.toml")
    assert load_plan(file) == load_plan(str(file))
    assert load_plan(file).id == "example-town"
    odd = file.rename(tmp_path / "town.txt")
    assert load_plan(str(odd)).id == "example-town"


def test_unknown_plans_get_the_nearest_name():
    with pytest.raises(
        UnknownNameError,
        match=r"There is no bundled plan 'shanxi-2015'\. Did you mean 'shanxi-2014'\? The path of a plan",
    ):
        load_plan("shanxi-2015")


@pytest.mark.parametrize("name", ["none.toml", "folder/none", Path("none")])
def test_paths_that_lead_nowhere_are_missing_files(name):
    with pytest.raises(
        MissingFileError, match=r"The plan file .*none.* does not exist\. .* bundled plan: .*shanxi-2014"
    ):
        load_plan(name)


def test_bundled_panels_are_listed_and_load():
    assert "provinces-rd-intensity" in panels()
    panel = load_panel("provinces-rd-intensity")["rd_intensity"]
    assert panel.dims == ("province", "year")
    assert panel.sizes["province"] == 31
    assert panel.sel(province="Shanxi")["province_zh"] == "山西"
    assert float(panel.sel(province="Shanxi", year=2012)) == pytest.approx(1.09)
    assert (panel.attrs["kind"], panel.attrs["units"]) == ("share", "% of GDP")


def test_unknown_panels_get_the_nearest_name():
    with pytest.raises(
        UnknownNameError, match=r"There is no bundled panel 'province-rd-intensity'\. Did you mean 'prov"
    ):
        load_panel("province-rd-intensity")


def test_a_panel_is_a_grid_with_gaps(panel_files):
    panel = read_panel(*panel_files(*ROWS))
    assert list(panel.data_vars) == ["some_panel"]
    assert panel["province"].values.tolist() == ["Anhui", "Shanxi"]
    assert panel["province_zh"].values.tolist() == ["安徽", "山西"]
    np.testing.assert_array_equal(panel["some_panel"], [[np.nan, np.nan, 1.64], [0.98, np.nan, 1.09]])
    assert panel["some_panel"].attrs == {
        "units": "% of GDP", "long_name": "R&D", "long_name_zh": "", "source": "A; B", "kind": "share",
        "role": "indicator",
    }  # fmt: skip


def test_the_description_of_a_panel_has_the_last_word(panel_files):
    about = 'title = "T"\nvariable = "rd"\nkind = "ratio"\nsource = "S"\nbreaks = ["a", "b"]\nupper = 9\n'
    attributes = read_panel(*panel_files(*ROWS, about=about))["rd"].attrs
    assert [attributes[key] for key in ("kind", "source", "breaks", "upper")] == ["ratio", "S", "a; b", 9]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            ("Shanxi,山西,2012,x,q,A,",),
            r"some-panel\.csv, row 2: year or value is not a number: .*'x'\. Write digits",
        ),
        (("Shanxi,山西,FY,1,q,A,",), r"row 2: year or value is not a number: .*'FY'"),
        (("Shanxi,山西,2012,nan,q,A,",), r"row 2: value = nan is not a finite number\. Leave the row out"),
        ((ROWS[0], ROWS[0]), r"some-panel\.csv: Shanxi in 2010 \(value 0\.98\) stands twice\. Keep one"),
        ((), r"some-panel\.csv has columns but no figures\. Add one row"),
    ],
)
def test_panels_with_mistakes_are_refused(panel_files, rows, message):
    with pytest.raises(HistoryError, match=message):
        read_panel(*panel_files(*rows))


def test_panels_need_their_columns(panel_files):
    with pytest.raises(
        HistoryError, match=r"some-panel\.csv: the column 'quality' is missing\. Columns are province,"
    ):
        read_panel(*panel_files(header="province,province_zh,year,value,source,note"))


def test_changed_content_is_noticed(tmp_path):
    (tmp_path / "a.csv").write_text("changed", encoding="utf-8")
    (tmp_path / "b.csv").write_text("not listed", encoding="utf-8")
    check_listed(tmp_path, [tmp_path / "a.csv"])  # without a list nothing can be compared
    (tmp_path / "checksums.toml").write_text(f'[sha256]\n"a.csv" = "{"0" * 64}"\n', encoding="utf-8")
    check_listed(tmp_path, [tmp_path / "b.csv"])
    with pytest.raises(
        HistoryError,
        match=r"The bundled file a\.csv was changed: its SHA-256 is \w{12}\.\.\., .* Reinstall sxsim",
    ):
        check_listed(tmp_path, [tmp_path / "a.csv"])


def test_loading_compares_with_the_list(tmp_path, monkeypatch):
    (tmp_path / "town").mkdir()
    write_template(tmp_path / "town" / "plan.toml")
    monkeypatch.setattr(load, "CONTENT", tmp_path)
    assert (plans(), panels()) == (("town",), ())
    assert load_plan("town").id == "example-town"
    (tmp_path / "checksums.toml").write_text(f'[sha256]\n"town/plan.csv" = "{"0" * 64}"\n', encoding="utf-8")
    with pytest.raises(HistoryError, match=r"The bundled file town/plan\.csv was changed"):
        load_plan("town")
