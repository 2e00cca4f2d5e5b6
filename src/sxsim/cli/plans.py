"""``sxsim plans``: which plans are bundled?"""

from __future__ import annotations

import argparse

from sxsim.datasets import load_plan, plans

SUMMARY = "List the bundled plans."


def add_options(_: argparse.ArgumentParser) -> None:
    """Take nothing."""


def command(_: argparse.Namespace) -> int:
    """Print name and titles of every bundled plan."""
    width = max(map(len, plans()), default=0)
    for name in plans():
        plan = load_plan(name)
        titles = [title for title in (plan.title, plan.title_zh) if title]
        for first, title in zip([name, *[""] * len(titles)], titles, strict=False):
            print(f"{first:{width}}  {title}")
    return 0
