"""``sxsim backtest``: would it have been right in earlier years?"""

from __future__ import annotations

import argparse

import xarray as xr

from sxsim.cli.files import add_files, check_files, write_files
from sxsim.cli.options import add_plan
from sxsim.datasets import load_plan
from sxsim.reporting import reliability_chart, render_backtest
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
    add_files(parser, picture="draw reliability curves")
    parser.set_defaults(horizon=5, draws=4096)


def command(options: argparse.Namespace) -> int:
    """Check first, compute, write what was asked for, print."""
    lang = check_files(options)
    found = backtest(
        load_plan(options.plan).history,
        horizon=options.horizon,
        origins=options.origins,
        draws=options.draws,
        rng=options.rng,
    )
    text = render_backtest(found, lang=lang)
    write_files(options, text, xr.DataTree(dataset=found), lambda: reliability_chart(found, lang=lang))
    return 0
