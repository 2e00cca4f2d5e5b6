"""``sxsim goal``: what would it take?"""

from __future__ import annotations

import argparse
from pathlib import Path

import xarray as xr

from sxsim.cli.options import add_language, add_overwrite, add_plan, file
from sxsim.cli.places import check_places
from sxsim.datasets import load_plan
from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.fitting import fit
from sxsim.io import save
from sxsim.plan import TREND, Lever, Plan, Pull
from sxsim.reporting import Language, check_figure, goal_chart, render_goal_seek, save_figure
from sxsim.studies import goal_seek

SUMMARY = "Say what it would take to hit each target with a probability: growth, or a dose of one lever."
_GROWTH = "growth"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_plan(parser)
    parser.add_argument("--lever", metavar="ID", help="a lever of the plan, or growth (default: growth)")
    parser.add_argument(
        "--probability", type=float, nargs="+", metavar="P", help="wanted, between 0 and 1 (default: 0.5 0.8)"
    )
    parser.add_argument("--targets", nargs="+", metavar="ID", help="targets to look at (default: all)")
    parser.add_argument("--together", action="store_true", help="ask for all targets at once as well")
    parser.add_argument("--scenario", metavar="ID", help="what happens beside it (default: the trend)")
    parser.add_argument(
        "--bounds", type=float, nargs=2, metavar=("LOW", "HIGH"), help="doses to look between (default: 0 1)"
    )
    parser.add_argument(
        "--until", type=int, metavar="YEAR", help="last year to learn from (default: fit_until of the plan)"
    )
    parser.add_argument("--rng", type=int, metavar="SEED", help="seed, a whole number (default: 0)")
    parser.add_argument("--out", type=file, metavar="FILE.nc", help="save the whole result as netCDF")
    parser.add_argument("--figure", type=file, metavar="FILE.png", help="draw the required growth")
    add_language(parser)
    add_overwrite(parser)
    parser.set_defaults(lever=_GROWTH, probability=[0.5, 0.8], rng=0)


def command(options: argparse.Namespace) -> int:
    """Check first, compute, write what was asked for, print."""
    lang = Language(options.lang)
    files: list[Path] = [path for path in (options.out, options.figure) if path is not None]
    check_places(files, overwrite=options.overwrite)
    if options.figure is not None:
        if options.lever != _GROWTH:
            raise RequestError(
                f"--figure with --lever {options.lever}: there is a figure of required growth alone.",
                "Leave one of them out.",
            )
        check_figure(options.figure, lang)
    found = _answered(options)
    text = render_goal_seek(found, lang=lang)
    if options.out is not None:
        save(xr.DataTree(dataset=found), options.out, overwrite=options.overwrite)
    if options.figure is not None:
        save_figure(goal_chart(found, lang=lang), options.figure, overwrite=options.overwrite)
    print(text)
    for path in files:
        print(f"-> {path}")
    return 0


def _answered(options: argparse.Namespace) -> xr.Dataset:
    plan = load_plan(options.plan)
    cut = plan.fit_until if options.until is None else options.until
    scenario = TREND if options.scenario is None else plan.scenario(options.scenario)
    targets = plan.targets if options.targets is None else [plan.target(name) for name in options.targets]
    lever = options.lever if options.lever == _GROWTH else _lever(plan, options.lever)
    pulled = any(isinstance(one, Pull) and one.lever == lever for one in scenario.changes)
    return goal_seek(
        fit(plan.history, until=cut, identities=plan.identities),
        targets,
        lever=lever,
        probability=options.probability,
        scenario=scenario,
        together=options.together,
        bounds=options.bounds,
        start=None if pulled else max(plan.start, cut + 1),
        rng=options.rng,
    )


def _lever(plan: Plan, name: str) -> Lever:
    known = {lever.id: lever for lever in plan.levers}
    if name not in known:
        raise UnknownNameError(f"The plan has no lever {name!r}.", nearest(name, [*known, _GROWTH]))
    return known[name]
