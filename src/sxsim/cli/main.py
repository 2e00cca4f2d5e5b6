"""Where the command line starts: the commands, and what becomes of an error."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence

from sxsim import __version__
from sxsim.cli import (
    audit,
    backtest,
    goal,
    new,
    plans,
    replay,
    run,
    scenarios,
    scoreboard,
    sensitivity,
    yardsticks,
)
from sxsim.errors import SxsimError

_COMMANDS = {
    "run": run,
    "audit": audit,
    "backtest": backtest,
    "replay": replay,
    "goal": goal,
    "plans": plans,
    "scenarios": scenarios,
    "sensitivity": sensitivity,
    "yardsticks": yardsticks,
    "scoreboard": scoreboard,
    "new": new,
}
_AT_FAULT, _INTERRUPTED, _PIPE_CLOSED = 2, 130, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status.

    Parameters
    ----------
    argv
        Words after the program's name; the default takes them from the command line.

    Returns
    -------
    int
        0 when it did what it was asked; 1 when an audit found an error; 2 when the request, the plan or the
        history is at fault; 130 when interrupted; 141 when nobody reads the output any more.

    Examples
    --------
    >>> main(["plans"])  # doctest: +ELLIPSIS
    shanxi-2014 ...
    0
    """
    try:
        _speak_any_script()
        options = _parser().parse_args(argv)
        status: int = options.command(options)
        sys.stdout.flush()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else _AT_FAULT
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return _PIPE_CLOSED
    except (SxsimError, OSError) as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return _AT_FAULT
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sxsim", description="How likely is it that a plan hits its numeric targets?"
    )
    parser.add_argument("--version", action="version", version=f"sxsim {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, module in _COMMANDS.items():
        one = commands.add_parser(name, help=module.SUMMARY, description=module.SUMMARY)
        module.add_options(one)
        one.set_defaults(command=module.command)
    return parser


def _speak_any_script() -> None:
    """Write a question mark, rather than fail, where the terminal cannot show a character."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


def _forget_output() -> None:
    """Let nothing be written to a closed pipe when the interpreter ends."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
