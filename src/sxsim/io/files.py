"""Files read whole, and files written whole or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

from sxsim.errors import ExistingFileError, MissingFileError


def read_bytes(path: Path, what: str) -> bytes:
    """Read a file whole, or raise an error that says what was looked for."""
    if path.is_dir():
        raise MissingFileError(f"{path} is a folder, not a {what}.", "Give the path of a file.")
    if not path.exists():
        raise MissingFileError(f"The {what} {path} does not exist.", "Check the path and the spelling.")
    return path.read_bytes()


def write_whole(writers: Mapping[Path, Callable[[Path], object]], *, overwrite: bool) -> None:
    """Write several files under temporary names beside them, then put all in place, or none.

    Each writer receives the temporary path. Whatever fails, files that were there before are still there.
    """
    for path in writers:
        check_place(path, overwrite=overwrite)
    fresh = {path: _beside(path, "part") for path in writers}
    try:
        for path, write in writers.items():
            write(fresh[path])
        _put_in_place(fresh)
    finally:
        for temporary in fresh.values():
            temporary.unlink(missing_ok=True)


def check_place(path: Path, *, overwrite: bool, remedy: str = "overwrite=True") -> None:
    """Refuse a file that stands in the way, a folder that is missing, and a folder in place of a file."""
    if not path.parent.is_dir():
        raise MissingFileError(
            f"The folder {path.parent} does not exist.", f"Create it before writing {path.name}."
        )
    if path.is_dir():
        raise ExistingFileError(f"{path} is a folder.", "Give the name of a file.")
    if path.exists() and not overwrite:
        raise ExistingFileError(f"{path} exists already.", f"Choose another name, or allow it with {remedy}.")


def _put_in_place(fresh: Mapping[Path, Path]) -> None:
    """Replace one file after another; all but the last, which is replaced at once, are kept until the end."""
    last = list(fresh)[-1]
    kept: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for path, temporary in fresh.items():
            if path != last and path.exists():
                kept[path] = path.rename(_beside(path, "old"))
            temporary.replace(path)
            placed.append(path)
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        for path, old in kept.items():
            old.replace(path)
        raise
    for old in kept.values():
        old.unlink(missing_ok=True)


def _beside(path: Path, purpose: str) -> Path:
    return path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}.{purpose}")
