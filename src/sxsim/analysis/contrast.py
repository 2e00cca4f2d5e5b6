"""How much a scenario adds to a probability, and how well that is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.exact import Answer

Array = NDArray[np.float64]

PAIRED = "paired draws"


@dataclass(frozen=True, kw_only=True, slots=True)
class Contrast:
    """A probability less that of the baseline, and its numerical error, each ``(member,)``."""

    difference: Array
    standard_error: Array
    route: str


def of_answers(own: Answer, other: Answer) -> Contrast:
    """Return the difference of two answers; integrals share their points, so this error is not too small."""
    routes = dict.fromkeys((own.route, other.route))
    return Contrast(
        difference=own.probability - other.probability,
        standard_error=np.hypot(own.standard_error, other.standard_error),
        route=" and ".join(routes),
    )


def of_draws(gained: Array, lost: Array, draws: int) -> Contrast:
    """Return the difference from draws that hit in only one of two scenarios."""
    return Contrast(
        difference=(gained - lost) / draws,
        standard_error=paired_error(gained, lost, draws),
        route=PAIRED,
    )


def paired_error(gained: Array, lost: Array, draws: int) -> Array:
    """Standard error of ``(gained - lost) / draws``: draws that hit in both or neither add nothing to it.

    One more draw that differs and one more that does not are assumed, so that it is never zero. If no draw is
    lost it is that of a share, ``sqrt(d (1 - d) / N)``; in general ``sqrt(((g + l) / N - d^2) / N)``, the
    error of a difference of matched proportions (Fleiss, Levin and Paik 2003, section 13.1).
    """
    differ, mean = (gained + lost + 1.0) / (draws + 2.0), (gained - lost) / (draws + 2.0)
    return np.asarray(np.sqrt((differ - mean**2) / draws))


def same(size: int) -> Contrast:
    """Return what the baseline adds to itself."""
    return Contrast(difference=np.zeros(size), standard_error=np.zeros(size), route="baseline")
