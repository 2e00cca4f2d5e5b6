"""All cases by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sxsim.cases import combined, flows, moving, single, unknown, years
from sxsim.cases.case import Case
from sxsim.errors import UnknownNameError, nearest

_ROOMS = (single, years, flows, moving, combined, unknown)
_MAKERS: dict[str, Callable[[], Case]] = {make.__name__: make for room in _ROOMS for make in room.CASES}


def names() -> tuple[str, ...]:
    """Names of the problems with known answers, in alphabetical order.

    Examples
    --------
    >>> "every_year_driftless" in names()
    True
    """
    return tuple(sorted(_MAKERS))


@cache
def load(name: str) -> Case:
    """Return a problem with its known answer, which is computed now.

    Parameters
    ----------
    name
        One of :func:`names`.

    Returns
    -------
    Case
        Model, targets, scenario, the answer and its accuracy.

    Raises
    ------
    UnknownNameError
        No case has that name.

    Examples
    --------
    >>> load("level_at_least").error < 1e-12
    True
    """
    if name not in _MAKERS:
        raise UnknownNameError(f"There is no case {name!r}.", nearest(name, names()))
    return _MAKERS[name]()
