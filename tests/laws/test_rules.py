"""A rule decides on what was published, and on nothing else."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import sxsim as sx
from sxsim.plan import EffectUnit, Rule, Scenario, Transmission
from sxsim.scenarios import compile_scenarios, play

YEARS, DRAWS = 6, 5
FIRST, LAST_KNOWN = 2013, 2012
SHOCKS = arrays(float, (2, YEARS, DRAWS), elements=st.floats(-0.5, 0.5, allow_subnormal=False))


def model():
    walk = sx.RandomWalk(drift=0.02, sigma=0.1)
    grown = tuple(
        sx.Grown(name=name, carrier=sx.Log(), law=walk, last_value=100.0, last_year=LAST_KNOWN)
        for name in "ab"
    )
    return sx.GrowthModel(indicators=grown, last_year=LAST_KNOWN)


MODEL = model()


def levels(shocks):
    return {name: np.log(100.0) + np.cumsum(shocks[i], axis=0) for i, name in enumerate("ab")}


def played(rules, shocks):
    link = Transmission(source="a", target="b", elasticity=0.5, lag=1)
    [policy] = compile_scenarios([Scenario(id="s", label="s", changes=(*rules, link))], MODEL, YEARS)
    return play(policy, levels(shocks), None, ["a", "b"], place=0, shape=(YEARS, DRAWS))


def responsive(seen, years, year):
    """A decision that depends on every figure it is handed."""
    weights = np.arange(1.0, len(years) + 1)
    return sum(np.tensordot(weights, np.log(values), axes=1) for values in seen.values())


def rule(decision, *, lag, delay=1, years=(2014, 2016), name="r"):
    return Rule(
        id=name,
        label="r",
        reads=("a", "b"),
        decision=decision,
        years=years,
        indicator="a",
        unit=EffectUnit.LOG_A_YEAR,
        lag=lag,
        delay=delay,
    )


@given(
    SHOCKS,
    SHOCKS,
    st.integers(0, 2),
    st.integers(1, 2),
    st.permutations(range(DRAWS)),
    st.integers(2013, 2018),
)
def test_what_comes_later_changes_no_earlier_decision(shocks, others, lag, delay, order, until):
    decisions = []

    def kept(seen, years, year):
        decided = responsive(seen, years, year)
        decisions.append((year, decided.copy()))
        return decided

    rules = [rule(kept, lag=lag, delay=delay)]
    first = played(rules, shocks)
    then = decisions.copy()
    decisions.clear()
    later = shocks.copy()
    later[:, until - FIRST + 1 :] = others[:, until - FIRST + 1 :][..., list(order)]
    second = played(rules, later)
    for (year, one), (_, two) in zip(then, decisions, strict=True):
        if year - lag <= until:
            np.testing.assert_array_equal(one, two)
    for name in "ab":
        np.testing.assert_array_equal(first[name][: until - FIRST + 1], second[name][: until - FIRST + 1])


class Cheat:
    """Keeps all it is handed, looks behind it, and writes over it."""

    def __init__(self):
        self.handed = []
        self.returned = []

    def __call__(self, seen, years, year):
        for values in seen.values():
            self.handed.append((year, values))
            assert values.base is None, "a view shows more than it should"
            assert len(values) == len(years)
        late = sum(float(np.nansum(values)) for _, values in self.handed)
        for values in seen.values():
            values[:] = 1e9
        years[:] = 2999
        effort = np.full(DRAWS, 0.1 if np.isfinite(late) else np.nan)
        for old in self.returned:
            old[:] = 1e9
        self.returned.append(effort)
        return effort


@given(SHOCKS, SHOCKS, st.integers(0, 2))
def test_a_cheat_learns_nothing_and_spoils_nothing(shocks, others, lag):
    cheat, honest = Cheat(), rule(lambda *_: np.full(DRAWS, 0.1), lag=lag)
    bystander = rule(responsive, lag=lag, name="bystander")
    cheated = played([rule(cheat, lag=lag), bystander], shocks)
    fair = played([honest, bystander], shocks)
    for name in "ab":
        np.testing.assert_array_equal(cheated[name], fair[name])
    # nothing it kept was filled in afterwards: all of it still is what the cheat wrote
    assert all((values == 1e9).all() for _, values in cheat.handed)
    # and what it was handed in 2014 does not depend on the years that were still to come
    later = shocks.copy()
    later[:, 2014 - lag - FIRST + 1 :] = others[:, 2014 - lag - FIRST + 1 :]
    sizes = [values.shape for year, values in cheat.handed if year == 2014]
    again = Cheat()
    played([rule(again, lag=lag)], later)
    assert sizes == [values.shape for year, values in again.handed if year == 2014]


@given(SHOCKS, st.integers(0, 2))
def test_a_rule_is_handed_what_was_published_and_no_more(shocks, lag):
    handed = {}

    def kept(seen, years, year):
        handed[year] = (years, seen)
        return np.full(DRAWS, 0.1)

    paths = played([rule(kept, lag=lag)], shocks)
    for year, (years, seen) in handed.items():
        assert years.tolist() == list(range(LAST_KNOWN, year - lag + 1))
        for name in "ab":
            assert (seen[name][0] == 100.0).all()
            np.testing.assert_array_equal(seen[name][1:], np.exp(paths[name][: year - lag - LAST_KNOWN]))
