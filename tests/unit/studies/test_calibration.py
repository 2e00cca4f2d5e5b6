from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import RequestError
from sxsim.streams import Seed
from sxsim.studies.simulated_plans import LAST, aims_of, reached, simulated_plans

PRIOR = sx.Prior(drift=0.05, years=4, shape=6, spread=0.1)


@pytest.fixture(scope="module")
def found():
    return sx.calibration(PRIOR, plans=60, horizon=2, replay=True, rng=1)


def test_truths_come_from_the_prior():
    """Mean and variance of drifts, shocks and their products over 20,000 plans, within 4.5 errors."""
    world = simulated_plans(PRIOR, plans=20_000, figures=6, horizon=3, correlation=0.6, seed=Seed(entropy=0))
    np.testing.assert_allclose(world.sel(year=LAST).to_array(), 100.0)
    assert world["year"].values.tolist() == list(range(LAST - 5, LAST + 4))
    steps = np.log(world.to_array()).diff("year")
    variance = PRIOR.rate / (PRIOR.shape - 1)
    first = steps.isel(variable=0) - PRIOR.drift
    for product, expected in (
        (first.isel(year=0), 0.0),
        (first.isel(year=0) ** 2, variance * (1 + 1 / PRIOR.years)),
        (first.isel(year=0) * first.isel(year=4), variance / PRIOR.years),
    ):
        assert abs(float(product.mean()) - expected) < 4.5 * float(product.std()) / np.sqrt(20_000)
    between = xr.corr(*(steps.isel(variable=i, year=0) for i in (0, 1)))
    assert 0.5 < float(between) < 0.6


def test_outcomes_are_those_of_the_years_that_came():
    values = np.array([[100.0, 90.0, 120.0], [100.0, 101.0, 111.0], [100.0, 110.0, 105.0]])
    first = xr.DataArray(values, dims=("case", "year"), coords={"year": LAST + np.arange(3)})
    world = xr.Dataset(
        {"first": first, "second": first.isel(case=[1, 1, 2]).drop_vars("case", errors="ignore")}
    )
    came = reached(world, aims_of(0.05, 2))
    assert came["event"].values.tolist() == ["level", "every_year", "ceiling", "all"]
    np.testing.assert_array_equal(came, [[1, 1, 0], [0, 1, 1], [0, 0, 1], [0, 0, 0]])


def test_everything_is_there_and_can_be_saved(found, tmp_path):
    assert found.event_probability.sizes == {"event": 4, "model": 1, "case": 60}
    assert found["replayed"].sizes == {"origin": 3, "event": 4, "model": 1, "case": 60}
    np.testing.assert_array_equal(found.replayed.sel(origin=LAST), found.event_probability)
    np.testing.assert_array_equal(found.replayed.isel(origin=-1, model=0), found.event_outcome)
    brier = sx.scores.brier(found.event_probability, found.event_outcome, dim="case")
    np.testing.assert_allclose(found.event_brier, brier)
    table = sx.scores.reliability_table(found.event_probability, found.event_outcome, dim="case")
    np.testing.assert_allclose(found.bin_band_high, table.band_high)
    changes = sx.scores.updates(found.replayed.isel(model=0), dim="case")
    np.testing.assert_allclose(found.update_excess_movement.isel(model=0), changes.excess_movement)
    assert {"method": "calibration", "plans": 60, "seed_entropy": "1"}.items() <= found.attrs.items()
    sx.save(xr.DataTree(dataset=found), tmp_path / "found.nc")
    xr.testing.assert_identical(sx.open_result(tmp_path / "found.nc").to_dataset(), found)


def test_the_joint_is_that_of_all_targets(found):
    p = found.event_probability.isel(model=0)
    assert (p.sel(event="all") <= p.sel(event=["level", "every_year", "ceiling"]).min("event") + 0.01).all()
    assert (found.event_outcome.sel(event="all") <= found.event_outcome.min("event")).all()


def test_the_same_seed_gives_the_same_world(found):
    again = sx.calibration(PRIOR, plans=60, horizon=2, replay=True, rng=1)
    xr.testing.assert_identical(again.drop_vars("seconds"), found.drop_vars("seconds"))
    assert not sx.calibration(PRIOR, plans=60, horizon=2, rng=2).event_outcome.equals(found.event_outcome)


def test_a_belief_that_is_too_sure_leaves_the_bands():
    bold = replace(PRIOR, spread=0.03, shape=60.0)
    models = {"bold": partial(sx.fit, prior=bold), "flat": partial(sx.fit, prior=sx.Prior.flat())}
    judged = sx.calibration(PRIOR, models=models, plans=300, horizon=2, level=0.999, rng=3)
    one = judged.sel(event="level")
    outside = (one.bin_observed > one.bin_band_high) | (one.bin_observed < one.bin_band_low)
    assert bool(outside.sel(model="bold").any())
    assert float(one.event_miscalibration.sel(model="bold")) > 3 * float(
        one.event_by_chance.sel(model="bold")
    )
    assert "replayed" not in judged


def test_it_is_drawn(found):
    pytest.importorskip("matplotlib")
    [axes] = sx.reliability_chart(found, event="all").axes
    curve = sx.scores.reliability(
        found.event_probability.sel(event="all"), found.event_outcome.sel(event="all"), rng=0
    )
    drawn = next(line for line in axes.lines if len(line.get_xdata()) == 101)
    np.testing.assert_array_equal(drawn.get_ydata(), curve.observed)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"plans": 1}, r"plans=1\. Give a whole number of at least 2"),
        ({"figures": 1}, r"figures=1\. Give a whole number of at least 2"),
        ({"horizon": 0}, r"horizon=0\. Give a whole number of at least 1"),
        ({"correlation": 1.0}, r"correlation=1\.0\. Give a number between -1 and 1, both excluded"),
        ({"prior": sx.Prior.flat()}, r"Nothing can be drawn from a flat prior\. Give sx\.Prior"),
        ({"models": {}}, r"No model was given\. Leave out models= for a fit with the same prior"),
        ({"models": {"x": 1}}, r"The model 'x' is a int, which fits nothing\. Give sx\.fit or another"),
        ({"level": 1.5}, r"level=1\.5\. Give a number between 0 and 1"),
    ],
)
def test_requests_that_cannot_be_answered(options, message):
    with pytest.raises(RequestError, match=message):
        sx.calibration(**({"prior": PRIOR, "plans": 4, "horizon": 1} | options))
