"""What holds for all figures with errors, breaks and restatements."""

from __future__ import annotations

import numpy as np
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsim.analysis import attainment, forecast
from sxsim.fitting import fit
from sxsim.plan import Break, Condition, Noise, Number, Partial, Reading, Relation, Target
from sxsim.processes import MeasuredPosterior
from sxsim.simulation import MonteCarlo, Sobol

CHANGES = st.lists(st.floats(-0.3, 0.4), min_size=2, max_size=14)


def history(changes, scale=1.0, last=2012):
    values = scale * np.exp(np.concatenate([[0.0], np.cumsum(changes)]))
    return xr.Dataset({"y": ("year", values)}, {"year": np.arange(last - len(changes), last + 1)})


def target(level, *years):
    condition = Condition(
        indicator="y", relation=Relation.AT_LEAST, level=Number(value=level), years=years or (2015,)
    )
    return Target(id="T", label="T", condition=condition)


def chance(model, level):
    return float(attainment(model, target(level), rng=0).probability.squeeze())


READINGS = st.builds(
    lambda noise, shift, value: Reading(
        noise=Noise(absolute=noise, years=(2010, 2012)),
        breaks=Break(year=2011, absolute=shift),
        partial=Partial(year=2013, value=value, share=0.7, spread=0.03),
    ),
    st.floats(0.01, 0.3),
    st.floats(0.01, 1.0),
    st.floats(0.3, 2.0),
)


@settings(max_examples=10, deadline=None)
@given(CHANGES, READINGS, st.sampled_from([1e-6, 3.0, 1e7]))
def test_other_units_leave_the_probability(changes, reading, scale):
    """Rounding alone moves it: less than 1e-6."""
    noise, shift, part = reading.noise[0], reading.breaks[0], reading.partial
    moved = Reading(
        noise=Noise(absolute=scale * noise.absolute, years=noise.years),
        breaks=Break(year=shift.year, absolute=scale * shift.absolute),
        partial=Partial(year=part.year, value=scale * part.value, share=part.share, spread=part.spread),
    )
    level = 1.1 * np.exp(sum(changes))
    here = chance(fit(history(changes), reading={"y": reading}), level)
    there = chance(fit(history(changes, scale), reading={"y": moved}), scale * level)
    assert abs(here - there) < 1e-6


@settings(max_examples=10, deadline=None)
@given(CHANGES, READINGS)
def test_a_harder_target_is_never_likelier(changes, reading):
    model = fit(history(changes), reading={"y": reading})
    levels = np.exp(sum(changes)) * np.array([0.5, 0.9, 1.0, 1.2, 2.0])
    chances = [chance(model, level) for level in levels]
    assert (np.diff(chances) <= 1e-12).all()
    assert np.isfinite(chances).all()


@settings(max_examples=10, deadline=None)
@given(CHANGES)
def test_no_error_at_all_is_today_bit_for_bit(changes):
    plain = fit(history(changes))
    nothing = fit(history(changes), reading={"y": Reading(noise=Noise(relative=0.0))})
    assert not isinstance(nothing["y"].law, MeasuredPosterior)
    np.testing.assert_array_equal(forecast(plain, horizon=3).y, forecast(nothing, horizon=3).y)


@settings(max_examples=10, deadline=None)
@given(CHANGES)
def test_a_hardly_known_part_of_a_year_is_no_part(changes):
    """A part with an error of a factor e^5 moves no probability by more than 0.003, a rounded prior."""
    dim = Partial(year=2013, value=1.0, share=0.7, spread=5.0)
    still = Reading(noise=Noise(relative=1e-9))
    known = Reading(noise=Noise(relative=1e-9), partial=dim)
    one, other = (fit(history(changes), reading={"y": r}) for r in (still, known))
    for level in (0.9, 1.2):
        assert abs(chance(one, level) - chance(other, level)) < 0.003


def test_routes_agree_on_figures_with_errors():
    """Quasi-random points within 4 errors, counting within 4 errors of the closed form."""
    changes = np.random.default_rng(4).normal(0.06, 0.08, 11)
    reading = Reading(
        noise=Noise(relative=0.04),
        breaks=Break(year=2008, relative=0.2),
        partial=Partial(year=2013, value=1.0, share=0.5, spread=0.05),
    )
    model = fit(history(changes), reading={"y": reading})
    for year in (2013, 2016):
        goal = target(2.2, year)
        exact = float(attainment(model, goal).probability.squeeze())
        for method in (Sobol(), MonteCarlo(draws=200_000)):
            odds = attainment(model, goal, method=method, rng=1)
            assert abs(float(odds.probability.squeeze()) - exact) < 4 * float(odds.standard_error.squeeze())
    every = target(1.9, 2013, 2014, 2015, 2016)
    sobol, counted = (
        attainment(model, every, method=method, rng=2) for method in (Sobol(), MonteCarlo(draws=200_000))
    )
    error = np.hypot(float(sobol.standard_error.squeeze()), float(counted.standard_error.squeeze()))
    assert abs(float(sobol.probability.squeeze() - counted.probability.squeeze())) < 4 * error
