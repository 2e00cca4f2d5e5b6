"""``sxsim backtest``: would it have been right in earlier years?"""

from __future__ import annotations

import argparse
from pathlib import Path

import xarray as xr

from sxsim.cli.options import add_language, add_overwrite, add_plan, file
from sxsim.cli.places import check_places
from sxsim.datasets import load_plan
from sxsim.io import save
from sxsim.reporting import Language, check_figure, reliability_chart, render_backtest, save_figure
from sxsim.studies import backtest

SUMMARY = "Say how good the forecasts would have been: refit in earlier years, compare with what came."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_plan(parser)
    parser.add_argument("--horizon", type=int, metavar="N", help="years ahead (default: 5)")
    parser.add_argument(
        "--origins", type=int, nargs="+", metavar="YEAR", help="last known years (default: all that serve)"
    )
    parser.add_argument("--draws", type=int, metavar="N", help="simulated futures an origin (default: 4096)")
    parser.add_argument("--rng", type=int, metavar="SEED", help="seed, a whole number (default: 0)")
    parser.add_argument("--out", type=file, metavar="FILE.nc", help="save the whole result as netCDF")
    parser.add_argument("--figure", type=file, metavar="FILE.png", help="draw reliability curves")
    add_language(parser)
    add_overwrite(parser)
    parser.set_defaults(horizon=5, draws=4096, rng=0)


def command(options: argparse.Namespace) -> int:
    """Check first, compute, write what was asked for, print."""
    lang = Language(options.lang)
    files: list[Path] = [path for path in (options.out, options.figure) if path is not None]
    check_places(files, overwrite=options.overwrite)
    if options.figure is not None:
        check_figure(options.figure, lang)
    found = backtest(
        load_plan(options.plan).history,
        horizon=options.horizon,
        origins=options.origins,
        draws=options.draws,
        rng=options.rng,
    )
    text = render_backtest(found, lang=lang)
    if options.out is not None:
        save(xr.DataTree(dataset=found), options.out, overwrite=options.overwrite)
    if options.figure is not None:
        save_figure(reliability_chart(found, lang=lang), options.figure, overwrite=options.overwrite)
    print(text)
    for path in files:
        print(f"-> {path}")
    return 0
