"""What asv would run: every benchmark of every suite, with its first parameters."""

from __future__ import annotations

import inspect

import pytest
from suites import fitting, importing, odds, simulation

SUITES = [
    suite
    for module in (fitting, odds, simulation)
    for _, suite in inspect.getmembers(module, inspect.isclass)
    if suite.__module__ == module.__name__
]


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.__name__)
def test_a_suite_runs(suite, monkeypatch):
    monkeypatch.setattr(simulation, "DRAWS", 2**11)
    first = [row[0] for row in getattr(suite, "params", ())]
    subject = suite()
    subject.setup(*first)
    measured = [name for name in dir(subject) if name.startswith(("time_", "peakmem_"))]
    assert measured
    for name in measured:
        getattr(subject, name)(*first)


def test_imports_are_statements():
    for statement in (importing.timeraw_import_sxsim(), importing.timeraw_import_what_it_stands_on()):
        compile(statement, "statement", "exec")
