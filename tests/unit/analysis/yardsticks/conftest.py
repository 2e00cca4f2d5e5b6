from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim.plan import Base, Condition, Indicator, Kind, Number, Plan, Relation, Target


@pytest.fixture
def goal():
    """A target for the indicator `y`: a level by a year, or in several years, with or without a base."""

    def make(name="T1", *, level=20.0, years=(2010,), base=None, relation=Relation.AT_LEAST, **more):
        condition = Condition(
            indicator="y",
            relation=relation,
            level=Number(value=level) if isinstance(level, float) else level,
            years=years,
        )
        start = None if base is None else Base(value=base[0], year=base[1])
        return Target(id=name, label=name, **({"condition": condition, "base": start} | more))

    return make


@pytest.fixture
def plan_of():
    """A plan over 2006-2010 whose base year is 2005, with the figures of `y` by year."""

    def make(figures, *targets, history=None):
        years = sorted(figures)
        series = xr.DataArray(
            np.array([figures[year] for year in years], float), dims="year", coords={"year": years}
        )
        return Plan(
            id="demo", title="Demo", start=2006, end=2010, base_year=2005, fit_until=2008,
            indicators=(
                Indicator(id="y", label="Y", kind=Kind.BALANCE, units="units"),
                Indicator(id="z", label="Z", kind=Kind.BALANCE),
            ),
            targets=targets, history=xr.Dataset({"y": series}) if history is None else history,
        )  # fmt: skip

    return make
