"""``sxsim replay``: how likely was each target, as it could be known in each year?"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import xarray as xr

from sxsim.cli.options import add_language, add_overwrite, add_plan, file
from sxsim.cli.places import check_places
from sxsim.datasets import load_plan
from sxsim.io import save
from sxsim.reporting import Language, check_figure, render_replay, replay_chart, save_figure
from sxsim.studies import replay

SUMMARY = "Say how likely each target was as it could be known in each year, next to what came."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_plan(parser)
    parser.add_argument(
        "--as-of", type=_span, metavar="FROM-TO", help="years looked from (default: fit_until to its end)"
    )
    parser.add_argument(
        "--scenarios", nargs="+", metavar="ID", help="scenarios to look at (default: the first of the plan)"
    )
    parser.add_argument(
        "--futures",
        type=int,
        metavar="N",
        help="simulated futures for what coming figures will settle, such as 400 (default: none)",
    )
    parser.add_argument("--rng", type=int, metavar="SEED", help="seed, a whole number (default: 0)")
    parser.add_argument("--out", type=file, metavar="FILE.nc", help="save the whole result as netCDF")
    parser.add_argument("--figure", type=file, metavar="FILE.png", help="draw it: .png, .pdf or .svg")
    add_language(parser)
    add_overwrite(parser)
    parser.set_defaults(futures=0, rng=0)


def command(options: argparse.Namespace) -> int:
    """Check first, compute, write what was asked for, print."""
    lang = Language(options.lang)
    files: list[Path] = [path for path in (options.out, options.figure) if path is not None]
    check_places(files, overwrite=options.overwrite)
    if options.figure is not None:
        check_figure(options.figure, lang)
    plan = load_plan(options.plan)
    chosen = None if options.scenarios is None else [plan.scenario(name) for name in options.scenarios]
    found = replay(plan, options.as_of, scenarios=chosen, futures=options.futures, rng=options.rng)
    text = render_replay(found, lang=lang)
    figure = None if options.figure is None else replay_chart(found, lang=lang)
    if options.out is not None:
        save(xr.DataTree(dataset=found), options.out, overwrite=options.overwrite)
    if figure is not None:
        save_figure(figure, options.figure, overwrite=options.overwrite)
    print(text)
    for path in files:
        print(f"-> {path}")
    return 0


def _span(text: str) -> range:
    """Read one year, or the first and the last of several."""
    if not (found := re.fullmatch(r"(\d+)(?:-(\d+))?", text.strip())):
        raise argparse.ArgumentTypeError(f"{text!r} is neither a year nor two with a hyphen, as in 2012-2019")
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        raise argparse.ArgumentTypeError(f"{text!r} ends before it begins")
    return range(first, last + 1)
