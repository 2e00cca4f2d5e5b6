from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis import difference
from sxsim.errors import RequestError, UnknownNameError
from sxsim.plan import TREND, PlannedGrowth, Scenario
from sxsim.simulation import simulate

PUSH = Scenario(
    id="push",
    label="Push",
    changes=(PlannedGrowth(indicator="y", base_value=100.0, base_year=2012, growth=0.08),),
)
SAME = Scenario(id="same", label="Nothing else")


def moved(model, *, draws=2000, rng=1):
    paths = simulate(model, [TREND, PUSH, SAME], until=2015, draws=draws, rng=rng)
    return difference(paths, model=model)


def test_on_the_link_scale_a_lever_moves_the_median_without_error(hand):
    found = moved(hand("y")).sel(scenario="push")
    # The trend's median grows by 0.05 a year, the stated path by log(1.08).
    expected = (np.log(1.08) - 0.05) * np.arange(1, 4)
    np.testing.assert_allclose(found.y_link, expected, rtol=1e-9)
    np.testing.assert_allclose(found.y_link_error, 0.0, atol=1e-14)


def test_without_changes_nothing_moves(hand):
    found = moved(hand("y"))
    for name in ("y", "y_error", "y_link", "y_link_error"):
        assert (found[name].sel(scenario=["trend", "same"]) == 0).all()
    assert found.y.dims == ("scenario", "year")


def test_in_published_units_the_stated_error_is_that_over_seeds(hand):
    seeds = 60
    runs = [moved(hand("y"), draws=1000, rng=seed).sel(scenario="push", year=2015) for seed in range(seeds)]
    spread = np.std([run.y.item() for run in runs], ddof=1)
    stated = np.mean([run.y_error.item() for run in runs])
    # The spread is known to 1 / sqrt(2 seeds), a slope to a tenth, so the mean of 60 to 0.02.
    assert abs(spread / stated - 1) < 4 * np.hypot(1 / np.sqrt(2 * seeds), 0.02)
    middle = 100.0 * (1.08**3 - np.exp(0.15))
    assert abs(np.mean([run.y.item() for run in runs]) - middle) < 4 * stated / np.sqrt(seeds)


def test_without_a_model_published_units_alone(hand):
    paths = simulate(hand("y"), [TREND, PUSH], until=2015, draws=100, rng=1)
    assert set(difference(paths).data_vars) == {"y", "y_error"}


def test_refused(hand):
    paths = simulate(hand("y"), [TREND, PUSH], until=2015, draws=19, rng=1)
    with pytest.raises(RequestError, match="19 paths"):
        difference(paths)
    with pytest.raises(RequestError, match="have no dimension 'draw'"):
        difference(paths.mean("draw"))
    paths = simulate(hand("y"), PUSH, until=2015, draws=20, rng=1)
    with pytest.raises(UnknownNameError, match="The baseline 'trend' is not a scenario"):
        difference(paths)
