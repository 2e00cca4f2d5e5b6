"""The first thing anybody waits for."""

from __future__ import annotations


def timeraw_import_sxsim() -> str:
    """Import the package in a fresh interpreter."""
    return "import sxsim"


def timeraw_import_what_it_stands_on() -> str:
    """Import its two heaviest requirements; the yardstick of the line above."""
    return "import xarray, scipy.stats"
