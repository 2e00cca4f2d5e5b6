"""``sxsim scenarios``: what is told of a plan, and what that assumes?"""

from __future__ import annotations

import argparse

from sxsim.cli.options import add_language, add_plan
from sxsim.datasets import load_plan
from sxsim.reporting import Language, render_scenarios

SUMMARY = "List the scenarios of a plan: their stories, and every number in them that nobody has measured."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_plan(parser)
    add_language(parser)


def command(options: argparse.Namespace) -> int:
    """Print them."""
    print(render_scenarios(load_plan(options.plan), lang=Language(options.lang)))
    return 0
