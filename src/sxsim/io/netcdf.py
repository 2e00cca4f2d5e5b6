"""Results to netCDF and back: written whole or not at all, and never with an attribute quietly changed."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from numbers import Real
from pathlib import Path
from typing import Literal

import numpy as np
import xarray as xr

from sxsim.errors import RequestError
from sxsim.io.files import read_bytes, write_whole

_ENGINE: Literal["h5netcdf"] = "h5netcdf"
_SIGNATURE = b"\x89HDF\r\n\x1a\n"


def save(tree: xr.DataTree, path: str | Path, *, overwrite: bool = False) -> Path:
    """Save a result as one netCDF file.

    The file is written under a temporary name in the same folder and then renamed, so a file that was there
    before survives any failure.

    Parameters
    ----------
    tree
        The result, with strings, numbers or lists of one of them as attributes.
    path
        The file to write.
    overwrite
        Whether a file of that name may be replaced.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    ExistingFileError
        If the file exists and `overwrite` is false.
    MissingFileError
        If the folder does not exist.
    RequestError
        If an attribute cannot be kept in netCDF: None, true or false, a dictionary, a mixed list, or a whole
        number of more than 64 bits.

    Examples
    --------
    >>> import tempfile
    >>> tree = xr.DataTree(xr.Dataset({"odds": ("target", [0.25])}, attrs={"seed": "7"}))
    >>> file = save(tree, Path(tempfile.mkdtemp()) / "result.nc")
    >>> open_result(file)["odds"].item()
    0.25
    """
    for where, name, value in _attributes(tree):
        if not _keepable(value):
            raise RequestError(
                f"The attribute {name!r} of {where} is {value!r} ({type(value).__name__}), "
                "which netCDF cannot keep.",
                "Attributes are strings, numbers of up to 64 bits, or lists of one of them.",
            )
    file = Path(path)

    def write(part: Path) -> None:
        tree.to_netcdf(part, engine=_ENGINE)

    write_whole({file: write}, overwrite=overwrite)
    return file


def open_result(path: str | Path) -> xr.DataTree:
    """Read a result back into memory; the file is closed again before this returns.

    Parameters
    ----------
    path
        A file written by `save`.

    Returns
    -------
    xarray.DataTree
        The result as it was saved.

    Raises
    ------
    MissingFileError
        If there is no such file.
    RequestError
        If it is not a netCDF file.

    Examples
    --------
    >>> import tempfile
    >>> file = save(xr.DataTree(xr.Dataset(attrs={"seed": "7"})), Path(tempfile.mkdtemp()) / "result.nc")
    >>> open_result(file).attrs["seed"]
    '7'
    """
    file = Path(path)
    _check_signature(file)
    with xr.open_datatree(file, engine=_ENGINE) as tree:
        return tree.load()


def _check_signature(file: Path) -> None:
    if file.is_file():
        with file.open("rb") as stream:
            if stream.read(len(_SIGNATURE)) == _SIGNATURE:
                return
        raise RequestError(f"{file} is not a netCDF-4 file.", "Give a file written by sxsim.")
    read_bytes(file, "result file")


def _attributes(tree: xr.DataTree) -> Iterator[tuple[str, Hashable, object]]:
    for node in tree.subtree:
        yield from _named(f"the group {node.path!r}", node.attrs)
        for name, variable in node.variables.items():
            yield from _named(f"the variable {name!r} in the group {node.path!r}", variable.attrs)


def _named(where: str, attributes: Mapping[Hashable, object]) -> Iterator[tuple[str, Hashable, object]]:
    for name, value in attributes.items():
        yield where, name, value


def _keepable(value: object) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim <= 1 and value.dtype.kind in "iuf"
    if isinstance(value, list | tuple):
        return all(_is_text(one) for one in value) or all(_is_number(one) for one in value)
    return _is_text(value) or _is_number(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return False
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)
