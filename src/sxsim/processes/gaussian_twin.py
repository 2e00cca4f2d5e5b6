"""The Gaussian law that lives most nearly like one that is walked year by year, on the same normals."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.processes.drawn import DrawnPaths
from sxsim.processes.mixture import Mixture
from sxsim.processes.path_process import PathLaw

Array = NDArray[np.float64]

_PATHS = 1 << 13
_LEAST = 64
_BUCKET = 8
_SEED = 20140102
_TINY = 1e-6


def gaussian_twin(law: PathLaw, start: float, horizon: int, member: int = 0) -> Mixture:
    """Return the twin of a law on the scale of normal scores, one cell per draw of its parameters.

    The score of a level is the standard normal number that lies where the level lies in the law of its year,
    ``t = ndtri(F(level))``; a level is reached exactly if its score is. The twin's score is linear in the
    yearly normals: in each cell it has the mean and the spread of the score, and the direction of the
    projection of the score on the normals. What the law makes of one year, it makes exactly; where the level
    is a function of a weighted sum of the normals, all years.

    Parameters
    ----------
    law
        A law that is walked.
    start, member
        Last level, and the member of the batch.
    horizon
        Years after the last figure.
    """
    try:
        return _remembered(law, start, horizon, member)
    except TypeError:  # a process of one's own may hold what has no hash
        return _fitted(law, start, horizon, member)


def _fitted(law: PathLaw, start: float, horizon: int, member: int) -> Mixture:
    weights = law.weights[member] if isinstance(law, DrawnPaths) else np.ones(1)
    normals = _normals(-(-horizon // _BUCKET) * _BUCKET, max(_LEAST, _PATHS // len(weights)))
    count = normals.shape[1]
    pick = np.repeat(np.cumsum(weights) - 0.5 * weights, count)
    paths = law.paths(start, np.tile(normals, len(weights)), pick, member)[:horizon]
    scores = normal_scores(paths, np.repeat(weights / count, count)).reshape(horizon, len(weights), count)
    loads = np.zeros((len(weights), horizon, 1 + horizon))
    for year in range(horizon):
        for shock in range(year + 1):
            loads[:, year, 1 + shock] = (scores[year] * normals[shock]).mean(axis=-1)
        loads[:, year, 1 + year] += _TINY
    length = np.sqrt(np.square(loads).sum(axis=2))
    spread = np.maximum(scores.std(axis=-1).T, _TINY)
    return Mixture(
        weights=weights,
        locations=scores.mean(axis=-1).T,
        factors=loads * (spread / length)[..., None],
        scales=np.ones(len(weights)),
        dof=np.full(len(weights), np.inf),
        exponents=np.zeros(len(weights)),
    )


_remembered = cast(Callable[[PathLaw, float, int, int], Mixture], lru_cache(maxsize=64)(_fitted))


def normal_scores(values: Array, weights: Array) -> Array:
    """Return the normal scores of the ranks in each row; what is tied shares the middle of its ranks."""
    out = np.empty_like(values)
    for row, of_year in zip(out, values, strict=True):
        _, place = np.unique(of_year, return_inverse=True)
        mass = np.bincount(place, weights)
        row[:] = special.ndtri(np.clip((np.cumsum(mass) - 0.5 * mass) / mass.sum(), 1e-12, 1 - 1e-12))[place]
    return out


@lru_cache(maxsize=8)
def _normals(years: int, count: int) -> Array:
    from scipy.stats import qmc

    power = int(np.log2(count))
    points = qmc.Sobol(years, scramble=True, rng=_SEED).random_base2(power).T
    return np.asarray(special.ndtri(np.clip(points, 2.0**-54, 1.0 - 2.0**-53)))
