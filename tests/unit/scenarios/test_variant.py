"""Which model a scenario is replayed over."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import ModelError, RequestError, UnknownNameError
from sxsim.plan import CorrelationChange, GivenPath, Scenario, TargetRevision, VolatilityChange
from sxsim.processes import with_correlation, with_volatility
from sxsim.scenarios import compile_scenarios

ROUGH = VolatilityChange(names=("a",), factor=2.0, start=2014, end=2015)
CLOSER = CorrelationChange(names=("a", "b"), share=0.4)
BOOM = GivenPath(indicator="a", figures={2014: 130.0})


def spreads(model, name, years=6):
    return [
        float(np.squeeze(model[name].marginal(t).quantiles(0.84) - model[name].marginal(t).quantiles(0.5)))
        for t in range(1, years + 1)
    ]


def test_scenarios_that_say_the_same_share_a_model(hand):
    model = hand("a", "b")
    listed = [
        Scenario(id=f"s{i}", label="s", changes=changes)
        for i, changes in enumerate([(), (ROUGH,), (BOOM, ROUGH), (ROUGH, BOOM), (ROUGH,)])
    ]
    models = [policy.model for policy in compile_scenarios(listed, model, 6)]
    assert models[0] is model
    assert models[1] is models[4] and models[2] is models[3]
    assert len({id(one) for one in models}) == 3


def test_what_changes_nothing_keeps_the_model(hand, compiled):
    model = hand("a", "b")
    same = (VolatilityChange(factor=1.0, start=2013), CorrelationChange(share=0.0))
    assert compiled(model, *same).model is model


def test_volatility_is_multiplied_in_its_years(hand, compiled):
    model = hand("a", "b")
    found = compiled(model, ROUGH).model
    expected = with_volatility(model, {"a": [1.0, 2.0, 2.0, 1.0, 1.0, 1.0]})
    assert spreads(found, "a") == spreads(expected, "a")
    assert spreads(found, "b") == spreads(model, "b")
    everything = compiled(model, VolatilityChange(factor=3.0, start=2010), ROUGH).model
    expected = with_volatility(model, {"a": [3.0, 6.0, 6.0, 3.0, 3.0, 3.0], "b": [3.0] * 6})
    for name in "ab":
        np.testing.assert_allclose(spreads(everything, name), spreads(expected, name), rtol=1e-14)


def test_correlation_changes_among_some_or_all(hand, compiled):
    model = hand("a", "b", "c", correlation=np.eye(3) * 0.7 + 0.3)
    np.testing.assert_array_equal(
        compiled(model, CLOSER).model.correlation, with_correlation(model, ["a", "b"], 0.4).correlation
    )
    every = compiled(model, CorrelationChange(share=-1.0)).model
    np.testing.assert_allclose(every.correlation, np.eye(3), atol=1e-15)


def test_of_all_only_those_of_one_batch_come_closer(panel, compiled):
    steps = np.exp(0.1 * np.arange(8) + 0.02 * np.sin(np.arange(8)))
    model = sx.fit(panel.assign(gdp=xr.DataArray(steps, dims="year"), rd=xr.DataArray(steps**2, dims="year")))
    found = compiled(model, CorrelationChange(share=-1.0)).model
    rows = [model.names.index(name) for name in ("gdp", "rd")]
    assert found.correlation[rows[0], rows[1]] == pytest.approx(0.0, abs=1e-15)
    assert compiled(sx.fit(panel), CorrelationChange(share=0.5)).model is not None


def test_figures_are_followed_by_every_path(hand, compiled):
    scenario = Scenario(id="s", label="s", changes=(BOOM,))
    paths = sx.simulate(
        hand("a", "b", correlation=[[1.0, 0.8], [0.8, 1.0]]), [scenario], horizon=3, draws=2000, rng=0
    )
    np.testing.assert_allclose(paths.a.sel(year=2014), 130.0, rtol=1e-12)
    assert float(paths.b.sel(year=2014).median()) > 105.0


def test_growth_counts_from_the_last_figure(hand, compiled):
    change = GivenPath(indicator="a", growth=0.1)
    found = compiled(hand("a", "b"), change).model.conditions.figures["a"]
    assert found.years.tolist() == list(range(2013, 2019))
    np.testing.assert_allclose(found.values[:, 0], 100.0 * 1.1 ** np.arange(1, 7), rtol=1e-14)
    short = compiled(hand("a"), GivenPath(indicator="a", growth=0.1, until=2014)).model.conditions.figures[
        "a"
    ]
    assert short.years.tolist() == [2013, 2014]


def test_growth_of_a_batch_counts_from_each_members_own_figure(panel, compiled):
    model = sx.fit(panel.sel(province=["a", "b"]))
    found = compiled(model, GivenPath(indicator="y", growth=0.05)).model.conditions.figures["y"]
    np.testing.assert_allclose(found.values[0], 1.05 * np.asarray(model["y"].last_value), rtol=1e-14)


def test_a_revision_is_handed_on(hand, compiled):
    revision = TargetRevision(target="T1", value=3.0, year=2016)
    policy = compiled(hand("a"), revision)
    assert policy.revisions == (revision,)
    assert policy.offsets == {} and policy.moves is None


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        (
            VolatilityChange(names=("c",), factor=2.0, start=2014),
            UnknownNameError,
            r"'s': volatility c speaks of 'c'",
        ),
        (
            CorrelationChange(names=("a", "c"), share=0.2),
            UnknownNameError,
            r"correlation a, c speaks of 'c', which",
        ),
        (
            GivenPath(indicator="c", growth=0.1),
            UnknownNameError,
            r"Scenario 's': given path c speaks of 'c', which",
        ),
        (
            VolatilityChange(names=("a",), factor=2.0, start=2019),
            RequestError,
            r"Scenario 's': volatility a: It begins in 2019, outside the years 2013 to 2018 of the run\.",
        ),
        (
            VolatilityChange(factor=0.0, start=2014),
            RequestError,
            r"Scenario 's': volatility: The volatility of 'a' is",
        ),
        (
            GivenPath(indicator="a", figures={2012: 1.0}),
            RequestError,
            r"'s': given path a: The path of 'a' gives 2012",
        ),
        (
            GivenPath(indicator="a", growth=0.1, until=2012),
            RequestError,
            r"given path a: The path of 'a' has no year",
        ),
    ],
)
def test_what_the_model_cannot_be_names_scenario_and_change(hand, compiled, change, kind, message):
    with pytest.raises(kind, match=message):
        compiled(hand("a", "b"), change)


def test_what_a_law_refuses_names_scenario_and_change(compiled):
    law = sx.StudentShocks(drift=0.03, sigma=0.06, dof=4.0)
    grown = sx.Grown(name="a", carrier=sx.Log(), law=law, last_value=100.0, last_year=2012)
    model = sx.GrowthModel(indicators=(grown,), last_year=2012)
    with pytest.raises(ModelError, match=r"Scenario 's': volatility a: 'a' is walked year by year"):
        compiled(model, ROUGH)


def test_what_was_left_out_of_the_model_is_skipped(table, compiled):
    model = sx.fit(table(y=[1.0, 1.1, 1.2, 1.3, 1.4], empty=[np.nan] * 5))
    changes = (
        VolatilityChange(names=("empty",), factor=2.0, start=2013),
        CorrelationChange(names=("empty", "y"), share=0.3),
        GivenPath(indicator="empty", growth=0.1),
    )
    assert compiled(model, *changes).model is model
