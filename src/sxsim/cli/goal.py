"""``sxsim goal``: what would it take?"""

from __future__ import annotations

import argparse

import xarray as xr

from sxsim.cli.files import add_files, check_files, write_files
from sxsim.cli.options import add_plan
from sxsim.datasets import load_plan
from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.fitting import fit
from sxsim.plan import TREND, Lever, Plan, Pull
from sxsim.reporting import goal_chart, render_goal_seek
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
    add_files(parser, picture="draw the required growth")
    parser.set_defaults(lever=_GROWTH, probability=[0.5, 0.8])


def command(options: argparse.Namespace) -> int:
    """Check first, compute, write what was asked for, print."""
    if options.figure is not None and options.lever != _GROWTH:
        raise RequestError(
            f"--figure with --lever {options.lever}: there is a figure of required growth alone.",
            "Leave one of them out.",
        )
    lang = check_files(options)
    found = _answered(options)
    text = render_goal_seek(found, lang=lang)
    write_files(options, text, xr.DataTree(dataset=found), lambda: goal_chart(found, lang=lang))
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
