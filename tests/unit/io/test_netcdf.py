from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim.errors import ExistingFileError, MissingFileError, RequestError
from sxsim.io import open_result, save


def tree(**attributes):
    odds = xr.Dataset(
        {"probability": (("scenario", "target"), [[0.25, np.nan]], {"units": "1"})},
        coords={"scenario": ["trend"], "target": ["H1", "H2"]},
        attrs=attributes,
    )
    return xr.DataTree.from_dict({"/": xr.Dataset(attrs={"title": "x"}), "/odds": odds})


def test_what_is_saved_is_read_back(tmp_path):
    first = tree(
        seed="340282366920938463463374607431768211456", draws=1000, level=0.5, names=["a", "b"], zh="山西"
    )
    file = save(first, tmp_path / "result.nc")
    again = open_result(str(file))
    xr.testing.assert_equal(again, first)
    assert {key: again["odds"].attrs[key] for key in ("seed", "draws", "level", "zh")} == {
        "seed": "340282366920938463463374607431768211456", "draws": 1000, "level": 0.5, "zh": "山西",
    }  # fmt: skip
    assert list(again["odds"].attrs["names"]) == ["a", "b"]
    assert [one.name for one in tmp_path.iterdir()] == ["result.nc"]


def test_empty_text_and_arrays_of_numbers_are_kept(tmp_path):
    again = open_result(save(tree(empty="", years=np.array([2014, 2020])), tmp_path / "result.nc"))[
        "odds"
    ].attrs
    assert again["empty"] == ""
    assert list(again["years"]) == [2014, 2020]


def test_the_file_is_closed_after_reading(tmp_path):
    file = save(tree(), tmp_path / "result.nc")
    result = open_result(file)
    file.unlink()
    assert float(result["odds/probability"][0, 0]) == 0.25


def test_existing_files_are_kept_unless_allowed(tmp_path):
    file = save(tree(run="first"), tmp_path / "result.nc")
    with pytest.raises(
        ExistingFileError, match=r"result\.nc exists already\. Choose another name, or allow it with ove"
    ):
        save(tree(run="second"), file)
    assert open_result(file)["odds"].attrs["run"] == "first"
    save(tree(run="second"), file, overwrite=True)
    assert open_result(file)["odds"].attrs["run"] == "second"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    file = save(tree(run="first"), tmp_path / "result.nc")
    broken = xr.DataTree(xr.Dataset({"x": ("i", np.array([{}, []], dtype=object))}))
    with pytest.raises((TypeError, ValueError)):
        save(broken, file, overwrite=True)
    assert open_result(file)["odds"].attrs["run"] == "first"
    assert [one.name for one in tmp_path.iterdir()] == ["result.nc"]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "NoneType"),
        (True, "bool"),
        (np.True_, "bool"),
        ({"a": 1}, "dict"),
        ([1, "a"], "list"),
        ([True], "list"),
        (2**63, "int"),
        (np.array([True]), "ndarray"),
    ],
)
def test_attributes_netcdf_cannot_keep_are_refused_by_name(tmp_path, value, kind):
    with pytest.raises(
        RequestError, match=rf"attribute 'odd' of the group '/odds' is .* \({kind}\w*\), which netCDF can"
    ):
        save(tree(odd=value), tmp_path / "result.nc")
    assert list(tmp_path.iterdir()) == []


def test_attributes_of_variables_are_checked_too(tmp_path):
    one = tree()
    one["odds/probability"].attrs["odd"] = None
    with pytest.raises(
        RequestError, match=r"'odd' of the variable 'probability' in the group '/odds' is None"
    ):
        save(one, tmp_path / "result.nc")


def test_missing_folders_and_files_are_named(tmp_path):
    with pytest.raises(
        MissingFileError, match=r"The folder .*none does not exist\. Create it before writing result\.nc"
    ):
        save(tree(), tmp_path / "none" / "result.nc")
    with pytest.raises(MissingFileError, match=r"The result file .*none\.nc does not exist"):
        open_result(tmp_path / "none.nc")
    with pytest.raises(ExistingFileError, match=r" is a folder\. Give the name of a file"):
        save(tree(), tmp_path, overwrite=True)
    with pytest.raises(MissingFileError, match=r" is a folder, not a result file"):
        open_result(tmp_path)


def test_other_files_are_refused(tmp_path):
    (tmp_path / "x.nc").write_text("no result", encoding="utf-8")
    with pytest.raises(RequestError, match=r"x\.nc is not a netCDF-4 file\. Give a file written by sxsim"):
        open_result(tmp_path / "x.nc")
