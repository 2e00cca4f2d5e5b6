"""``sxsim run``: the whole line on one plan, as a table and as files."""

from __future__ import annotations

import argparse

from sxsim.cli.files import add_files, check_files, write_files
from sxsim.cli.options import add_plan
from sxsim.datasets import load_plan
from sxsim.reporting import fan_charts, render_detail, render_odds
from sxsim.studies import run

SUMMARY = "Say how likely each target is: fit the history, compute every probability, print the table."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_plan(parser)
    parser.add_argument(
        "--until", type=int, metavar="YEAR", help="last year to learn from (default: fit_until of the plan)"
    )
    parser.add_argument(
        "--scenarios", nargs="+", metavar="ID", help="scenarios to look at (default: all of the plan)"
    )
    parser.add_argument("--draws", type=int, metavar="N", help="simulated futures (default: 100000)")
    parser.add_argument(
        "--detail", action="store_true", help="say also when targets are hit, which together, how far short"
    )
    add_files(parser, picture="draw fan charts: .png, .pdf or .svg")
    parser.set_defaults(draws=100_000)


def command(options: argparse.Namespace) -> int:
    """Check first, compute, write what was asked for, print."""
    lang = check_files(options)
    plan = load_plan(options.plan)
    chosen = None if options.scenarios is None else [plan.scenario(name) for name in options.scenarios]
    tree = run(
        plan,
        until=options.until,
        scenarios=chosen,
        draws=options.draws,
        detail=options.detail,
        rng=options.rng,
    )
    text = render_odds(tree, lang=lang)
    if options.detail:
        scenarios = plan.scenarios if chosen is None else chosen
        text += "\n\n" + render_detail(tree["detail"].to_dataset(), scenarios=scenarios, lang=lang)
    write_files(options, text, tree, lambda: fan_charts(tree, lang=lang))
    return 0
