"""Every public name explains itself with an example, and every example of code and pages runs."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import re
from enum import Enum
from operator import attrgetter
from pathlib import Path

import pytest

import sxsim

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FILES = [path for path in (ROOT / "src" / "sxsim").rglob("*.py") if path.name != "__main__.py"]
MODULES = sorted({".".join(path.relative_to(ROOT / "src").with_suffix("").parts) for path in FILES})
PUBLIC = tuple(getattr(sxsim, "__all__", ()))
ROOMS = tuple(f"{room}.{name}" for room in ("cases", "scores") for name in getattr(sxsim, room).__all__)
VERBS = {"load_plan", "audit", "fit", "forecast", "simulate", "attainment", "run"}
EXAMPLE_STYLE = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def explained(thing: object) -> bool:
    """Whether a public thing can have a docstring: classes and functions can, constants cannot."""
    return inspect.isclass(thing) or inspect.isroutine(thing)


def needs_example(thing: object) -> bool:
    """Errors show themselves by their messages and choices by their members; the rest is shown at work."""
    return not (inspect.isclass(thing) and issubclass(thing, Exception | Enum))


@pytest.mark.parametrize("name", sorted(PUBLIC + ROOMS))
def test_public_name_has_a_docstring_with_an_example(name: str) -> None:
    thing = attrgetter(name)(sxsim)
    if explained(thing):
        text = thing.__doc__ or ""
        assert text.strip(), f"sxsim.{name} has no docstring"
        assert ">>> " in text or not needs_example(thing), f"the docstring of sxsim.{name} shows no example"


def test_public_names_are_listed_once_and_exist() -> None:
    assert len(set(PUBLIC)) == len(PUBLIC)
    assert [name for name in PUBLIC if not hasattr(sxsim, name)] == []
    assert set(PUBLIC) >= VERBS


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings_run(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    module = module.removesuffix(".__init__")
    loaded = importlib.import_module(module)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=EXAMPLE_STYLE)
    for test in doctest.DocTestFinder().find(loaded, module):
        runner.run(test, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)


def python_blocks(page: Path) -> list[tuple[int, str]]:
    """The python blocks of a page, each with the line it starts on."""
    text = page.read_text(encoding="utf-8")
    return [(text[: block.start(1)].count("\n"), block[1]) for block in BLOCK.finditer(text)]


@pytest.mark.parametrize("page", [p for p in PAGES if python_blocks(p)], ids=lambda page: page.name)
def test_examples_in_pages_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    names: dict[str, object] = {"__name__": "example"}
    for line, block in python_blocks(page):
        tree = ast.increment_lineno(ast.parse(block), line)
        exec(compile(tree, str(page), "exec", dont_inherit=True), names)


def test_the_plan_file_of_the_manual_loads(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "plan-file.md").read_text(encoding="utf-8")
    plan = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    history = re.search(r"```text\n(indicator,.*?)```", text, re.DOTALL)
    kinds = re.findall(r"```toml\n(\[\[target\]\]\n.*?)```", text, re.DOTALL)
    assert plan and history and len(kinds) == 2
    (tmp_path / "plan.toml").write_text(plan[1], encoding="utf-8")
    (tmp_path / "history.csv").write_text(history[1], encoding="utf-8")
    loaded = sxsim.load_plan(tmp_path / "plan.toml")
    assert (loaded.id, len(loaded.targets), len(loaded.observations)) == ("river-2030", 1, 2)
    more = [
        f'[[indicator]]\nid = "{name}"\nlabel = "{name}"\nkind = "{kind}"\n{rest}'
        for name, kind, rest in (
            ("good_water_national", "share", 'units = "% of length"\n'),
            ("restored_length", "flow", ""),
        )
    ]
    (tmp_path / "plan.toml").write_text("\n".join([plan[1], *more, *kinds]), encoding="utf-8")
    assert [one.id for one in sxsim.load_plan(tmp_path / "plan.toml").targets[1:]] == [
        f"W{n}" for n in range(1, 11)
    ]
