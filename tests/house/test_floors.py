"""A room imports only from strictly lower floors, and nothing optional while it is being imported itself."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "sxsim"

# From the ground up. Rooms on one floor do not know each other; the three files at the bottom have an order.
FLOORS = (
    ("errors",),
    ("labels",),
    ("streams",),
    ("links", "identities"),
    ("plan", "processes"),
    ("fitting", "scenarios", "io"),
    ("simulation", "datasets", "cases"),
    ("analysis",),
    ("reporting", "studies"),
    ("cli",),
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
SHOP_WINDOW = {"__init__", "__main__"}  # the package itself: above every room, and no room looks at it

CORE = {"numpy", "scipy", "xarray", "pandas", "h5netcdf", "h5py", "sxsim"}


def room_of(path: Path) -> str:
    """The room a file belongs to: its folder directly under the package, or the file's own name."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def package_of(path: Path) -> list[str]:
    """The package in which a file's relative imports start."""
    return ["sxsim", *path.relative_to(PACKAGE).parts[:-1]]


def rooms_named(node: ast.AST, package: list[str]) -> Iterator[str]:
    """Every room of sxsim that an import statement names; 'sxsim' itself for the shop window."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            parts = alias.name.split(".")
            if parts[0] == "sxsim":
                yield parts[1] if len(parts) > 1 else "sxsim"
    elif isinstance(node, ast.ImportFrom):
        start = package[: len(package) - node.level + 1] if node.level else []
        parts = start + (node.module.split(".") if node.module else [])
        if parts[:1] != ["sxsim"]:
            return
        for alias in node.names:
            if len(parts) > 1:
                yield parts[1]
            elif alias.name != "__version__":
                yield alias.name if alias.name in FLOOR else "sxsim"


def upward(source: str, room: str, package: list[str]) -> list[str]:
    """Imports of a file that do not go strictly down, one sentence each."""
    found = []
    for node in ast.walk(ast.parse(source)):
        for other in rooms_named(node, package):
            if other != room and FLOOR.get(other, len(FLOORS)) >= FLOOR[room]:
                found.append(f"line {node.lineno}: {room} imports {other}")
    return found


def at_import(nodes: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """Import statements that run when the file itself is imported."""
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from at_import(node.orelse)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from at_import([child for child in ast.walk(node) if is_part(child, node)])


def is_part(child: ast.AST, node: ast.stmt) -> bool:
    """Whether a statement stands directly in a block of another one."""
    blocks = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
    blocks += [handler.body for handler in getattr(node, "handlers", [])]
    return any(child in block for block in blocks)


def optional_at_import(source: str) -> list[str]:
    """Libraries beyond the core that a file needs as soon as it is imported."""
    found = []
    for node in at_import(ast.parse(source).body):
        if isinstance(node, ast.ImportFrom) and node.level:
            continue
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        for name in (name.split(".")[0] for name in names):
            if name not in CORE and name not in sys.stdlib_module_names:
                found.append(f"line {node.lineno}: {name}")
    return found


FILES = sorted(PACKAGE.rglob("*.py"))


def test_compiled_code_is_imported_only_by_the_function_that_chooses_it() -> None:
    importers = [
        path.relative_to(PACKAGE).as_posix()
        for path in FILES
        if path.parent.name != "compiled"
        and any(
            "simulation.compiled" in ast.unparse(node)
            for node in at_import(ast.parse(path.read_text("utf-8")).body)
        )
    ]
    assert importers == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_and_nothing_optional_is_needed_at_import(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    room = room_of(path)
    found = [] if path.parent.name == "compiled" else optional_at_import(source)
    assert found == [], "import it inside the function that needs it"
    if room not in SHOP_WINDOW:
        assert room in FLOOR, f"{room} has no floor yet: give it one here and in docs/decisions.md"
        assert upward(source, room, package_of(path)) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("plan", "from sxsim.fitting import fit"),
        ("plan", "import sxsim.processes.model"),
        ("plan", "from sxsim import processes"),
        ("plan", "from sxsim import load_plan"),
        ("plan", "import sxsim"),
        ("plan", "from ..analysis import attainment"),
        ("plan", "def f():\n    from sxsim.io import read"),
        ("errors", "from sxsim.labels import YEAR"),
        ("labels", "from sxsim.streams import Seed"),
        ("reporting", "from sxsim.studies import replay"),
    ],
)
def test_an_import_that_goes_up_or_sideways_is_seen(room: str, source: str) -> None:
    assert len(upward(source, room, ["sxsim", room])) == 1


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("plan", "from sxsim.links import Carrier"),
        ("plan", "from sxsim import errors, __version__"),
        ("plan", "from .target import Target"),
        ("plan", "from sxsim.plan.target import Target"),
        ("streams", "from sxsim.errors import RequestError"),
        ("cli", "from sxsim.reporting import table\nimport numpy"),
    ],
)
def test_an_import_that_goes_down_is_allowed(room: str, source: str) -> None:
    assert upward(source, room, ["sxsim", room]) == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("import numba", 1),
        ("import numpy, matplotlib.pyplot as plt", 1),
        ("try:\n    import zarr\nexcept ImportError:\n    zarr = None", 1),
        ("class A:\n    from dask import array", 1),
        ("def f():\n    import openpyxl", 0),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from matplotlib.axes import Axes", 0),
        ("import tomllib\nimport xarray as xr\nfrom .target import Target", 0),
    ],
)
def test_an_optional_library_is_seen_where_it_would_be_imported(source: str, count: int) -> None:
    assert len(optional_at_import(source)) == count
