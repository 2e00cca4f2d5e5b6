"""What the suites work on: series, a fitted model and its targets."""

from __future__ import annotations

import numpy as np
import xarray as xr

import sxsim as sx

LAST_YEAR, FIGURES, YEARS = 2012, 12, 8
NAMES = ("cases", "firms", "output", "patents")


def series(count: int) -> xr.Dataset:
    """Return one variable with many members, twelve figures each."""
    changes = np.random.default_rng(0).normal(0.05, 0.1, (count, FIGURES))
    years = {"year": LAST_YEAR - FIGURES + 1 + np.arange(FIGURES), "series": np.arange(count)}
    return xr.Dataset(
        {"y": (("series", "year"), 100 * np.exp(changes.cumsum(axis=1)), {"kind": "amount"})}, coords=years
    )


def model() -> sx.GrowthModel:
    """Return the default fit of four indicators."""
    wide = series(len(NAMES))
    return sx.fit(xr.Dataset({name: wide["y"].sel(series=i, drop=True) for i, name in enumerate(NAMES)}))


def walk() -> sx.GrowthModel:
    """Return four random walks with known parameters."""
    law = sx.RandomWalk(drift=0.05, sigma=0.1)
    grown = tuple(
        sx.Grown(name=name, carrier=sx.Log(), law=law, last_value=100.0, last_year=LAST_YEAR)
        for name in NAMES
    )
    return sx.GrowthModel(indicators=grown, last_year=LAST_YEAR, correlation=0.7 * np.eye(4) + 0.3)


def targets(level: float = 160.0, years: tuple[int, ...] = (LAST_YEAR + YEARS,)) -> tuple[sx.Target, ...]:
    """One target per indicator: at least the level in every one of the years."""
    return tuple(
        sx.Target(
            id=name,
            label=name,
            condition=sx.Condition(
                indicator=name,
                relation=sx.Relation.AT_LEAST,
                level=sx.Number(value=level),
                years=years,
            ),
        )
        for name in NAMES
    )
