"""A contender: one way to do the work, and how much of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from side_by_side.work import Counts, Truth

Run = Callable[[int], Counts | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """One way to do the work.

    Attributes
    ----------
    name
        How lines call it.
    what
        What it is, in a few words.
    prepare
        Imports and compiles what it needs, and returns the function that is timed: it does the work for so
        many draws, and returns None where there is nothing to count.
    draws
        Draws of one run; times are compared per draw.
    truth
        Returns what its counts must agree with.
    cores
        Processor cores it may use.
    needs
        Module it needs besides numpy.
    """

    name: str
    what: str
    prepare: Callable[[], Run]
    draws: int
    truth: Callable[[], Truth] | None = None
    cores: int = 1
    needs: str = "numpy"

    @property
    def installed(self) -> bool:
        """Whether its module is there."""
        return find_spec(self.needs) is not None

    def checked(self) -> Run:
        """Return the prepared function after a first run, whose counts agree with the truth."""
        run = self.prepare()
        counts = run(self.draws)
        if self.truth is not None and counts is not None:
            self.truth().check(self.name, counts)
        return run
