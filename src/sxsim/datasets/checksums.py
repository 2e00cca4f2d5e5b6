"""Checksums: bundled files are what was bundled."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from pathlib import Path

from sxsim.errors import HistoryError

LIST_NAME = "checksums.toml"


def check_listed(content: Path, files: Iterable[Path]) -> None:
    """Compare files with the SHA-256 sums in `checksums.toml`; files not listed there pass.

    Parameters
    ----------
    content
        Folder of the bundled content; names in the list are relative to it, with forward slashes.
    files
        The files to compare.

    Raises
    ------
    HistoryError
        If a file differs from what is listed.
    """
    listed = _listed(content / LIST_NAME)
    for file in files:
        name = file.relative_to(content).as_posix()
        if name not in listed:
            continue
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        if found != listed[name]:
            raise HistoryError(
                f"The bundled file {name} was changed: its SHA-256 is {found[:12]}..., "
                f"{LIST_NAME} says {listed[name][:12]}....",
                "Reinstall sxsim, or copy the file elsewhere and load the copy by its path.",
            )


def _listed(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    document = tomllib.loads(file.read_text(encoding="utf-8"))
    table = document.get("sha256", document)
    return {name: value for name, value in table.items() if isinstance(value, str)}
