from __future__ import annotations

import pytest
import xarray as xr

import sxsim as sx
from sxsim.reporting.language import Language
from sxsim.reporting.reading import (
    bridge_of,
    check_result,
    figures,
    in_words,
    label_of,
    last_figure,
    names,
    rows,
    unassessed,
)


def test_only_a_result_is_accepted(shanxi):
    assert check_result(shanxi) is shanxi
    with pytest.raises(sx.SxsimError, match=r"not a result of sx.run: it has no group 'attainment'"):
        check_result(xr.DataTree())


def test_assessed_and_unassessed_targets_make_the_plan(shanxi):
    assessed = [row.id for row in rows(shanxi)]
    assert assessed == ["H1", "H2", "H3", "H4-proxy", "S3", "S5"]
    left = [name for name, _, _ in unassessed(shanxi, Language.EN)]
    assert len(assessed) + len(left) == shanxi["attainment"].sizes["target"]


def test_a_row_carries_what_came_out(shanxi):
    row = rows(shanxi)[0]
    assert [chance.scenario for chance in row.chances] == ["trend", "as_planned"]
    assert row.chances[0].probability == shanxi["attainment"].probability.values[0, 0]
    assert (row.outcome, row.outcome_value, row.headline, row.settled) == ("missed", 1.2, True, False)


def test_the_result_reads_the_same_from_a_file(shanxi, tmp_path):
    again = sx.open_result(sx.save(shanxi, tmp_path / "result.nc"))
    assert repr(rows(again)) == repr(rows(shanxi))
    assert sx.render_odds(again) == sx.render_odds(shanxi)


def test_bridges_labels_units_and_figures(shanxi):
    assert bridge_of(shanxi, "tech_contract_total") == ("tech_contract_midband", 0.03)
    assert bridge_of(shanxi, "rd_intensity") is None
    assert label_of(shanxi, "rd_intensity", Language.ZH) == "研发经费投入强度"
    assert (in_words("patents", Language.ZH), in_words("moons", Language.ZH)) == ("件", "moons")
    assert last_figure(shanxi, "innovation_platforms") == (2011, 236.0)
    year, value = figures(shanxi, "innovation_platforms")
    assert (year.tolist(), value.tolist()) == ([2011], [236.0])
    assert figures(shanxi, "nothing")[0].size == 0


def test_names_listed_by_an_attribute():
    assert (names("T1, T2"), names("T1"), names("")) == (["T1", "T2"], ["T1"], [])
