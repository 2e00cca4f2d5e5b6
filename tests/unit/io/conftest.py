from __future__ import annotations

import pytest

from sxsim.io import write_template


@pytest.fixture
def template(tmp_path):
    """The template plan file in a fresh folder."""
    return write_template(tmp_path / "plan.toml")[0]


@pytest.fixture
def edited(template):
    """The template with pieces of its text replaced, or with text added at its end."""

    def edit(*swaps, add=""):
        text = template.read_text(encoding="utf-8")
        for old, new in swaps:
            assert old in text, f"the template no longer holds {old!r}"
            text = text.replace(old, new, 1)
        template.write_text(text + add, encoding="utf-8")
        return template

    return edit
