"""Whether files can be written, asked before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sxsim.errors import ExistingFileError, MissingFileError, RequestError


def check_places(paths: Iterable[Path], *, overwrite: bool) -> None:
    """Refuse files that stand in the way, folders that are missing, and one name for two files."""
    seen: set[Path] = set()
    for path in paths:
        if path.resolve() in seen:
            raise RequestError(f"{path} is asked for twice.", "Give every file its own name.")
        seen.add(path.resolve())
        _check_place(path, overwrite=overwrite)


def _check_place(path: Path, *, overwrite: bool) -> None:
    if not path.parent.is_dir():
        raise MissingFileError(
            f"The folder {path.parent} does not exist.", f"Create it before writing {path.name}."
        )
    if path.is_dir():
        raise ExistingFileError(f"{path} is a folder.", "Give the name of a file.")
    if path.exists() and not overwrite:
        raise ExistingFileError(
            f"{path} exists already.", "Choose another name, or allow it with --overwrite."
        )
