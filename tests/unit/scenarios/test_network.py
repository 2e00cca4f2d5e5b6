from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import RequestError, UnknownNameError
from sxsim.plan import EffectUnit, Elicited, PlannedGrowth, Transmission

LOG = EffectUnit.LOG_A_YEAR


def link(source, target, elasticity=0.5, lag=0):
    return Transmission(source=source, target=target, elasticity=elasticity, lag=lag)


def series_of(links, own, years):
    """Totals year by year; links without a lag by summing up powers until nothing is left."""
    totals = {name: np.zeros(years) for name in own}
    for t in range(years):
        wave = {name: own[name][t] for name in own}
        for one in links:
            if one.lag and t >= one.lag:
                wave[one.target] += one.elasticity * totals[one.source][t - one.lag]
        while any(abs(v) > 1e-18 for v in wave.values()):
            for name, value in wave.items():
                totals[name][t] += value
            wave = {
                name: sum(
                    one.elasticity * wave[one.source] for one in links if one.target == name and not one.lag
                )
                for name in own
            }
    return totals


@pytest.mark.parametrize(
    "links",
    [
        [link("a", "b", 0.3, 2)],
        [link("a", "b", 0.3), link("b", "c", -0.5, 1)],
        [link("a", "b", 0.4), link("b", "a", 0.6)],
        [link("a", "b", 0.4), link("b", "c", 0.7), link("c", "a", -0.5), link("c", "b", 0.3, 1)],
        [link("b", "a", 0.9, 1), link("a", "b", 0.9, 1)],
    ],
)
def test_what_is_done_to_one_reaches_others(hand, pull, effect, compiled, links):
    effects = (effect(1.0, LOG, of="a"), effect(-2.0, LOG, of="b"))
    policy = compiled(hand("a", "b", "c"), pull(effects=effects, start=2014), *links)
    own = {"a": 0.01 * np.arange(6.0), "b": -0.02 * np.arange(6.0), "c": np.zeros(6)}
    totals = series_of(links, own, 6)
    for name, total in totals.items():
        if name in policy.offsets:
            np.testing.assert_allclose(policy.offsets[name][0], total, rtol=1e-14, atol=1e-17)
        else:
            assert not total.any()
    assert policy.moves is None


def test_growth_as_planned_is_not_passed_on(hand, compiled):
    planned = PlannedGrowth(indicator="a", base_value=100.0, base_year=2012, growth=0.2)
    assert list(compiled(hand("a", "b"), planned, link("a", "b")).offsets) == ["a"]


def test_links_without_anything_to_pass_on_change_nothing(hand, compiled):
    policy = compiled(hand("a", "b"), link("a", "b"))
    assert policy.offsets == {} and policy.moves is None


def test_an_indicator_added_elsewhere_keeps_the_bits(hand, pull, compiled):
    links = [link("b", "d", 0.37), link("d", "b", 0.81), link("d", "c", 0.11, 1)]
    few = compiled(hand("b", "c", "d"), pull(of="b"), *links)
    many = compiled(hand("a", "b", "c", "d", "e"), pull(of="b"), link("a", "e", 0.3), *links)
    for name in "bcd":
        np.testing.assert_array_equal(few.offsets[name], many.offsets[name])


def test_loops_that_do_not_die_out_are_refused(hand, compiled):
    message = r"Scenario 's': the transmissions among a, b lead back with a strength of 1\.1, and never come"
    links = [link("a", "b", 1.1, 1), link("b", "a", -1.1, 3), link("b", "c", 5.0)]
    with pytest.raises(RequestError, match=message):
        compiled(hand("a", "b", "c"), *links)
    with pytest.raises(RequestError, match=r"a strength of 1, and"):
        compiled(hand("a", "b"), link("a", "b", 2.0), link("b", "a", 0.5))


def test_a_balance_takes_no_elasticity(walks, compiled):
    model = walks(a=(sx.Log(), 10.0, 0.1), b=(sx.Linear(scale=1.0), 10.0, 0.1))
    message = r"Scenario 's': transmission b, a: 'b' is no amount that grows in percent\. Leave the link out"
    with pytest.raises(RequestError, match=message):
        compiled(model, link("b", "a"))


def test_something_unknown_is_refused(hand, compiled):
    with pytest.raises(
        UnknownNameError, match=r"transmission a, patnts speaks of 'patnts', which.*'patents'\?"
    ):
        compiled(hand("a", "patents"), link("a", "patnts"))


def test_a_link_of_a_series_left_out_is_skipped(table, pull, compiled):
    model = sx.fit(table(y=[1.0, 1.1, 1.2, 1.3, 1.4], empty=[np.nan] * 5))
    assert list(compiled(model, pull(0.1), link("y", "empty"), link("empty", "y", 0.3)).offsets) == ["y"]


@pytest.fixture
def mixed(panel):
    """A batch, a series without one, and another batch."""
    steps = np.exp(0.1 * np.arange(8))
    more = xr.Dataset(
        {"gdp": ("year", steps), "z": (("sector", "year"), np.stack([steps, 2 * steps]))},
        coords={"year": panel.year, "sector": ["p", "q"]},
    )
    return sx.fit(panel.merge(more))


def test_a_series_without_a_batch_passes_on_to_all_members(mixed, pull, compiled):
    policy = compiled(mixed, pull(1.0, LOG, of="gdp"), link("gdp", "y", 0.5))
    np.testing.assert_allclose(policy.offsets["gdp"], 0.01 * np.arange(1.0, 7)[None], rtol=1e-14)
    np.testing.assert_allclose(policy.offsets["y"], np.repeat(0.5 * policy.offsets["gdp"], 3, axis=0))


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("y", "gdp", r"transmission y, gdp: 3 of 'province' cannot pass on to one series"),
        ("y", "z", r"3 of 'province' cannot pass on to 2 of 'sector'\. Link series of the same batch"),
    ],
)
def test_a_batch_passes_on_to_the_same_batch_only(mixed, compiled, source, target, message):
    with pytest.raises(RequestError, match=message):
        compiled(mixed, link(source, target))


def test_what_differs_by_path_passes_on_to_all_members_too(mixed, pull, compiled):
    change = pull(Elicited(low=1.0, high=2.0), LOG, of="gdp")
    links = (link("gdp", "y", 0.5, 1),)
    paths = sx.simulate(
        mixed,
        [sx.TREND, sx.Scenario(id="s", label="s", changes=(change, *links))],
        until=2015,
        draws=50,
        rng=1,
    )
    moved = np.log(paths.sel(scenario="s") / paths.sel(scenario="trend"))
    assert (moved.gdp.sel(year=2013) > 0.0099).all()
    later = 0.5 * moved.gdp.sel(year=[2013, 2014]).to_numpy()
    for province in ("a", "b"):
        found = moved.y.sel(province=province)
        np.testing.assert_allclose(found.sel(year=[2014, 2015]), later, rtol=0, atol=1e-13)
        assert not found.sel(year=2013).any()
