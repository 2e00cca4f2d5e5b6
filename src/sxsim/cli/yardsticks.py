"""``sxsim yardsticks``: what do the official progress measures say of a plan?"""

from __future__ import annotations

import argparse

from sxsim.analysis import attainment, yardsticks
from sxsim.cli.options import add_language, add_plan
from sxsim.datasets import load_plan
from sxsim.fitting import fit
from sxsim.reporting import Language, render_yardsticks

SUMMARY = "Say what the official progress measures make of every target, with the figures known by a year."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_plan(parser)
    parser.add_argument(
        "--as-of", type=int, metavar="YEAR", help="last year whose figures are known (default: fit_until)"
    )
    parser.add_argument(
        "--odds",
        action="store_true",
        help="fit the same figures and put the probability under the plan's first scenario beside them",
    )
    add_language(parser)


def command(options: argparse.Namespace) -> int:
    """Compute and print them."""
    plan = load_plan(options.plan)
    year = plan.fit_until if options.as_of is None else options.as_of
    sheet, odds = yardsticks(plan, as_of=year), None
    if options.odds:
        model = fit(plan.history, until=year, identities=plan.identities)
        odds = attainment(model, plan.targets, scenarios=plan.scenarios[0], rng=0)
    print(render_yardsticks(sheet, odds=odds, scenarios=plan.scenarios, lang=Language(options.lang)))
    return 0
