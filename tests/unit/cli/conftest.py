from __future__ import annotations

import pytest

from sxsim.cli import main
from sxsim.io import write_template


@pytest.fixture
def sxsim(capsys):
    """Run a command in this interpreter: exit status, output, error output."""

    def run(*words):
        status = main([str(word) for word in words])
        return (status, *capsys.readouterr())

    return run


@pytest.fixture
def plan_file(tmp_path):
    """The template plan in a fresh folder."""
    return write_template(tmp_path / "town.toml")[0]


@pytest.fixture
def edit():
    """Replace the first occurrence of a text in a file."""

    def replace(path, old, new):
        text = path.read_text(encoding="utf-8")
        assert old in text, f"the template no longer holds {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace
