"""Nothing in the project depends on, or names, one particular machine or package index."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MADE_BY_TOOLS = {".git", ".venv", "results", "_build", "__pycache__", "build", "dist"}

# Spelt in pieces, so that this file passes its own test.
FOLDERS = "|".join(["work", "tmp", "root", "home", "Users"])
INDEXES = "|".join(
    [r"pypi\." + "org", "python" + "hosted", "npm" + "js", "deb" + r"\.debian", "anaconda" + r"\.org"]
)
FORBIDDEN = {
    "path of one machine": re.compile(rf"(?<![\w.:/*~-])/(?:{FOLDERS})(?:/|\b(?![\w-]))"),
    "path outside the project": re.compile(r"\.\./" + r"shared\b"),
    "folder of one user": re.compile(r"\b[A-Z]:\\" + "Users"),
    "package index": re.compile(rf"\b(?:{INDEXES})\b"),
    "package index option": re.compile(r"--(?:extra-)?index" + "-url|--find" + "-links|--trusted" + "-host"),
}


def tracked_files() -> list[Path]:
    """Files git knows or would take; all files where there is no git."""
    ask = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        paths = (path for path in ROOT.rglob("*") if not MADE_BY_TOOLS & set(path.relative_to(ROOT).parts))
        return sorted(path for path in paths if path.is_file())
    return sorted(ROOT / name for name in names if name and (ROOT / name).is_file())


def findings(text: str) -> list[str]:
    """What a text says that it should not, one sentence a line."""
    return [
        f"line {number}: {what}: {match[0]!r}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in FORBIDDEN.items()
        if (match := pattern.search(line))
    ]


def test_files_name_no_machine_and_no_package_index() -> None:
    found = {}
    for path in tracked_files():
        try:
            lines = findings(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue
        if lines:
            found[str(path.relative_to(ROOT))] = lines
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "see /" + "work/main",
        'path = "/' + 'tmp/x.nc"',
        "cd /" + "home/ann/sxsim",
        "../" + "shared/METHODS.md",
        "C:\\" + "Users\\ann",
        "pip install --index" + "-url x",
        "https://pypi." + "org/project/sxsim",
    ],
)
def test_a_forbidden_word_is_seen(text: str) -> None:
    assert len(findings(text)) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "the workplace/root of",
        "https://stats.example.cn/home/2014.htm",
        "framework/templates",
        "and/or, 1/12",
        "tmp_path / name",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert findings(text) == []


def test_decisions_are_numbered_one_after_the_other() -> None:
    text = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    numbers = [int(number) for number in re.findall(r"^## (\d+)\. ", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
