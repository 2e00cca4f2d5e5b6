"""Importing sxsim is light and leaves no trace: no optional library, no output, no changed global state."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"

OPTIONAL = {
    "matplotlib",
    "numba",
    "dask",
    "distributed",
    "zarr",
    "openpyxl",
    "jinja2",
    "statsforecast",
    "statsmodels",
    "torch",
    "jax",
    "sphinx",
    "pytest",
    "hypothesis",
    "IPython",
}

LOOK = """
import json, locale, logging, os, random, sys, threading, warnings
import numpy, xarray, scipy.stats, scipy.special, scipy.optimize, h5netcdf

def state():
    return {
        "random": repr(random.getstate()),
        "numpy random": repr(numpy.random.get_state()),
        "numpy print": repr(numpy.get_printoptions()),
        "numpy errors": repr(numpy.geterr()),
        "xarray options": repr(dict(xarray.get_options())),
        "warnings": repr(warnings.filters),
        "logging": repr((logging.root.handlers, logging.root.level)),
        "environment": repr(sorted(os.environ.items())),
        "locale": repr(locale.setlocale(locale.LC_ALL)),
        "threads": threading.active_count(),
        "search path": repr(sys.path),
        "hooks": repr((sys.excepthook, sys.displayhook, len(sys.meta_path))),
        "files": sorted(os.listdir(".")),
    }

before = state()
import sxsim
after = state()
"""


def in_fresh_python(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )


def test_no_optional_library_is_imported(tmp_path: Path) -> None:
    ended = in_fresh_python("import sxsim, sys, json; print(json.dumps(sorted(sys.modules)))", tmp_path)
    loaded = {name.split(".")[0] for name in json.loads(ended.stdout)}
    assert "xarray" in loaded
    assert sorted(loaded & OPTIONAL) == []


def test_import_says_nothing_and_writes_nothing(tmp_path: Path) -> None:
    ended = in_fresh_python("import sxsim", tmp_path)
    assert (ended.stdout, ended.stderr, list(tmp_path.iterdir())) == ("", "", [])


def test_import_changes_no_global_state(tmp_path: Path) -> None:
    ended = in_fresh_python(LOOK + "print(json.dumps([before, after]))", tmp_path)
    before, after = json.loads(ended.stdout)
    assert {name: after[name] for name in after if after[name] != before[name]} == {}
