"""``sxsim run``: the whole line on one plan, as a table and as files."""

from __future__ import annotations

import argparse
from pathlib import Path

from sxsim.cli.options import add_language, add_overwrite, add_plan, file
from sxsim.cli.places import check_places
from sxsim.datasets import load_plan
from sxsim.io import save
from sxsim.reporting import Language, check_figure, fan_charts, render_detail, render_odds, save_figure
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
    parser.add_argument("--rng", type=int, metavar="SEED", help="seed, a whole number (default: 0)")
    parser.add_argument("--out", type=file, metavar="FILE.nc", help="save the whole result as netCDF")
    parser.add_argument("--figure", type=file, metavar="FILE.png", help="draw fan charts: .png, .pdf or .svg")
    parser.add_argument(
        "--detail", action="store_true", help="say also when targets are hit, which together, how far short"
    )
    add_language(parser)
    add_overwrite(parser)
    parser.set_defaults(draws=100_000, rng=0)


def command(options: argparse.Namespace) -> int:
    """Check first, compute, write what was asked for, print."""
    lang = Language(options.lang)
    files: list[Path] = [path for path in (options.out, options.figure) if path is not None]
    check_places(files, overwrite=options.overwrite)
    if options.figure is not None:
        check_figure(options.figure, lang)
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
    figure = None if options.figure is None else fan_charts(tree, lang=lang)
    if options.out is not None:
        save(tree, options.out, overwrite=options.overwrite)
    if figure is not None:
        save_figure(figure, options.figure, overwrite=options.overwrite)
    print(text)
    for path in files:
        print(f"-> {path}")
    return 0
