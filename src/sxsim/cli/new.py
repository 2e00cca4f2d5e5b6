"""``sxsim new``: a plan file to begin with."""

from __future__ import annotations

import argparse

from sxsim.cli.options import add_overwrite, file
from sxsim.cli.places import check_places
from sxsim.io import write_template

SUMMARY = "Write a commented plan and its history beside it, ready to run and to be edited."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument("path", type=file, metavar="FILE.toml", help="plan file to write")
    add_overwrite(parser)


def command(options: argparse.Namespace) -> int:
    """Write both files and say what to do next."""
    check_places(dict.fromkeys((options.path, options.path.with_suffix(".csv"))), overwrite=options.overwrite)
    for path in write_template(options.path, overwrite=options.overwrite):
        print(f"-> {path}")
    print(f"Next: sxsim run {options.path}")
    return 0
