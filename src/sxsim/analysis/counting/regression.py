"""Shares of draws improved by events whose probability is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_ENOUGH = 10
_SAME = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class Improved:
    """What the draws say of one question, each ``(member, scenario)``.

    Attributes
    ----------
    probability, sampling, floor
        The estimate, its error from the draws, and the error that no further draw takes away.
    used
        Whether known events were of use.
    """

    probability: Array
    sampling: Array
    floor: Array
    used: NDArray[np.bool_]


def improved(moments: Array, means: Array, errors: Array) -> Improved:
    """Regress hits on events with known probabilities, and correct their share by what those missed.

    ``p = mean(I) - b (mean(C) - c)`` with ``b = cov(C)^-1 cov(C, I)`` from the same draws (Glasserman 2003,
    section 4.1). The sampling variance is that of the residuals, with one degree of freedom off for each
    event, and that of one more hit and one more miss. Where hits or misses are fewer than ten for every
    event, nothing is used.

    Parameters
    ----------
    moments
        Of one, the hits and the known events, summed over the draws, ``(member, scenario, 2 + event, 2 +
        event)``.
    means, errors
        Probabilities of the events, and how well they are known, ``(member, scenario, event)``.
    """
    count, events = moments[..., 0, 0], means.shape[-1]
    shares = moments[..., 0, 1:] / count[..., None]
    covariance = moments[..., 1:, 1:] / count[..., None, None] - shares[..., :, None] * shares[..., None, :]
    enough = np.minimum(moments[..., 0, 1], count - moments[..., 0, 1]) >= _ENOUGH * (events + 1)
    used = enough & np.isfinite(means).all(axis=-1)
    inverse = np.linalg.pinv(covariance[..., 1:, 1:], rcond=_SAME, hermitian=True)
    slope = np.where(used[..., None], (inverse * covariance[..., None, 0, 1:]).sum(axis=-1), 0.0)
    gap = np.where(used[..., None], shares[..., 1:] - means, 0.0)
    rest = np.maximum(covariance[..., 0, 0] - (slope * covariance[..., 0, 1:]).sum(axis=-1), 0.0)
    free = np.where(used, count - events - 1.0, count)
    return Improved(
        probability=np.clip(shares[..., 0] - (slope * gap).sum(axis=-1), 0.0, 1.0),
        sampling=np.sqrt(rest / free + count**-2.0),
        floor=np.sqrt(np.square(slope * np.where(used[..., None], errors, 0.0)).sum(axis=-1)),
        used=used,
    )
