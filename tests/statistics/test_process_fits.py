"""Fitted processes are calibrated: histories drawn from a process with parameters drawn from its prior."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.processes.parameter import with_values

MEMBERS, FEW = 80, 30
SIGMAS = 4.0
PRIOR = sx.Prior(drift=0.03, years=4.0, shape=1.5, spread=0.06)
JUMPS = sx.JumpDiffusion(rate=0.2, jump=-0.3, jump_sd=0.1)


def drawn(family: Any, rng: np.random.Generator) -> Any:
    """The process with everything that was free drawn from what is believed beforehand."""
    values = {}
    for p in family.parameters:
        if p.belief:
            values[p.name] = p.low + (p.high - p.low) * rng.beta(*p.belief)
        if p.name == "dof":
            values[p.name] = min(2.0 + rng.gamma(2.0) / 0.1, 200.0)
    values["sigma"] = np.sqrt(PRIOR.rate / rng.gamma(PRIOR.shape))
    values["drift"] = PRIOR.drift + values["sigma"] / np.sqrt(PRIOR.years) * rng.standard_normal()
    return with_values(family, {name: float(value) for name, value in values.items()})


def histories(family: Any, count: int, members: int) -> tuple[xr.Dataset, np.ndarray]:
    """Histories from a stationary start, a year missing where gaps are allowed, and the years after."""
    rng = np.random.default_rng(23)
    paths = [
        drawn(family, rng).simulate(np.zeros(1), rng.standard_normal((300 + count + 5, 1)))[300:, 0]
        for _ in range(members)
    ]
    levels = np.stack([path - path[0] for path in paths])
    past = levels[:, :count].copy()
    if not isinstance(family, sx.StudentShocks):
        past[:, count // 2] = np.nan
    data = xr.Dataset(
        {"y": (("series", "year"), np.exp(past))}, coords={"year": np.arange(count), "series": range(members)}
    )
    return data, levels[:, count:] - levels[:, [count - 1]]


@pytest.mark.parametrize(
    ("family", "count"),
    [
        (sx.RandomWalk(), 12),
        (sx.AutoregressiveGrowth(), 12),
        (sx.AutoregressiveGrowth(), 25),
        (sx.TrendStationary(), 12),
        (sx.DampedTrend(), 25),
        (sx.StudentShocks(), 12),
        (JUMPS, 12),
    ],
    ids=lambda value: value if isinstance(value, int) else type(value).__name__,
)
def test_what_is_announced_happens(family: Any, count: int) -> None:
    """Mean of the probability integral and three coverages, within 4 errors, 1 and 5 years ahead."""
    members = FEW if family is JUMPS else MEMBERS
    data, future = histories(family, count, members)
    grown = sx.fit(data, family=family, prior=PRIOR)["y"]
    for step in (1, 5):
        place = grown.marginal(np.full(members, step)).at_most(future[:, step - 1])
        assert abs(place.mean() - 0.5) < SIGMAS / np.sqrt(12 * members)
        for share in (0.5, 0.8, 0.95):
            covered = (np.abs(place - 0.5) < share / 2).mean()
            assert abs(covered - share) < SIGMAS * np.sqrt(share * (1 - share) / members)
