"""The declared network by which one indicator moves others, refused where it has no finite answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import RequestError
from sxsim.links import Linear
from sxsim.plan import Scenario, Transmission
from sxsim.scenarios.channels import Channels
from sxsim.scenarios.ground import Ground, owner_of

Array = NDArray[np.float64]


def channels_of(scenario: Scenario, ground: Ground) -> Channels:
    """Return how what is done to one indicator reaches others; links of series left out are skipped."""
    links = [
        change
        for change in scenario.changes
        if isinstance(change, Transmission) and _possible(scenario, change, ground)
    ]
    if not links:
        return Channels.none()
    _refuse_endless(scenario, links)
    within = [link for link in links if link.lag == 0]
    names = sorted({name for link in within for name in link.indicators})
    return Channels(
        names=tuple(names),
        within=_solved(_matrix(within, names)),
        lagged=tuple(
            (link.target, link.source, float(link.elasticity), link.lag)
            for link in sorted(links, key=lambda link: (link.target, link.source))
            if link.lag
        ),
    )


def _possible(scenario: Scenario, link: Transmission, ground: Ground) -> bool:
    """Whether both ends are in the model; refuse a link that means nothing."""
    known = [ground.holds(scenario, link, name) for name in link.indicators]
    if not all(known):
        return False
    for name in link.indicators:
        if isinstance(ground.model[name].carrier, Linear):
            raise RequestError(
                f"{owner_of(scenario, link)}: {name!r} is no amount that grows in percent.",
                "Leave the link out, and say what a lever does to both.",
            )
    source, target = (ground.batch(name) for name in link.indicators)
    if source and source != target:
        raise RequestError(
            f"{owner_of(scenario, link)}: {_words(source)} cannot pass on to {_words(target)}.",
            "Link series of the same batch, or one without a batch to all members.",
        )
    return True


def _refuse_endless(scenario: Scenario, links: list[Transmission]) -> None:
    """Refuse loops that do not die out: a spectral radius of at least 1."""
    names = sorted({name for link in links for name in link.indicators})
    strength = np.abs(_matrix(links, names))
    reach = strength > 0
    for _ in names:
        reach = reach | (reach[:, :, None] & reach[None, :, :]).any(axis=1)
    for i in np.flatnonzero(np.diag(reach)):
        loop = np.flatnonzero(reach[i] & reach[:, i])
        radius = float(np.abs(np.linalg.eigvals(strength[np.ix_(loop, loop)])).max())
        if radius >= 1.0 - 1e-12:
            raise RequestError(
                f"Scenario {scenario.id!r}: the transmissions among {', '.join(names[k] for k in loop)} lead "
                f"back with a strength of {radius:.3g}, and never come to rest.",
                "Make one of their elasticities smaller: the strength must be below 1.",
            )


def _matrix(links: list[Transmission], names: list[str]) -> Array:
    """Elasticities, ``(target, source)``."""
    out = np.zeros((len(names), len(names)))
    for link in links:
        out[names.index(link.target), names.index(link.source)] = link.elasticity
    return out


def _solved(matrix: Array) -> Array:
    """``(I - A)^-1`` by elimination, row by row, so that no bit depends on a library of linear algebra.

    No pivots are needed where loops die out: ``I - |A|`` is an M-matrix then (Berman and Plemmons 1994,
    https://doi.org/10.1137/1.9781611971262, chapter 6).
    """
    left, right = np.eye(len(matrix)) - matrix, np.eye(len(matrix))
    for k in range(len(matrix)):
        right[k] /= left[k, k]
        left[k] /= left[k, k]
        factors = np.where(np.arange(len(matrix)) == k, 0.0, left[:, k])
        right -= factors[:, None] * right[k]
        left -= factors[:, None] * left[k]
    return right


def _words(batch: tuple[tuple[str, tuple[object, ...]], ...]) -> str:
    return " x ".join(f"{len(members)} of {dim!r}" for dim, members in batch) or "one series"
