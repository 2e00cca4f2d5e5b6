"""A bar for what takes longer than a moment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from sxsim.errors import MissingExtraError

Item = TypeVar("Item")


def shown(items: Iterable[Item], total: int, progress: bool) -> Iterable[Item]:
    """Return the items, with a bar that follows them if one is wanted."""
    if not progress:
        return items
    try:
        from tqdm.auto import tqdm
    except ImportError:
        raise MissingExtraError(
            "progress=True needs tqdm, which is not installed.",
            "Install it: pip install 'sxsim[progress]'; or leave out progress=.",
        ) from None
    bar: Iterable[Item] = tqdm(items, total=total, unit="stretch")
    return bar
