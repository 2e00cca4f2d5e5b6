"""Sizes that keep the code readable; an exception has a line and a reason in docs/accepted.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "sxsim"

LIMITS = {
    "file lines": 400,
    "function lines": 60,
    "public methods": 12,
    "class depth": 2,
    "required arguments": 5,
}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Measure = tuple[str, str, int]  # limit, where, size


def named(nodes: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.ClassDef | Function]]:
    """Every class and function of a file with its dotted name, nested ones included."""
    for node in nodes:
        if isinstance(node, ast.ClassDef | Function):
            name = f"{prefix}{node.name}"
            yield name, node
            yield from named(node.body, f"{name}.")
        else:
            for block in ("body", "orelse", "finalbody"):
                yield from named(getattr(node, block, []), prefix)


def body_lines(node: Function) -> int:
    """Lines of a function from its first statement to its last, the docstring not counted."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def required(node: Function) -> int:
    """Arguments that must be given and may be given by place; keyword-only ones explain themselves."""
    arguments = [*node.args.posonlyargs, *node.args.args]
    needed = arguments[: len(arguments) - len(node.args.defaults)]
    return len([argument for argument in needed if argument.arg not in ("self", "cls")])


def public_methods(node: ast.ClassDef) -> int:
    """Methods and properties of a class that a user sees."""
    return len({item.name for item in node.body if isinstance(item, Function) and item.name[0] != "_"})


def bases(node: ast.ClassDef) -> list[str]:
    """Last name of each base class, parameters cut off."""
    return [ast.unparse(base).split("[")[0].split(".")[-1] for base in node.bases]


def depth(name: str, parents: dict[str, list[str]]) -> int:
    """Classes of this package from a class up to its topmost ancestor, itself counted."""
    above = [depth(base, parents) for base in parents[name] if base in parents and base != name]
    return 1 + max(above, default=0)


def measures(sources: dict[str, str]) -> Iterator[Measure]:
    """Size of everything that has a limit; sources are texts by their path from the root."""
    trees = {where: ast.parse(source) for where, source in sources.items()}
    inside = {where: list(named(tree.body)) for where, tree in trees.items()}
    ours = [item for where in inside if where.startswith("src/") for item in inside[where]]
    parents = {node.name: bases(node) for _, node in ours if isinstance(node, ast.ClassDef)}
    for where, source in sources.items():
        yield "file lines", where, len(source.splitlines())
        for name, node in inside[where]:
            place = f"{where}::{name}"
            if isinstance(node, Function):
                yield "function lines", place, body_lines(node)
            if not where.startswith("src/"):
                continue
            if isinstance(node, Function):
                yield "required arguments", place, required(node)
            else:
                yield "public methods", place, public_methods(node)
                yield "class depth", place, depth(node.name, parents)


def accepted(page: str) -> set[tuple[str, str]]:
    """The (limit, where) pairs of the register's table; its worked example stands in a code block."""
    text = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    lines = [line.strip().strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    rows = [[cell.strip(" `") for cell in line] for line in lines]
    return {(row[0], row[1]) for row in rows if row[0] in LIMITS and len(row) == 3 and row[2]}


def python_files() -> dict[str, str]:
    """Every Python source of the project by its path from the root."""
    folders = [ROOT / name for name in ("src", "tests", "benchmarks", "examples", "scripts")]
    paths = [path for folder in folders for path in folder.rglob("*.py")]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sorted(paths)}


def test_nothing_is_larger_than_agreed() -> None:
    over = {(limit, where): size for limit, where, size in measures(python_files()) if size > LIMITS[limit]}
    register = accepted((ROOT / "docs" / "accepted.md").read_text(encoding="utf-8"))
    too_large = [f"{limit}: {where} has {over[limit, where]}" for limit, where in set(over) - register]
    assert sorted(too_large) == []
    assert register - set(over) == set(), "no exception needed any more: take it out of docs/accepted.md"


def test_every_limit_is_measured() -> None:
    long_function = "def work(a, b, c, d, e, f, g=1, *, h):\n" + "    a = 1\n" * 61
    crowded = "class Noun:\n" + "".join(f"    def verb{i}(self): ...\n" for i in range(13))
    deep = "class A: ...\nclass B(A): ...\nclass C(B, Generic[T]): ...\n"
    source = long_function + crowded + deep + "\n" * 400
    over = {limit for limit, _, size in measures({"src/x.py": source}) if size > LIMITS[limit]}
    assert over == set(LIMITS)


def test_docstring_and_keyword_only_arguments_are_free() -> None:
    head = 'class A:\n    def f(self, a, *, b, c, d, e, g):\n        """One.\n'
    source = head + "\n" * 80 + '        """\n'
    sizes = {limit: size for limit, where, size in measures({"src/x.py": source}) if where.endswith("A.f")}
    assert sizes == {"function lines": 0, "required arguments": 1}


def test_the_register_needs_a_reason() -> None:
    page = "| limit | where | reason |\n| file lines | `a.py` | a table |\n| file lines | `b.py` |  |\n"
    assert accepted(page) == {("file lines", "a.py")}
