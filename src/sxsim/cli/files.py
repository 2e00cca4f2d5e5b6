"""Files that commands write: checked before anything is computed, written after everything is."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import xarray as xr

from sxsim.cli.options import add_language, add_overwrite, file
from sxsim.cli.places import check_places
from sxsim.io import save
from sxsim.reporting import Language, check_figure, save_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def add_files(parser: argparse.ArgumentParser, *, picture: str) -> None:
    """Offer a seed, the result as a file, a picture of it, and the language of both text and picture."""
    parser.add_argument(
        "--rng", type=int, default=0, metavar="SEED", help="seed, a whole number (default: 0)"
    )
    parser.add_argument("--out", type=file, metavar="FILE.nc", help="save the whole result as netCDF")
    parser.add_argument("--figure", type=file, metavar="FILE.png", help=picture)
    add_language(parser)
    add_overwrite(parser)


def check_files(options: argparse.Namespace) -> Language:
    """Refuse files that could not be written, and return the language."""
    lang = Language(options.lang)
    check_places(_asked(options), overwrite=options.overwrite)
    if options.figure is not None:
        check_figure(options.figure, lang)
    return lang


def write_files(
    options: argparse.Namespace, text: str, result: xr.DataTree, draw: Callable[[], Figure]
) -> None:
    """Write the files that were asked for, and print the text and their names."""
    figure = None if options.figure is None else draw()
    if options.out is not None:
        save(result, options.out, overwrite=options.overwrite)
    if figure is not None:
        save_figure(figure, options.figure, overwrite=options.overwrite)
    print(text)
    for path in _asked(options):
        print(f"-> {path}")


def _asked(options: argparse.Namespace) -> list[Path]:
    return [path for path in (options.out, options.figure) if path is not None]
