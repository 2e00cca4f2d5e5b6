"""When a lever works, and how much: its effort by year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import RequestError
from sxsim.plan import Pull

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


def effort_made(pull: Pull, years: Whole) -> Array:
    """Share of full effort that is made in some years, from the pull's start to its end, ``(year,)``."""
    age = np.asarray(years - pull.start, float)
    inside = age >= 0 if pull.end is None else (age >= 0) & (years <= pull.end)
    return np.where(inside, pull.lever.ramp.share(np.maximum(age, 0.0)), 0.0)


def effort_felt(pull: Pull, years: Whole) -> Array:
    """Share of the full effect in some years: of the effort made a delay ago, fading after its end."""
    age = np.asarray(years - pull.start - pull.lever.delay, float)
    last = np.inf if pull.end is None else float(pull.end - pull.start)
    share = np.where(age < 0, 0.0, pull.lever.ramp.share(np.clip(age, 0.0, last)))
    fade = pull.lever.fade
    with np.errstate(over="ignore"):  # a half-life of next to nothing ends it at once, too
        left = 0.5 ** (np.maximum(age - last, 0.0) / fade) if fade else np.where(age > last, 0.0, 1.0)
    return np.asarray(share * left)


def refuse_unsound(owner: str, effort: Array) -> None:
    """Refuse what somebody's own ramp or returns make of effort, if it is no number."""
    if not np.isfinite(effort).all():
        raise RequestError(
            f"{owner}: its ramp or its returns give {effort[~np.isfinite(effort)][0]:g}.",
            "Let them return finite numbers for every age and dose.",
        )
