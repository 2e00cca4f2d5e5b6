"""``sxsim sensitivity``: what moves each probability?"""

from __future__ import annotations

import argparse

import xarray as xr

from sxsim import analysis
from sxsim.cli.files import add_files, check_files, write_files
from sxsim.cli.options import add_plan
from sxsim.datasets import load_plan
from sxsim.fitting import fit
from sxsim.plan import TREND
from sxsim.reporting import render_sensitivity, sensitivity_chart

SUMMARY = "Say what moves each probability: growth, shocks, last figure, level, levers, correlation."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_plan(parser)
    parser.add_argument("--targets", nargs="+", metavar="ID", help="targets to look at (default: all)")
    parser.add_argument("--scenario", metavar="ID", help="under which scenario (default: the trend)")
    parser.add_argument(
        "--together", action="store_true", help="ask what moves all together, which takes long"
    )
    parser.add_argument(
        "--until", type=int, metavar="YEAR", help="last year to learn from (default: fit_until of the plan)"
    )
    add_files(parser, picture="draw bars: .png, .pdf or .svg")


def command(options: argparse.Namespace) -> int:
    """Check first, compute, write what was asked for, print."""
    lang, joint = check_files(options), options.together
    plan = load_plan(options.plan)
    cut = plan.fit_until if options.until is None else options.until
    found = analysis.sensitivity(
        fit(plan.history, until=cut, identities=plan.identities),
        plan.targets if options.targets is None else [plan.target(name) for name in options.targets],
        scenarios=TREND if options.scenario is None else plan.scenario(options.scenario),
        joint=joint,
        rng=options.rng,
    )
    text = render_sensitivity(found, lang=lang)
    if joint:
        text += "\n" + "\n".join(render_sensitivity(found, joint=True, lang=lang).split("\n")[1:])
    result = xr.DataTree(dataset=found)
    write_files(options, text, result, lambda: sensitivity_chart(found, joint=joint, lang=lang))
    return 0
