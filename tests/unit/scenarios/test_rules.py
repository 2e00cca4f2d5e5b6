from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import RequestError, UnknownNameError
from sxsim.identities import Identity
from sxsim.plan import EffectUnit, Rule, Transmission


def rule(**more):
    settings = {
        "id": "r",
        "label": "r",
        "reads": ("y",),
        "decision": quiet,
        "years": (2015,),
        "indicator": "y",
    }
    return Rule(**(settings | {"unit": EffectUnit.GROWTH} | more))


def quiet(seen, years, year):
    return np.zeros(next(iter(seen.values())).shape[1])


@pytest.mark.parametrize("where", ["reads", "indicator"])
def test_something_unknown_is_refused(hand, compiled, where):
    change = rule(**{where: ("patnts",) if where == "reads" else "patnts"})
    with pytest.raises(
        UnknownNameError, match=r"Scenario 's': rule r speaks of 'patnts', which .*'patents'\?"
    ):
        compiled(hand("y", "patents"), change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            rule(years=(2015, 2018)),
            r"Scenario 's': rule r decides in 2018, to be felt in 2019, outside the years 20",
        ),
        (
            rule(years=(2016,), delay=3),
            r"decides in 2016, to be felt in 2019, outside the years 2013 to 2018",
        ),
        (
            rule(years=(2010,)),
            r"decides in 2010, to be felt in 2011, outside the years 2013 to 2018 of the run",
        ),
    ],
)
def test_a_decision_felt_outside_the_run_is_refused(hand, compiled, change, message):
    with pytest.raises(RequestError, match=message):
        compiled(hand("y"), change)


def test_decisions_felt_from_the_first_to_the_last_year_are_fine(hand, compiled):
    policy = compiled(hand("y"), rule(years=(2012, 2017)))
    assert policy.moves.names == policy.moves.reads == {"y"}
    assert policy.needs(["other"]) == {"other"} and policy.needs(["y"]) == {"y"}


def test_what_could_not_be_fitted_can_be_moved_by_nothing_and_looked_at_by_nobody(table, compiled):
    model = sx.fit(table(y=[1.0, 1.1, 1.2, 1.3, 1.4], empty=[np.nan] * 5))
    assert compiled(model, rule(indicator="empty")).moves is None
    with pytest.raises(
        RequestError, match=r"rule r looks at 'empty', which could not be fitted: .*Leave the rule"
    ):
        compiled(model, rule(reads=("empty",)))


def test_what_is_derived_may_be_looked_at_and_not_moved(hand, compiled, pull):
    ratio = Identity(indicator="ratio", expression="a / b")
    model = hand("a", "b", identities=(ratio,))
    policy = compiled(model, rule(reads=("ratio",), indicator="a"))
    assert policy.moves.reads == {"ratio"} and policy.needs(["a"]) == {"a", "b"}
    for change in (rule(reads=("a",), indicator="ratio"), pull(of="ratio")):
        message = (
            r"Scenario 's': \w+ \w+ and an identity both write 'ratio': ratio = a / b\. Let it move what"
        )
        with pytest.raises(RequestError, match=message):
            compiled(model, change)


def test_other_members_are_refused(panel, compiled):
    steps = np.exp(0.1 * np.arange(8))
    model = sx.fit(panel.assign(gdp=xr.DataArray(steps, dims="year")))
    with pytest.raises(
        RequestError, match=r"rule r looks at 'gdp' and moves 'y', whose members are not the same"
    ):
        compiled(model, rule(reads=("gdp",)))
    link = Transmission(source="gdp", target="y", elasticity=0.5)
    with pytest.raises(
        RequestError, match=r"rule r reaches 'y' and moves 'gdp', whose members are not the same"
    ):
        compiled(model, rule(reads=("gdp",), indicator="gdp"), link)


def test_a_rule_moves_every_member_by_its_own_path_and_leaves_what_has_none(panel):
    model = sx.fit(panel)
    change = rule(decision=lambda seen, *_: np.where(seen["y"][-1] > 12.0, 5.0, 0.0), years=(2013,))
    scenario = sx.Scenario(id="s", label="s", changes=(change,))
    paths = sx.simulate(model, [sx.TREND, scenario], horizon=3, draws=60, rng=0).y
    moved = np.log(paths.sel(scenario="s") / paths.sel(scenario="trend"))
    # with a lag of one year a decision of 2013 looks at the figures of 2012: 15 in a, 5 in b
    assert not moved.sel(province="b").any()
    assert (moved.sel(province="a", year=[2014, 2015]) > 0.04).all()
    assert paths.sel(province="c").isnull().all()
