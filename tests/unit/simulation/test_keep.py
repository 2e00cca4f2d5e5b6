from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim.errors import MissingExtraError, RequestError
from sxsim.fitting import fit
from sxsim.links import Log
from sxsim.plan import TREND, PlannedGrowth, Scenario
from sxsim.processes import Grown, GrowthModel, StudentShocks
from sxsim.simulation import Moments, Paths, Quantiles, simulate

FASTER = Scenario(
    id="faster",
    label="Faster",
    changes=(PlannedGrowth(indicator="y", base_value=100.0, base_year=2012, growth=0.2),),
)


def test_chosen_years_are_those_of_all_paths(hand):
    whole = simulate(hand("a", "y"), (TREND, FASTER), horizon=5, draws=3000, rng=1)
    some = simulate(
        hand("a", "y"), (TREND, FASTER), horizon=5, draws=3000, rng=1, keep=Paths(years=(2017, 2014))
    )
    xr.testing.assert_identical(some, whole.sel(year=[2014, 2017]))


def test_chosen_years_tell_how_far_to_go(hand):
    assert simulate(hand(), draws=5, keep=Paths(years=(2014, 2016))).year.values.tolist() == [2014, 2016]


def test_refuses_years_that_are_not_simulated(hand):
    with pytest.raises(RequestError, match=r"asks for 2020; the run goes from 2013 to 2015\. Choose years"):
        simulate(hand(), horizon=3, draws=5, keep=Paths(years=(2020,)))
    with pytest.raises(RequestError, match=r"Paths\(years=\(\)\) keeps nothing\. Give years such as"):
        Paths(years=())
    with pytest.raises(RequestError, match=r"years=2014\.5\. Give years such as \(2015, 2020\)"):
        Paths(years=(2014.5,))


@pytest.mark.parametrize("draws", [1, 2048, 5000, 70_000])
def test_moments_are_those_of_the_paths(hand, draws):
    model = hand("a", "y", correlation=[[1, 0.4], [0.4, 1]])
    kept = simulate(model, (TREND, FASTER), horizon=3, draws=draws, rng=2, keep=Moments())
    level = np.log(simulate(model, (TREND, FASTER), horizon=3, draws=draws, rng=2))
    np.testing.assert_allclose(kept.y.sel(moment="mean"), level.y.mean("draw"), rtol=1e-12)
    spread = level.y.std("draw", ddof=1 if draws > 1 else 0)
    np.testing.assert_allclose(kept.y.sel(moment="standard_deviation"), spread, rtol=1e-9, atol=1e-12)
    assert kept.y.dims == ("scenario", "moment", "year")
    assert kept.y.attrs["scale"] == "level on the link scale, Log()"


def test_moments_of_a_batch_keep_its_dimensions(panel):
    kept = simulate(fit(panel), horizon=2, draws=100, rng=2, keep=Moments())
    assert kept.y.dims == ("scenario", "moment", "year", "province")
    assert np.isnan(kept.y.sel(province="c")).all()


@pytest.mark.parametrize("draws", [100, 5000, 200_000])
def test_quantiles_are_order_statistics_up_to_their_width(hand, draws):
    levels = (0.01, 0.5, 0.975)
    kept = simulate(
        hand(), (TREND, FASTER), horizon=3, draws=draws, rng=3, keep=Quantiles(probabilities=levels)
    )
    paths = np.sort(simulate(hand(), (TREND, FASTER), horizon=3, draws=draws, rng=3).y, axis=1)
    for i, p in enumerate(levels):
        exact = paths[:, int(np.ceil(p * draws)) - 1]
        assert (np.abs(kept.y[:, i] - exact) <= 0.51 * kept.y_width[:, i] + 1e-12).all()
    assert (kept.y_width < 0.2 * kept.y_error).all()
    assert kept.y.dims == ("scenario", "quantile", "year")


def test_the_stated_error_of_a_quantile_is_what_seeds_make_of_it(hand):
    """Over 200 seeds; the relative error of a standard deviation is 1 / sqrt(398), four of them allowed."""
    kept = [simulate(hand(), horizon=2, draws=4000, rng=seed, keep=Quantiles()) for seed in range(200)]
    found = np.std([k.y.values for k in kept], axis=0, ddof=1)
    stated = np.mean([k.y_error.values for k in kept], axis=0)
    np.testing.assert_allclose(found / stated, 1.0, atol=4 / np.sqrt(398))


def test_quantiles_of_a_law_without_closed_form_are_found_in_wider_windows():
    law = StudentShocks(drift=0.05, sigma=0.1, dof=3.0)
    grown = Grown(name="y", carrier=Log(), law=law, last_value=1.0, last_year=2012)
    model = GrowthModel(indicators=(grown,), last_year=2012)
    kept = simulate(model, horizon=2, draws=20_000, rng=1, keep=Quantiles(probabilities=(0.1, 0.9)))
    paths = simulate(model, horizon=2, draws=20_000, rng=1).y
    exact = paths.quantile((0.1, 0.9), dim="draw", method="inverted_cdf")
    assert (np.abs(kept.y - exact) <= 0.51 * kept.y_width).all()


def test_quantiles_of_a_batch_keep_its_dimensions(panel):
    kept = simulate(fit(panel), horizon=2, draws=100, rng=2, keep=Quantiles())
    assert kept.y.dims == ("scenario", "quantile", "year", "province")
    assert np.isfinite(kept.y.sel(province="a")).all()
    assert np.isnan(kept.y.sel(province="c")).all()


@pytest.mark.parametrize("levels", [(), (0.0, 0.5), (0.5, 1.0), ((0.5,),), 0.5])
def test_refuses_what_is_no_list_of_probabilities(levels):
    with pytest.raises(RequestError, match=r"Quantiles\(probabilities=.*\)\. Give a list of probabilities"):
        Quantiles(probabilities=levels)


def test_a_bar_shows_the_stretches(hand, capsys):
    pytest.importorskip("tqdm")
    simulate(hand(), horizon=1, draws=200_000, rng=1, keep=Moments(), progress=True)
    assert "4/4" in capsys.readouterr().err


def test_a_bar_needs_its_library(hand, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tqdm.auto", None)
    with pytest.raises(MissingExtraError, match=r"progress=True needs tqdm.*pip install 'sxsim\[progress\]'"):
        simulate(hand(), horizon=1, draws=10, progress=True)
