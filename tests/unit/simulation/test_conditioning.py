from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.fitting import fit
from sxsim.processes import Dependence
from sxsim.simulation import Twin, world_of
from sxsim.simulation.choose import compiled_steps
from sxsim.simulation.large.fingerprint import fingerprint
from sxsim.simulation.plain import Plain
from sxsim.streams import BLOCK, Seed

PATH = {"a": {2013: 110.0, 2014: 130.0, 2016: 120.0}}
TIED = np.array([[1.0, 0.6, 0.0], [0.6, 1.0, 0.0], [0.0, 0.0, 1.0]])


@pytest.fixture
def fitted(table):
    """Cells, drifts in doubt, a series that ends early, and a correlation that is not known."""
    model = fit(
        table(
            a=[1, 1.2, 1.1, 1.5, 1.6, 1.7, 1.9],
            b=[2, 2.3, 3, 3.2, 3.1, np.nan, np.nan],
            c=[5, 5.1, 5.4, 5.2, 5.6, 5.9, 6.3],
        )
    )
    draws = np.stack([np.full((3, 3), r) + (1 - r) * np.eye(3) for r in (0.1, 0.4, 0.7)])
    return replace(model, correlation=None, dependence=Dependence(draws=draws))


def paths(model, **more):
    return sx.simulate(model, **({"horizon": 3, "draws": 5000, "rng": 3} | more))


def same(one, other, names=None):
    for name in names or one.data_vars:
        np.testing.assert_array_equal(one[name], other[name])


def test_who_has_nothing_to_do_with_it_keeps_every_bit(hand):
    model = hand("a", "b", "c", correlation=TIED)
    plain, told = paths(model), paths(model.given(PATH))
    same(plain, told, ["c"])
    assert not np.isin(told.b, plain.b).any()


def test_a_future_differs_from_its_twin_by_what_the_path_demands(hand):
    """The same shocks, and for a walk the difference of paths is the same in all draws but for its own."""
    model = hand("a", "b", "c", correlation=TIED)
    full = {"a": {2013: 110.0, 2014: 130.0, 2015: 120.0}}
    plain, told = (np.log(paths(one).b.to_numpy()[0]) for one in (model, model.given(full)))
    own = np.log(paths(model).a.to_numpy()[0])
    shift = 0.6 * (np.log([110.0, 130.0, 120.0]) - own)
    np.testing.assert_allclose(told - plain, shift, atol=1e-9)


def test_an_indicator_is_told_though_nobody_asks_for_it(hand):
    model = hand("a", "b", "c", correlation=TIED).given(PATH)
    alone, whole = paths(model, indicators="b"), paths(model)
    assert list(alone.data_vars) == ["b"]
    grown = [np.log(one.b.to_numpy()[0] / 100.0) for one in (alone, whole)]
    error = 0.1 * np.sqrt(np.arange(1, 4) / 5000)
    assert (np.abs(grown[0].mean(axis=0) - grown[1].mean(axis=0)) < 9 * error).all()
    plain = np.log(paths(model.conditions.base).b.to_numpy()[0] / 100.0)
    assert (grown[0].mean(axis=0)[1] - plain.mean(axis=0)[1]) > 20 * error[1]


def test_selecting_first_or_last_is_the_same(hand):
    model = hand("a", "b", "c", correlation=TIED)
    same(paths(model.given(PATH).select(("a", "b"))), paths(model.select(("a", "b")).given(PATH)))
    assert model.given(PATH).select(("c",)).concerned(["c"]) == frozenset()
    same(paths(model.given(PATH), indicators="c"), paths(model, indicators="c"))


def test_only_those_that_are_tied_are_concerned(hand):
    model = hand("a", "b", "c", correlation=TIED)
    assert model.concerned("abc") == frozenset()
    assert model.given(PATH).concerned("abc") == {"a", "b"}
    assert repr(model.given(PATH)) == "<GrowthModel to 2012: a, b, c; given: a>"
    assert model.given({"c": {2013: 1.0}}).concerned("abc") == {"c"}


@pytest.mark.parametrize("twin", Twin)
def test_both_steps_give_the_same_bits(fitted, twin):
    steps = compiled_steps()
    if steps is None:
        pytest.skip("numba is not installed")
    told = fitted.given({"a": {2014: 2.0}, "b": {2013: 3.0, 2015: 3.4}})
    strand = world_of(told, 4, Seed.of(1)).teams[0].strand(0)
    found = []
    for one in (Plain(), steps):
        one.prepare(strand)
        strand.draw(range(2, 4), one, into := strand.buffers(2), twin)
        found.append([strand.levels(k, into) for k in range(3)])
    np.testing.assert_array_equal(*found)


def test_no_bit_depends_on_how_draws_are_cut(fitted):
    told = fitted.given({"a": {2014: 2.0}, "b": {2013: 3.0, 2015: 3.4}})
    pytest.importorskip("dask")
    whole = paths(told, draws=3 * BLOCK)
    same(whole, paths(told, draws=3 * BLOCK, threads=2))
    same(whole, paths(told, draws=3 * BLOCK, chunks=BLOCK).compute())
    same(whole.isel(draw=slice(0, 1000)), paths(told, draws=1000))
    longer = paths(told, draws=3 * BLOCK, horizon=6)
    same(whole, longer.sel(year=whole.year))


def test_a_store_holds_what_was_asked_for(fitted, tmp_path):
    pytest.importorskip("zarr")
    told = fitted.given({"a": {2014: 2.0}})
    found = paths(told, store=tmp_path / "run.zarr", indicators="b")
    assert list(found.data_vars) == ["b"]
    same(found.load(), paths(told, indicators="b"))
    assert fingerprint(told) != fingerprint(fitted)
    assert fingerprint(told) == fingerprint(fitted.given({"a": {2014: 2.0}}))
    assert fingerprint(told) != fingerprint(fitted.given({"a": {2014: 2.1}}))


def test_a_path_beyond_the_run_is_followed_too(hand):
    model = hand("a", "b", correlation=TIED[:2, :2])
    later = paths(model.given({"a": {2020: 300.0}}))
    assert later.year.to_numpy().tolist() == [2013, 2014, 2015]
    longer = paths(model.given({"a": {2020: 300.0}}), horizon=8)
    same(later, longer.sel(year=later.year))
    np.testing.assert_allclose(longer.a.sel(year=2020), 300.0, rtol=1e-12)
    assert float(np.log(later.a.sel(year=2015)).mean()) > float(np.log(paths(model).a.sel(year=2015)).mean())


def test_more_figures_consume_no_more_words(hand):
    """An untied indicator beside given ones draws the same, whatever is given and however late."""
    model = hand("a", "b", "c", correlation=TIED)
    for path in ({"a": {2013: 1.0}}, {"a": {2030: 1.0}, "b": {2014: 90.0}}):
        same(paths(model), paths(model.given(path)), ["c"])


@pytest.mark.parametrize("kind", ["cells", "walked"])
def test_given_years_are_pinned(fitted, hand, kind):
    if kind == "cells":
        model, path = fitted, {"a": {2013: 2.0, 2015: 2.2}, "b": {2014: 3.5}}
    else:
        walked = sx.StudentShocks(drift=0.05, sigma=0.1, dof=4.0)
        model = hand("a", "b", correlation=TIED[:2, :2])
        model = replace(model, indicators=(replace(model["a"], law=walked), model["b"]), correlation=None)
        path = {"a": {2013: 105.0, 2014: 120.0}}
    found = paths(model.given(path))
    for name, figures in path.items():
        for year, value in figures.items():
            np.testing.assert_allclose(found[name].sel(year=year), value, rtol=1e-12)
            assert float(found[name].sel(year=year).std()) < 1e-12 * value


def test_members_follow_their_own_figures(panel):
    model = fit(panel)
    figures = xr.DataArray(
        [[12.0, 5.0, 1.0]], dims=("year", "province"), coords={"year": [2014], "province": ["a", "b", "c"]}
    )
    found = paths(model.given({"y": figures})).y
    np.testing.assert_allclose(found.sel(year=2014, province=["a", "b"]).mean("draw"), [[12.0, 5.0]])
    assert np.isnan(found.sel(province="c")).all()


def test_moments_of_a_told_run_are_those_of_its_paths(fitted):
    told = fitted.given({"a": {2014: 2.0, 2018: 2.5}})
    kept = sx.simulate(told, horizon=3, draws=5000, rng=3, keep=sx.Moments())
    logs = np.log(paths(told).b)
    np.testing.assert_allclose(kept.b.sel(moment="mean"), logs.mean("draw"), rtol=1e-9)


def test_quantiles_of_a_told_run_are_those_of_its_paths(fitted):
    told = fitted.given({"a": {2014: 2.0}})
    levels = (0.0005, 0.05, 0.5, 0.95, 0.9995)
    kept = sx.simulate(told, horizon=3, draws=20_000, rng=3, keep=sx.Quantiles(probabilities=levels))
    drawn = paths(told, draws=20_000)
    for name in ("a", "b", "c"):
        ordered = np.sort(drawn[name].to_numpy()[0], axis=0)
        for p in levels:
            want = ordered[int(np.ceil(p * 20_000)) - 1]
            width = kept[f"{name}_width"].sel(quantile=p).to_numpy()[0]
            found = kept[name].sel(quantile=p).to_numpy()[0]
            assert (np.abs(found - want) <= 0.51 * width + 1e-9 * want).all()
        error = kept[f"{name}_error"].sel(quantile=0.5).to_numpy()[0]
        assert (kept[f"{name}_width"].sel(quantile=0.5).to_numpy()[0] <= 0.15 * error + 1e-6).all()


def test_hits_of_a_told_run_are_those_of_its_paths(fitted, aim):
    told, target = fitted.given({"a": {2014: 2.0}}), aim(of="b", level=3.4, years=(2014, 2015))
    kept = sx.simulate(told, draws=5000, rng=3, keep=sx.Hits(target))
    hit = (paths(told, indicators="b").b.sel(year=[2014, 2015]) >= 3.4).all("year").sum()
    assert kept.hits.item() == hit.item()


def test_mirrored_draws_follow_the_figures(fitted, aim):
    told, target = fitted.given({"a": {2014: 2.0}}), aim(of="b", level=3.4)
    found = [
        sx.attainment(told, target, method=sx.MonteCarlo(draws=60_000, antithetic=both), rng=1)
        for both in (False, True)
    ]
    error = np.hypot(*(one.standard_error.item() for one in found))
    assert abs(found[0].probability.item() - found[1].probability.item()) < 4.5 * error
