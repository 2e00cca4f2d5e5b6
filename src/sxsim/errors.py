"""Error families: each is also the matching builtin, carries a text and, where there is one, a remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SxsimError(Exception):
    """Base of every error sxsim raises on purpose.

    Parameters
    ----------
    text
        What is wrong, with the offending value and where it stands.
    hint
        What to do about it.
    """

    def __init__(self, text: str, hint: str = "") -> None:
        self.text = text
        self.hint = hint
        super().__init__(f"{text} {hint}".strip())

    def __str__(self) -> str:
        return f"{self.text} {self.hint}".strip()


class PlanError(SxsimError, ValueError):
    """A plan or its file says something it cannot mean."""


class HistoryError(SxsimError, ValueError):
    """Observed figures cannot be used as they stand."""


class ModelError(SxsimError, ValueError):
    """A model, its parameters or its dependence are not possible."""


class RequestError(SxsimError, ValueError):
    """A question was put that cannot be answered as asked."""


class UnknownNameError(SxsimError, KeyError):
    """A name was used that is not defined."""


class MissingFileError(SxsimError, FileNotFoundError):
    """A file that was asked for is not there."""


class ExistingFileError(SxsimError, FileExistsError):
    """A file would have been overwritten."""


class MissingExtraError(SxsimError, ImportError):
    """An optional library is needed and not installed."""


def nearest(name: str, known: Iterable[str]) -> str:
    """A remedy for a mistyped name: the nearest known one, or all of them.

    Examples
    --------
    >>> nearest("labl", ["label", "kind"])
    "Did you mean 'label'?"
    """
    names = sorted(known)
    if not names:
        return "None is known here."
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(names)}."
