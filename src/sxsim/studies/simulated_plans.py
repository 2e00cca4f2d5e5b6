"""A world in which the truth is drawn from a prior: plans whose probabilities can be known exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.attainment import attainment
from sxsim.fitting import Prior
from sxsim.plan import Condition, Number, Relation, Target
from sxsim.streams import Role, Seed

Array = NDArray[np.float64]

LAST = 2020  # last year that is known
ALL = "all"
START = 100.0  # every indicator in that year
NAMES = ("first", "second")


def simulated_plans(
    prior: Prior, *, plans: int, figures: int, horizon: int, correlation: float, seed: Seed
) -> xr.Dataset:
    """Draw drift and variance of two indicators of every plan from the prior, then their years.

    The shocks of a year are correlated, and so are the drifts given both variances, as in the
    normal-inverse-Wishart law. Both indicators stand at 100 in the last known year.

    Returns
    -------
    xarray.Dataset
        Variables ``first`` and ``second``, dims ``(case, year)``: ``figures`` years that are known and
        ``horizon`` to come.
    """
    stream = seed.generator(Role.REPLICATE, "simulated plans", "", 0)
    mix: Array = np.linalg.cholesky(np.array([[1.0, correlation], [correlation, 1.0]]))
    sigma = np.sqrt(prior.rate / stream.gamma(prior.shape, size=(2, plans, 1)))
    drift = prior.drift + sigma * _mixed(mix, stream.standard_normal((2, plans, 1))) / np.sqrt(prior.years)
    changes = drift + sigma * _mixed(mix, stream.standard_normal((2, plans, figures + horizon - 1)))
    levels = np.concatenate([np.zeros((2, plans, 1)), changes.cumsum(axis=-1)], axis=-1)
    values = START * np.exp(levels - levels[..., figures - 1 : figures])
    years = LAST - figures + 1 + np.arange(figures + horizon)
    table = {name: (("case", labels.YEAR), one) for name, one in zip(NAMES, values, strict=True)}
    return xr.Dataset(table, coords={labels.YEAR: years})


def aims_of(growth: float, horizon: int) -> tuple[Target, ...]:
    """Return what every plan promises: a level, a floor for every year, and a ceiling for its other part."""
    years = tuple(range(LAST + 1, LAST + horizon + 1))
    expected = START * float(np.exp(growth * horizon))
    return (
        _aim("level", NAMES[0], Relation.AT_LEAST, expected, years[-1:]),
        _aim("every_year", NAMES[0], Relation.AT_LEAST, START, years),
        _aim("ceiling", NAMES[1], Relation.AT_MOST, expected, years[-1:]),
    )


def reached(world: xr.Dataset, aims: Sequence[Target]) -> xr.DataArray:
    """Return 1 where the years that came kept a target and 0 where not, ``(event, case)``."""
    came = world.sel({labels.YEAR: slice(LAST + 1, None)})
    return by_event(attainment(came.expand_dims({labels.SCENARIO: ["truth"], labels.DRAW: 1}), aims))


def by_event(odds: xr.Dataset) -> xr.DataArray:
    """Return the probability of every target and, last, of all of them, ``(event, case)``."""
    one = odds.isel({labels.SCENARIO: 0}, drop=True).reset_coords(drop=True)
    each = one.probability.rename({labels.TARGET: "event"})
    both: xr.DataArray = xr.concat([each, one.joint.assign_coords(event=ALL)], dim="event")
    return both.transpose("event", "case")


def _aim(name: str, indicator: str, relation: Relation, level: float, years: tuple[int, ...]) -> Target:
    condition = Condition(indicator=indicator, relation=relation, level=Number(value=level), years=years)
    return Target(id=name, label=name, condition=condition)


def _mixed(mix: Array, normals: Array) -> Array:
    return np.asarray(np.tensordot(mix, normals, axes=1))
