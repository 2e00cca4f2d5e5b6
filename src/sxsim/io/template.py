"""A plan file to begin with: commented, small, and complete enough to run."""

from __future__ import annotations

import json
from pathlib import Path

from sxsim.errors import RequestError
from sxsim.io.files import write_whole
from sxsim.io.template_text import HISTORY_NAME, PLAN_TEXT, history_text


def write_template(path: str | Path, *, overwrite: bool = False) -> tuple[Path, Path]:
    """Write a commented plan file and its history beside it, ready to run and to be edited.

    Both files are written or neither. The history has the plan file's name with the ending `.csv`.

    Parameters
    ----------
    path
        The plan file to write; its name ends in `.toml`.
    overwrite
        Whether files of these names may be replaced.

    Returns
    -------
    tuple of pathlib.Path
        The plan file and the history file.

    Raises
    ------
    ExistingFileError
        If one of the two exists and `overwrite` is false.
    MissingFileError
        If the folder does not exist.
    RequestError
        If the name does not end in `.toml`.

    Examples
    --------
    >>> import tempfile
    >>> [file.name for file in write_template(Path(tempfile.mkdtemp()) / "town.toml")]
    ['town.toml', 'town.csv']
    """
    plan_file = Path(path)
    if plan_file.suffix != ".toml":
        raise RequestError(f"{plan_file} does not end in '.toml'.", f"Use the name {plan_file.stem}.toml.")
    history_file = plan_file.with_suffix(".csv")
    plan_text = PLAN_TEXT.replace(HISTORY_NAME, json.dumps(history_file.name, ensure_ascii=False))
    write_whole(
        {
            plan_file: lambda part: part.write_text(plan_text, encoding="utf-8", newline="\n"),
            history_file: lambda part: part.write_text(history_text(), encoding="utf-8", newline="\n"),
        },
        overwrite=overwrite,
    )
    return plan_file, history_file
