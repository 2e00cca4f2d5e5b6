from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sxsim
from sxsim.cli import main

SOURCE = Path(sxsim.__file__).parents[1]


def shell(script, **environment):
    """Run a shell line in which `sxsim` is this package's command."""
    command = f'"{sys.executable}" -m sxsim'
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", script.replace("sxsim", command, 1)],
        env=os.environ | {"PYTHONPATH": str(SOURCE)} | environment,
        capture_output=True,
        timeout=120,
    )


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"sxsim {sxsim.__version__}\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["fly"], "invalid choice: 'fly'"),
        (["run"], "the following arguments are required: PLAN"),
        (["run", "shanxi-2014", "--until", "soon"], "argument --until: invalid int value: 'soon'"),
        (["run", "shanxi-2014", "--lang", "fr"], "invalid choice: 'fr'"),
        (["run", "shanxi-2014", "--seed", "1"], "unrecognized arguments: --seed"),
        (["run", "shanxi-2014", "--out", ""], "the name of the file is empty"),
    ],
)
def test_a_command_line_that_cannot_be_read(capsys, words, message):
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


@pytest.mark.parametrize("command", ["run", "audit", "scenarios", "plans", "new"])
def test_every_command_explains_itself(capsys, command):
    assert main([command, "--help"]) == 0
    assert f"usage: sxsim {command}" in capsys.readouterr().out


def test_an_interruption_is_quiet(monkeypatch, capsys):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("sxsim.cli.plans.command", interrupted)
    assert main(["plans"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_reader_who_left_is_not_told(monkeypatch, capsys):
    def unread(_):
        raise BrokenPipeError

    monkeypatch.setattr("sxsim.cli.plans.command", unread)
    assert main(["plans"]) == 141
    assert capsys.readouterr() == ("", "")


def test_trouble_with_the_disk_is_one_line(monkeypatch, capsys):
    def full(_):
        raise OSError(28, "No space left on device", "result.nc")

    monkeypatch.setattr("sxsim.cli.plans.command", full)
    assert main(["plans"]) == 2
    assert capsys.readouterr().err == "error: [Errno 28] No space left on device: 'result.nc'\n"


def test_a_mistake_of_sxsim_itself_is_not_hidden(monkeypatch):
    def broken(_):
        raise ZeroDivisionError

    monkeypatch.setattr("sxsim.cli.plans.command", broken)
    with pytest.raises(ZeroDivisionError):
        main(["plans"])


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
class TestShell:
    def test_the_module_is_the_command(self):
        ended = shell("sxsim --version")
        assert (ended.returncode, ended.stdout.decode()) == (0, f"sxsim {sxsim.__version__}\n")

    def test_an_error_leaves_no_traceback(self):
        ended = shell("sxsim run nowhere.toml")
        assert ended.returncode == 2
        assert ended.stdout == b""
        assert ended.stderr.startswith(b"error: The plan file nowhere.toml does not exist.")
        assert ended.stderr.count(b"\n") == 1

    def test_a_closed_pipe_is_silent(self):
        ended = shell("sxsim audit shanxi-2014 | true")
        assert ended.returncode in (0, 141)
        assert (ended.stdout, ended.stderr) == (b"", b"")

    def test_a_terminal_without_chinese_characters(self):
        ended = shell("sxsim plans", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
        assert ended.returncode == 0
        assert b"Shanxi Action Plan" in ended.stdout
        assert b"????" in ended.stdout
