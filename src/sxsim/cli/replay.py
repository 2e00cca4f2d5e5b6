"""``sxsim replay``: how likely was each target, as it could be known in each year?"""

from __future__ import annotations

import argparse
import re

import xarray as xr

from sxsim.cli.files import add_files, check_files, write_files
from sxsim.cli.options import add_plan
from sxsim.datasets import load_plan
from sxsim.reporting import render_replay, replay_chart
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
    add_files(parser, picture="draw it: .png, .pdf or .svg")
    parser.set_defaults(futures=0)


def command(options: argparse.Namespace) -> int:
    """Check first, compute, write what was asked for, print."""
    lang = check_files(options)
    plan = load_plan(options.plan)
    chosen = None if options.scenarios is None else [plan.scenario(name) for name in options.scenarios]
    found = replay(plan, options.as_of, scenarios=chosen, futures=options.futures, rng=options.rng)
    text = render_replay(found, lang=lang)
    write_files(options, text, xr.DataTree(dataset=found), lambda: replay_chart(found, lang=lang))
    return 0


def _span(text: str) -> range:
    """Read one year, or the first and the last of several."""
    if not (found := re.fullmatch(r"(\d+)(?:-(\d+))?", text.strip())):
        raise argparse.ArgumentTypeError(f"{text!r} is neither a year nor two with a hyphen, as in 2012-2019")
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        raise argparse.ArgumentTypeError(f"{text!r} ends before it begins")
    return range(first, last + 1)
