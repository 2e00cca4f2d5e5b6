"""The ``chunks`` argument: how many draws, and how many members along each batch dimension, to a piece."""

from __future__ import annotations

from collections.abc import Mapping
from operator import index

from sxsim import labels
from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.processes import GrowthModel

Chunks = int | Mapping[str, int]


def sizes_of(chunks: Chunks, model: GrowthModel) -> dict[str, int]:
    """Read the argument: a number of draws, or sizes by dimension; a dimension left out is not cut."""
    given = chunks if isinstance(chunks, Mapping) else {labels.DRAW: chunks}
    known = {labels.DRAW, *(dim for name in model.names for dim in model.batch(name))}
    for dim in given:
        if dim in labels.PATH_DIMS and dim != labels.DRAW:
            raise RequestError(
                f"chunks= cuts along {dim!r}, but a path is drawn with all its years and scenarios at once.",
                "Cut along 'draw' or a batch dimension; keep fewer years with sx.Paths(years=...).",
            )
        if dim not in known:
            raise UnknownNameError(
                f"chunks= cuts along {dim!r}, which no path has.", nearest(str(dim), known)
            )
    return {str(dim): _size(str(dim), size) for dim, size in given.items()}


def _size(dim: str, size: object) -> int:
    try:
        number = 0 if isinstance(size, bool) else index(size)  # type: ignore[arg-type]
    except TypeError:
        number = 0
    if number < 1:
        raise RequestError(
            f"chunks= cuts along {dim!r} by {size!r}.",
            "Give a whole number of at least 1, such as chunks={'draw': 262_144}.",
        )
    return number
