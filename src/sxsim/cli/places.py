"""Whether files can be written, asked before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sxsim.errors import RequestError
from sxsim.io.files import check_place


def check_places(paths: Iterable[Path], *, overwrite: bool) -> None:
    """Refuse files that stand in the way, folders that are missing, and one name for two files."""
    seen: set[Path] = set()
    for path in paths:
        if path.resolve() in seen:
            raise RequestError(f"{path} is asked for twice.", "Give every file its own name.")
        seen.add(path.resolve())
        check_place(path, overwrite=overwrite, remedy="--overwrite")
