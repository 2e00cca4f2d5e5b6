from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim.links import Log
from sxsim.plan import Benchmark, Condition, Number, Relation, Target
from sxsim.processes import Grown, GrowthModel, RandomWalk


@pytest.fixture
def table():
    """Yearly columns that end in 2012 unless told otherwise; `attrs` by the name of the column."""

    def make(*, last=2012, attrs=None, **columns):
        size = len(next(iter(columns.values())))
        known = attrs or {}
        data = {
            name: ("year", np.asarray(values, float), known.get(name, {})) for name, values in columns.items()
        }
        return xr.Dataset(data, coords={"year": np.arange(last - size + 1, last + 1)})

    return make


@pytest.fixture
def panel():
    """Amounts `y` of three provinces over 2005-2012; the last province has no figure, the second a gap."""
    steps = np.array([0.05, 0.12, -0.03, 0.08, 0.1, 0.02, 0.15])
    first = 10 * np.exp(np.concatenate([[0.0], steps.cumsum()]))
    second = 3 * np.exp(np.concatenate([[0.0], steps[::-1].cumsum()]))
    second[2:4] = np.nan
    values = np.stack([first, second, np.full(8, np.nan)])
    coords = {"province": ["a", "b", "c"], "year": np.arange(2005, 2013)}
    return xr.Dataset({"y": (("province", "year"), values, {"units": "cases"})}, coords=coords)


@pytest.fixture
def hand():
    """A model put together by hand: random walks on the log scale, all alike."""

    def make(*names, drift=0.05, sigma=0.1, last_value=100.0, last_year=2012, correlation=None, **more):
        walk = RandomWalk(drift=drift, sigma=sigma)
        grown = tuple(
            Grown(name=name, carrier=Log(), law=walk, last_value=last_value, last_year=last_year)
            for name in names or ("y",)
        )
        return GrowthModel(indicators=grown, last_year=last_year, correlation=correlation, **more)

    return make


@pytest.fixture
def aim():
    """A target; a level that is text is the name of a moving one."""

    def make(name="T1", *, of="y", level=120.0, years=(2015,), relation=Relation.AT_LEAST, **more):
        goal = Benchmark(indicator=level) if isinstance(level, str) else Number(value=level)
        condition = Condition(indicator=of, relation=relation, level=goal, years=tuple(years))
        return Target(id=name, label=name, **({"condition": condition} | more))

    return make
