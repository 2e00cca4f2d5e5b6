from __future__ import annotations

from pathlib import Path

import pytest

from sxsim.io.files import write_whole


def writers(folder):
    return {folder / name: (lambda part, name=name: part.write_text(f"new {name}")) for name in ("a", "b")}


def content(folder):
    return {one.name: one.read_text() for one in folder.iterdir()}


def test_all_files_are_put_in_place(tmp_path):
    (tmp_path / "a").write_text("old a")
    write_whole(writers(tmp_path), overwrite=True)
    assert content(tmp_path) == {"a": "new a", "b": "new b"}


def test_a_writer_that_fails_changes_nothing(tmp_path):
    (tmp_path / "a").write_text("old a")

    def fail(part):
        part.write_text("half")
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        write_whole(writers(tmp_path) | {tmp_path / "b": fail}, overwrite=True)
    assert content(tmp_path) == {"a": "old a"}


def test_a_replacement_that_fails_puts_the_old_files_back(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("old a")
    (tmp_path / "b").write_text("old b")
    replace = Path.replace

    def fail_for_b(self, target):
        if target == tmp_path / "b":
            raise OSError("no more space")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_for_b)
    with pytest.raises(OSError, match="no more space"):
        write_whole(writers(tmp_path), overwrite=True)
    assert content(tmp_path) == {"a": "old a", "b": "old b"}
