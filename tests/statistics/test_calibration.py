"""Probabilities in worlds of the library's own belief: they come true as often as said, and are martingales.

Plans are independent: bands hold the hits of all bins of an event at once with a probability of 99.9 %,
changes lie within 4 standard errors. Seeds are fixed.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import xarray as xr

import sxsim as sx
from sxsim.streams import Seed
from sxsim.studies.calibration import judged
from sxsim.studies.simulated_plans import LAST, NAMES, START, aims_of

ERRORS, LEVEL = 4.0, 0.999
FEWEST = 150  # updates in a bin: rare and large changes need many before their error is known


def check_reliable(found):
    empty = found.bin_cases == 0
    inside = (found.bin_observed >= found.bin_band_low) & (found.bin_observed <= found.bin_band_high)
    assert bool((inside | empty).all())
    assert float(found.event_miscalibration.max()) < 2 * float(found.event_by_chance.max())


def check_martingale(found):
    steps = found.update_change.isel(origin=slice(1, None))
    assert float(np.abs(steps / found.update_change_error).max()) < ERRORS
    bins = (found.update_bin_change / found.update_bin_change_error).where(found.update_bin_updates >= FEWEST)
    assert float(np.abs(bins).max()) < ERRORS
    assert float(np.abs(found.update_excess_movement / found.update_excess_movement_error).max()) < ERRORS
    last = found.replayed.isel(origin=-1, drop=True)
    np.testing.assert_array_equal(last, found.event_outcome.broadcast_like(last).transpose(*last.dims))


def test_a_thousand_plans_are_hit_as_often_as_announced():
    """Two random walks each, under the shipped prior of a walk."""
    found = sx.calibration(level=LEVEL, rng=0)
    assert found.sizes["case"] == 1000
    assert (found.bin_cases.sel(event=["level", "every_year", "ceiling"]) > 0).all()
    check_reliable(found)


def test_the_replayed_probability_is_a_martingale():
    """The same with correlated shocks, which are known: three years, five hundred plans."""
    found = sx.calibration(plans=500, horizon=3, correlation=0.6, replay=True, level=LEVEL, rng=1)
    check_reliable(found)
    check_martingale(found)


def test_the_family_in_its_own_world(family_prior, family_histories):
    """The mixture over cells, likelihood at its word: through the fit and the integrals to the end."""
    figures, ahead = 11, 2
    years = LAST - figures + 1 + np.arange(figures + ahead)
    levels = [family_histories(500, figures + ahead, seed) for seed in (1, 2)]
    values = [START * np.exp(z - z[:, figures - 1 : figures]) for z in levels]
    table = {name: (("case", "year"), one) for name, one in zip(NAMES, values, strict=True)}
    world = xr.Dataset(table, coords={"year": years})
    alone = {"family": partial(_apart, family_prior)}
    origins = range(LAST, LAST + ahead + 1)
    put = partial(judged, world, aims_of(0.02, ahead), alone, origins, level=LEVEL)
    found = put(method=sx.Sobol(points=64, replicates=2), seed=Seed.of(0))
    check_reliable(found)
    check_martingale(found)


def _apart(prior, history):
    """Fit both indicators, which are independent of each other."""
    model = sx.fit(history, prior=prior)
    return sx.GrowthModel(indicators=model.indicators, last_year=model.last_year, history=model.history)
