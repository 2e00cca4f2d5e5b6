"""Plan files: TOML in, a checked `Plan` out. Nothing in the file is ever executed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sxsim import labels
from sxsim.errors import HistoryError, PlanError
from sxsim.identities import Identity
from sxsim.io import toml_changes, toml_nouns, toml_targets
from sxsim.io.dataset import to_dataset
from sxsim.io.files import read_bytes
from sxsim.io.history_file import Figure, checked, read_figures
from sxsim.io.toml_rows import TableRow, locate, read_document
from sxsim.io.toml_scenarios import Cast, scenarios
from sxsim.plan import (
    TREND,
    Aim,
    Clause,
    Indicator,
    Mechanism,
    Observation,
    Place,
    Plan,
    Sector,
    StockFlow,
    Unit,
)

_COPIED: Mapping[str, Callable[..., object]] = {
    "aim": Aim,
    "mechanism": Mechanism,
    "sector": Sector,
    "place": Place,
    "unit": Unit,
    "clause": Clause,
    "stock_flow": StockFlow,
}


def read_plan(path: str | Path) -> Plan:
    """Read a plan file and the history files it names.

    Parameters
    ----------
    path
        A TOML file; `write_template` writes a commented one to begin with. Paths of history files are
        relative to it.

    Returns
    -------
    Plan
        Checked as a whole, with scenarios resolved and a digest of all files read.

    Raises
    ------
    PlanError
        If the file is not TOML, or a table, key, value or reference is wrong; file, table and key are named.
    HistoryError
        If an observed figure cannot be used, or there is none.
    MissingFileError
        If the plan file or a history file does not exist.

    Examples
    --------
    >>> import tempfile
    >>> from sxsim.io import write_template
    >>> plan_file, _ = write_template(Path(tempfile.mkdtemp()) / "town.toml")
    >>> read_plan(plan_file).start
    2024
    """
    file = Path(path)
    tables = read_document(file)
    header = tables["plan"][0].values
    history_files = [file.parent / name for name in header.get("history", ())]
    indicators = tuple(toml_nouns.indicator(row) for row in tables["indicator"])
    observations = _observations(file, history_files, tables["observation"], indicators)
    values = {key: value for key, value in header.items() if key != "history"} | _rows(tables, observations)
    digest = _digest([file, *history_files])
    origin = {labels.PLAN: header["id"], labels.PLAN_DIGEST: digest}
    derived = [row.values["indicator"] for row in tables["identity"]]
    history = to_dataset(observations, indicators, derived=derived).assign_attrs(origin)
    try:
        return Plan(
            **values, indicators=indicators, observations=observations, history=history, digest=digest
        )
    except PlanError as error:
        raise locate(file, error) from error


def _rows(tables: Mapping[str, Sequence[TableRow]], observations: Sequence[Observation]) -> dict[str, Any]:
    """Build the nouns of all tables but indicators and observations, by the names `Plan` has for them."""
    header = tables["plan"][0].values
    targets = toml_targets.targets(tables["target"], header["fit_until"])
    identities = tuple(row.make(Identity, **row.values) for row in tables["identity"])
    effects = toml_changes.effects(tables)
    levers = tuple(toml_changes.lever(row, effects) for row in tables["lever"])
    cast = Cast(
        start=header["start"],
        targets=targets,
        fitted={one.indicator for one in observations} - {one.indicator for one in identities},
        levers=levers,
        shelf=toml_changes.shelf(tables, effects, targets),
    )
    copied = {
        f"{name}s": tuple(row.make(noun, **row.values) for row in tables[name])
        for name, noun in _COPIED.items()
    }
    made = {"targets": targets, "identities": identities, "levers": levers}
    return copied | made | {"scenarios": scenarios(tables, cast) or (TREND,)}


def _observations(
    file: Path, history_files: Sequence[Path], rows: Sequence[TableRow], indicators: Sequence[Indicator]
) -> tuple[Observation, ...]:
    figures = [figure for one in history_files for figure in read_figures(one)]
    for row in rows:
        try:
            figures.append(Figure(row.where, Observation(**row.values)))
        except HistoryError as error:
            raise HistoryError(f"{row.where}: {error.text}", error.hint) from error
    if not figures:
        raise HistoryError(
            f"{file}: the plan has no observed figures.",
            'Add history = ["history.csv"] to [plan], or [[observation]].',
        )
    return checked(figures, indicators)


def _digest(files: Sequence[Path]) -> str:
    """Fingerprint of the bytes of all files, in order."""
    total = hashlib.blake2b(digest_size=16)
    for file in files:
        content = read_bytes(file, "file")
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()
