"""Bundled plans and panels by name; a plan also by the path of its file."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

from sxsim.datasets.checksums import check_listed
from sxsim.datasets.panel import read_panel
from sxsim.errors import MissingFileError, UnknownNameError, nearest
from sxsim.io import read_plan
from sxsim.plan import Plan

CONTENT = Path(__file__).parent / "content"
_PLAN_FILE = "plan.toml"


def plans() -> tuple[str, ...]:
    """Names of the bundled plans, in alphabetical order.

    Examples
    --------
    >>> "shanxi-2014" in plans()
    True
    """
    return tuple(sorted(file.parent.name for file in CONTENT.glob(f"*/{_PLAN_FILE}")))


def panels() -> tuple[str, ...]:
    """Names of the bundled panels, in alphabetical order.

    Examples
    --------
    >>> "provinces-rd-intensity" in panels()
    True
    """
    return tuple(sorted(file.stem for file in CONTENT.glob("*.csv") if file.with_suffix(".toml").exists()))


def load_plan(name_or_path: str | Path) -> Plan:
    """Load a bundled plan by its name, or any plan by the path of its TOML file.

    Parameters
    ----------
    name_or_path
        One of `plans()`, or a path; text is a path if it ends in `.toml`, holds a separator, or names a file.

    Returns
    -------
    Plan
        The plan with its history; files of a bundled plan are checked against their checksums first.

    Raises
    ------
    UnknownNameError
        If no bundled plan has that name.
    MissingFileError
        If there is no file at that path.
    PlanError, HistoryError
        If the plan or its figures cannot be used.

    Examples
    --------
    >>> plan = load_plan("shanxi-2014")
    >>> plan.start, plan.end
    (2014, 2020)
    """
    if str(name_or_path) in plans():
        folder = CONTENT / str(name_or_path)
        check_listed(CONTENT, sorted(file for file in folder.iterdir() if file.is_file()))
        return read_plan(folder / _PLAN_FILE)
    path = Path(name_or_path)
    if path.is_file():
        return read_plan(path)
    if isinstance(name_or_path, Path) or path.suffix == ".toml" or path.name != name_or_path:
        raise MissingFileError(
            f"The plan file {path} does not exist.",
            f"Check the path, or use a bundled plan: {', '.join(plans())}.",
        )
    raise UnknownNameError(
        f"There is no bundled plan {name_or_path!r}.",
        f"{nearest(name_or_path, plans())} The path of a plan file may be given instead.",
    )


def load_panel(name: str) -> xr.Dataset:
    """Load a bundled panel: one indicator observed in many provinces and years.

    Parameters
    ----------
    name
        One of `panels()`.

    Returns
    -------
    xarray.Dataset
        One variable with dimensions `(province, year)`, NaN where there is no figure; `province_zh` as a
        coordinate; units, source, kind and the like as attributes.

    Raises
    ------
    UnknownNameError
        If no bundled panel has that name.
    HistoryError
        If its file was changed since it was bundled, or cannot be read.

    Examples
    --------
    >>> load_panel("provinces-rd-intensity").sizes["province"]
    31
    """
    if name not in panels():
        raise UnknownNameError(f"There is no bundled panel {name!r}.", nearest(name, panels()))
    table, description = CONTENT / f"{name}.csv", CONTENT / f"{name}.toml"
    check_listed(CONTENT, (table, description))
    return read_panel(table, description)
