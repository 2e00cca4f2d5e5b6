from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import xarray as xr

from sxsim.analysis.attainment import attainment
from sxsim.errors import RequestError, UnknownNameError
from sxsim.fitting import fit, walk_prior
from sxsim.identities import Identity
from sxsim.io import open_result, save
from sxsim.plan import (
    AnyOf,
    Between,
    Indicator,
    Kind,
    Number,
    OwnPast,
    Plan,
    Relation,
    Target,
    Total,
    When,
)
from sxsim.streams import Seed
from sxsim.studies.futures import chances, told_by
from sxsim.studies.information import value_of_information

RISE = [1.0, 1.1, 1.25, 1.3, 1.5, 1.7, 1.75, 2.0, 2.1, 2.3]
FALL = [2.6, 2.5, 2.55, 2.4, 2.45, 2.3, 2.35, 2.2, 2.25, 2.1]

BRIDGE = {"bridge_from": "y", "bridge_sd": 0.02}


@pytest.fixture
def plan(table, aim):
    history = table(last=2014, y=RISE, z=FALL, few=[np.nan] * 8 + [1.5, 1.6], attrs={"few": BRIDGE})
    return Plan(
        id="demo", title="Demo", start=2011, end=2017, base_year=2010, fit_until=2014,
        targets=(
            aim("up", level=3.0, years=(2017,)),
            aim("down", of="z", level=2.0, years=(2016,), relation=Relation.AT_MOST),
            aim("each", level=2.2, years=(2014, 2015, 2016)),
            aim("moving", level="z", years=(2016,)),
            aim("rare", level=300.0, years=(2017,)),
            aim("none", condition=None),
            aim("few", of="few", level=1.8, years=(2016,)),
        ),
        indicators=tuple(Indicator(id=name, label=name, kind=Kind.AMOUNT) for name in history),
        history=history,
    )  # fmt: skip


DONE = {}


@pytest.fixture
def found(plan):
    """What the figures of 2015-2017 will settle, once for all tests."""
    if "found" not in DONE:
        DONE["found"] = value_of_information(plan, futures=300, rng=0)
    return DONE["found"]


def test_it_grows_with_the_years_to_one(found):
    assert found.resolved.dims == ("year", "target")
    assert found.year.values.tolist() == [2015, 2016, 2017]
    for target in ("up", "down", "each", "moving", "few"):
        one = found.sel(target=target)
        assert (one.resolved >= 0).all() and (one.resolved <= 1).all()
        room = 4 * np.hypot(one.resolved_error.values[1:], one.resolved_error.values[:-1])
        assert (np.diff(one.resolved) >= -room).all()
        assert one.resolved.values[-1] == 1.0
    assert found.resolved.sel(target="down", year=2016).item() == 1.0


def test_today_is_what_attainment_says(plan, found):
    odds = attainment(fit(plan.history, until=2014), plan.targets, rng=0).isel(scenario=0)
    np.testing.assert_array_equal(found.probability, odds.probability)


def test_what_cannot_be_said_has_a_reason(found):
    assert "no condition" in found.reason.sel(target="none").item()
    assert found.resolved.sel(target="none").isnull().all()
    assert found.reason.sel(target="rare").item().startswith("300 futures are too few")
    assert np.isnan(found.resolved.sel(target="rare", year=2016).item())
    assert np.isfinite(found.mean_probability.sel(target="rare")).all()


def test_in_the_last_year_the_change_is_from_today_to_the_outcome(found):
    last = found.sel(target="up", year=2017)
    p, hit = last.probability.item(), last.mean_probability.item()
    np.testing.assert_allclose(last.expected_change.item(), hit * (1 - p) + (1 - hit) * p)


def test_only_what_is_observed_tells(plan):
    asked = {"targets": ["moving"], "futures": 300, "draws": 128, "rng": 0}
    blind = value_of_information(plan, observed=["z"], **asked).squeeze()
    both = value_of_information(plan, **asked).squeeze()
    assert blind.resolved.values[0] < both.resolved.values[0]
    assert blind.resolved.isnull().values[1]


def test_from_an_earlier_year(plan):
    found = value_of_information(plan, 2012, targets=["down"], futures=60, rng=0)
    assert found.year.values.tolist() == [2013, 2014, 2015, 2016]
    assert found.attrs["as_of"] == 2012


def test_promises_of_every_shape(plan):
    up, down = plan.target("up").condition, plan.target("down").condition
    shapes = {
        "either": AnyOf(parts=(up, down)),
        "sum": Total(
            indicator="y", relation=Relation.AT_LEAST, level=Number(value=7.7), years=(2015, 2016, 2017)
        ),
        "once": replace(up, level=Number(value=2.9), years=(2015, 2016, 2017), when=When.ANY_YEAR),
        "within": replace(up, relation=Relation.WITHIN, level=Between(lower=2.6, upper=3.2)),
        "grown": replace(up, level=OwnPast(since=2014, growth=0.09)),
        "rounded": replace(up, precision=0.1),
    }
    targets = tuple(Target(id=name, label=name, condition=shape) for name, shape in shapes.items())
    found = value_of_information(replace(plan, targets=targets), futures=100, draws=128, rng=0)
    assert (found.reason == "").all()
    assert (found.resolved.sel(year=2017) == 1.0).all()
    assert ((found.resolved >= 0) & (found.resolved <= 1)).all()
    assert (found.resolved.sel(year=2015) < 0.9).all()


def test_derived_indicators(plan, aim):
    ratio = Identity(indicator="ratio", expression="y / z")
    history = plan.history.assign(ratio=plan.history.y / plan.history.z)
    kept = (*plan.indicators, Indicator(id="ratio", label="", kind=Kind.RATIO))
    target = aim("R", of="ratio", level=1.3, years=(2016,))
    derived = replace(plan, history=history, identities=(ratio,), targets=(target,), indicators=kept)
    found = value_of_information(derived, futures=60, draws=256, rng=0)
    assert 0 < found.resolved.values[0, 0] < 1.0
    assert found.resolved.values[1, 0] == 1.0


def test_a_fit_of_ones_own(plan):
    walk = value_of_information(plan, targets=["up"], futures=60, fit=partial(fit, prior=walk_prior()), rng=0)
    odds = attainment(fit(plan.history, prior=walk_prior()), plan.target("up"))
    assert walk.probability.item() == odds.probability.item()


def test_closed_forms_are_those_of_attainment(plan):
    model = fit(plan.history, until=2014)
    told = told_by(model, plan.history, [plan.target("few")], ())
    assert set(told.history) == {"few", "y"}
    for name in ("up", "down"):
        [(chance, error)] = chances(model, [plan.target(name)], 64, Seed.of(0))
        assert error.item() == 0.0
        np.testing.assert_allclose(chance, attainment(model, plan.target(name)).probability.item(), rtol=1e-9)


def test_a_result_can_be_saved(found, tmp_path):
    file = save(xr.DataTree(dataset=found), tmp_path / "found.nc")
    xr.testing.assert_identical(open_result(file).to_dataset(), found)


def test_requests_that_cannot_be_answered(plan):
    with pytest.raises(RequestError, match=r"futures=49.* Give at least 50"):
        value_of_information(plan, futures=49)
    with pytest.raises(RequestError, match="draws=0"):
        value_of_information(plan, draws=0)
    with pytest.raises(UnknownNameError, match=r"observed= names 'zz', on which no target depends"):
        value_of_information(plan, targets=["up"], observed=["zz"])
    with pytest.raises(UnknownNameError, match="no target 'zz'"):
        value_of_information(plan, targets=["zz"])
    down = plan.target("down")
    over = replace(down, condition=replace(down.condition, years=(2014,)))
    with pytest.raises(RequestError, match=r"No target has a year after 2014 to be known\. Choose an ear"):
        value_of_information(replace(plan, targets=(over,)))
    with pytest.raises(RequestError, match=r"'y' has a batch\. Choose one member"):
        value_of_information(
            replace(plan, history=plan.history.expand_dims(town=2), targets=plan.targets[:1])
        )
