"""Options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from sxsim.reporting import Language


def add_plan(parser: argparse.ArgumentParser) -> None:
    """Ask for a plan."""
    parser.add_argument("plan", metavar="PLAN", help="name of a bundled plan, or path of a plan file (.toml)")


def add_language(parser: argparse.ArgumentParser) -> None:
    """Offer the languages."""
    codes = [language.value for language in Language]
    parser.add_argument(
        "--lang", choices=codes, default=codes[0], help="language of the labels (default: en)"
    )


def add_overwrite(parser: argparse.ArgumentParser) -> None:
    """Offer to replace files."""
    parser.add_argument("--overwrite", action="store_true", help="replace files that exist")


def file(text: str) -> Path:
    """Read the name of a file; an empty one is a mistake."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of the file is empty")
    return Path(text)
