from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import stats

import sxsim as sx
from sxsim.errors import RequestError
from sxsim.plan import Effect, EffectUnit, Elicited, Lever, LinkedStrengths, Pull, RandomEvent, Scenario
from sxsim.processes.transform import inverse_box_cox
from sxsim.simulation import Inputs, Paths, simulate

UNTIL = 2016
RISING = [1.0, 1.1, 1.25, 1.3, 1.5, 1.7, 1.75, 2.0, 2.1, 2.3, 2.4, 2.7]
SLOWER = [1.5, 1.6, 1.55, 1.7, 1.9, 1.85, 2.0, 2.1]


@pytest.fixture(scope="module")
def fitted():
    data = {"y": RISING, "z": [np.nan] * 4 + SLOWER[:-1] + [np.nan]}
    years = np.arange(2001, 2013)
    return sx.fit(xr.Dataset({k: ("year", v) for k, v in data.items()}, coords={"year": years}))


def push(id="push", *, linked=0.0, size=Elicited(low=1.0, high=3.0)):  # noqa: B008
    levers = [
        Lever(
            id=f"L{n}",
            label="Fund",
            effects=(Effect(indicator=of, size=size, unit=EffectUnit.LOG_A_YEAR),),
        )
        for n, of in ((1, "y"), (2, "z"))
    ]
    changes = [Pull(lever=lever, start=2013) for lever in levers]
    more = [LinkedStrengths(levers=("L1", "L2"), correlation=linked)] if linked else []
    return Scenario(id=id, label=id, changes=(*changes, *more))


def test_drift_and_shocks_add_up_to_the_path(fitted):
    paths, inputs = (
        simulate(fitted, until=UNTIL, draws=3000, rng=4, keep=keep) for keep in (Paths(), Inputs())
    )
    for name in ("y", "z"):
        grown, found = fitted[name], inputs[name].isel(scenario=0)
        years = UNTIL - int(grown.last_years()[0])
        change = (years * found.sel(input="drift") + found.sel(input="shocks")).to_numpy()
        cells = found.sel(input="cell").to_numpy().astype(int)
        exponents = grown.law.mixture(1).exponents[cells]
        levels = grown.last_level() + inverse_box_cox(change, exponents)
        value = grown.carrier.inverse(levels)
        np.testing.assert_allclose(value, paths[name].isel(scenario=0).sel(year=UNTIL), rtol=1e-12)
    assert UNTIL - int(fitted["z"].last_years()[0]) == 5


def test_cells_come_as_often_as_they_weigh(fitted):
    draws = 20_000
    cells = simulate(fitted, until=UNTIL, draws=draws, rng=0, keep=Inputs()).y.sel(input="cell").squeeze()
    weights = fitted["y"].law.mixture(1).weights
    counts = np.bincount(cells.to_numpy().astype(int), minlength=len(weights))
    error = np.sqrt(weights * (1 - weights) / draws)
    assert (abs(counts / draws - weights) < 5 * error + 5 / draws).all()


def test_fewer_draws_are_the_first_of_more_and_threads_do_not_matter(fitted):
    many = simulate(fitted, push(), until=UNTIL, draws=5000, rng=1, keep=Inputs())
    few = simulate(fitted, push(), until=UNTIL, draws=2100, rng=1, keep=Inputs(), threads=2)
    xr.testing.assert_identical(many.isel(draw=slice(2100)), few)


def test_keeping_inputs_leaves_the_paths_alone(fitted):
    alone = simulate(fitted, until=UNTIL, draws=500, rng=1, indicators="y", keep=Inputs())
    beside = simulate(fitted, [sx.TREND, push()], until=UNTIL, draws=500, rng=1, keep=Inputs())
    np.testing.assert_array_equal(alone.y.isel(scenario=0), beside.y.sel(scenario="push"))


def test_strengths_belong_to_levers_and_are_missing_elsewhere(fitted):
    kept = simulate(
        fitted, [sx.TREND, push(), push("both", linked=0.7)], until=UNTIL, draws=20_000, rng=2, keep=Inputs()
    )
    assert kept.strength.dims == ("scenario", "draw", "lever")
    assert kept.lever.values.tolist() == ["L1", "L2"]
    assert kept.strength.sel(scenario="trend").isnull().all()
    for scenario, linked in (("push", 0.0), ("both", 0.7)):
        scores = kept.strength.sel(scenario=scenario).to_numpy()
        assert stats.kstest(scores[:, 0], "norm").pvalue > 1e-3
        assert np.corrcoef(scores.T)[0, 1] == pytest.approx(linked, abs=4 / np.sqrt(len(scores)))


def test_scenarios_of_other_worlds_keep_their_own(fitted):
    rough = Scenario(id="rough", label="Rough", changes=(sx.VolatilityChange(factor=2.0, start=2013),))
    kept = simulate(fitted, [push(), rough, sx.TREND], until=UNTIL, draws=400, rng=2, keep=Inputs())
    assert kept.scenario.values.tolist() == ["push", "rough", "trend"]
    shocks = kept.y.sel(input="shocks")
    np.testing.assert_allclose(shocks.sel(scenario="rough"), 2 * shocks.sel(scenario="trend"), rtol=1e-9)
    assert kept.strength.sel(scenario="rough").isnull().all()


def test_events_count_how_often_they_fall(fitted):
    fall = Effect(indicator="y", size=-5.0, unit=EffectUnit.PERCENT)
    event = RandomEvent(id="slump", label="Slump", effects=(fall,), probability=0.2, once=False)
    scenario = Scenario(id="risky", label="Risky", changes=(event,))
    kept = simulate(fitted, scenario, until=UNTIL, draws=10_000, rng=2, keep=Inputs())
    assert kept.lever.values.tolist() == ["slump"]
    falls = kept.strength.squeeze().to_numpy()
    assert set(np.unique(falls)) == {0.0, 1.0, 2.0, 3.0, 4.0}
    assert falls.mean() == pytest.approx(0.8, abs=4 * np.sqrt(4 * 0.16 / falls.size))


def test_a_law_that_is_walked_has_shocks_alone():
    walk = sx.StudentShocks(drift=0.05, sigma=0.1, dof=5.0)
    grown = sx.Grown(name="y", carrier=sx.Log(), law=walk, last_value=1.0, last_year=2012)
    model = sx.GrowthModel(indicators=(grown,), last_year=2012)
    kept = simulate(model, horizon=4, draws=5000, rng=0, keep=Inputs()).y.squeeze()
    assert kept.sel(input=["cell", "sigma", "drift"]).isnull().all()
    assert float(kept.sel(input="shocks").std()) == pytest.approx(2.0, abs=4 * 2.0 / np.sqrt(2 * 5000))


def test_members_of_a_batch(panel):
    kept = simulate(sx.fit(panel), horizon=2, draws=100, rng=0, keep=Inputs())
    assert kept.y.dims == ("scenario", "draw", "input", "province")
    assert kept.y.sel(province="a").notnull().all()


def test_what_grows_with_the_draws_is_not_cut_into_pieces(fitted):
    pytest.importorskip("dask")
    with pytest.raises(RequestError, match="chunks= with InputRecorder: what it keeps grows with the draws"):
        simulate(fitted, until=UNTIL, draws=4096, rng=0, keep=Inputs(), chunks=2048)
