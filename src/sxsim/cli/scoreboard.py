"""``sxsim scoreboard``: who is in charge of what is likely to be hit?"""

from __future__ import annotations

import argparse

from sxsim.analysis import attainment
from sxsim.cli.options import add_language, add_plan
from sxsim.datasets import load_plan
from sxsim.fitting import fit
from sxsim.reporting import Language, render_scoreboard
from sxsim.studies import Grouping, scoreboard

SUMMARY = "Group the targets of a plan by lead unit or chapter: how many hits are to be expected of each."

_BY = {"unit": Grouping.UNIT, "chapter": Grouping.CHAPTER}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_plan(parser)
    parser.add_argument("--by", choices=list(_BY), default="unit", help="grouped by what (default: unit)")
    parser.add_argument(
        "--until", type=int, metavar="YEAR", help="last year to learn from (default: fit_until of the plan)"
    )
    parser.add_argument(
        "--scenarios", nargs="+", metavar="ID", default=["trend"], help="scenarios (default: trend)"
    )
    parser.add_argument("--draws", type=int, metavar="N", default=20_000, help="futures (default: 20000)")
    parser.add_argument("--rng", type=int, metavar="SEED", default=0, help="seed (default: 0)")
    add_language(parser)


def command(options: argparse.Namespace) -> int:
    """Fit, ask, group, print."""
    plan = load_plan(options.plan)
    chosen = [plan.scenario(name) for name in options.scenarios]
    until = plan.fit_until if options.until is None else options.until
    model = fit(plan.history, until=until, identities=plan.identities)
    odds = attainment(model, plan.targets, scenarios=chosen, rng=options.rng)
    board = scoreboard(plan, odds, by=_BY[options.by], model=model, draws=options.draws, rng=options.rng)
    print(render_scoreboard(board, lang=Language(options.lang)))
    return 0
