"""What a target asks for, read from a result: which series, against what, in which years."""

from __future__ import annotations

from dataclasses import dataclass

import xarray as xr

from sxsim.plan import REVISED, Promise, promises_of, single


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The question behind one probability.

    Attributes
    ----------
    promise
        What has to hold; None where the result does not say.
    """

    promise: Promise | None = None

    @property
    def series(self) -> tuple[str, ...]:
        """Every series it speaks of: what is judged, and what that is held against."""
        return self.promise.indicators if self.promise else ()

    @property
    def indicator(self) -> str:
        """The one series that is judged; empty where several are."""
        judged = {one.indicator for one in single(self.promise)} if self.promise else set()
        return judged.pop() if len(judged) == 1 else ""

    @property
    def year(self) -> int:
        """Last year it speaks of; 0 where there is none."""
        return self.promise.years[-1] if self.promise else 0


NOT_SAID = Asked()


def all_asked(tree: xr.DataTree) -> dict[str, Asked]:
    """Return what every target asks for that states a condition, by its id."""
    if "asked" not in tree.children:
        return {}
    return {name: Asked(promise=one) for name, one in promises_of(tree["asked"].to_dataset()).items()}


def asked(tree: xr.DataTree, target: str) -> Asked:
    """Return what a target asks for; nothing where it states no condition."""
    return all_asked(tree).get(target.removesuffix(REVISED), NOT_SAID)
