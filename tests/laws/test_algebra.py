"""What must hold for any combination of conditions, whichever way it is answered.

Counts of one call see the same draws, so that their laws hold to the last path and are tested without
tolerance.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import xarray as xr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import sxsim as sx
from sxsim.cases.case import LAST, beside, model_of, reaches, target, walk
from sxsim.plan import Combined, Promise, judged, known, single

ERRORS = 4.0
COUNT = sx.MonteCarlo(draws=2048, control=False)
NAMES = ("a", "b", "c")
PAST = {"a": (92.0, 97.0, 100.0), "b": (99.0, 103.0, 101.0), "c": (80.0, 88.0, 95.0)}
AHEAD = (2013, 2014, 2015)

names = st.sampled_from(NAMES)
relations = st.sampled_from([sx.Relation.AT_LEAST, sx.Relation.AT_MOST])
whens = st.sampled_from(list(sx.When))
some_years = st.sets(st.sampled_from(AHEAD), min_size=1).map(lambda found: tuple(sorted(found)))
seen_too = st.sets(st.sampled_from((LAST - 1, LAST))).flatmap(
    lambda past: some_years.map(lambda ahead: (*sorted(past), *ahead))
)
numbers = st.floats(85.0, 135.0).map(lambda value: round(value, 3))


def conditions(years: st.SearchStrategy[tuple[int, ...]]) -> st.SearchStrategy[Promise]:
    """Every kind of condition, and totals."""
    own = st.builds(sx.OwnPast, since=st.none() | st.just(LAST - 2), growth=st.floats(-0.05, 0.15))
    ranges = st.tuples(numbers, numbers).filter(lambda two: two[0] < two[1])
    sided = st.builds(sx.Number, value=numbers) | own
    plain = st.builds(sx.Condition, indicator=names, relation=relations, level=sided, years=years, when=whens)
    within = st.builds(
        sx.Condition,
        indicator=names,
        relation=st.just(sx.Relation.WITHIN),
        level=ranges.map(lambda two: sx.Between(lower=two[0], upper=two[1])),
        years=years,
        when=whens,
    )
    moving = st.builds(
        sx.Condition,
        indicator=st.just("a"),
        relation=relations,
        level=st.builds(sx.Benchmark, indicator=st.just("b"), times=st.floats(0.8, 1.2)),
        years=years,
        when=whens,
    )
    totals = st.builds(
        sx.Total,
        indicator=names,
        relation=relations,
        level=st.builds(sx.Number, value=st.floats(100.0, 600.0)),
        years=years,
    )
    return plain | plain | within | moving | totals


def combined(parts: st.SearchStrategy[Promise], most: int = 3) -> st.SearchStrategy[Promise]:
    return st.lists(parts, min_size=1, max_size=most).flatmap(
        lambda found: st.sampled_from(
            [
                sx.AllOf(parts=tuple(found)),
                sx.AnyOf(parts=tuple(found)),
                *(sx.AtLeast(count=k, parts=tuple(found)) for k in range(1, len(found) + 1)),
            ]
        )
    )


leaf = conditions(some_years) | conditions(seen_too)
trees = leaf | combined(combined(leaf) | leaf) | combined(combined(combined(leaf, 2) | leaf, 2))


def a_model(seed: int) -> sx.GrowthModel:
    """Three correlated walks with known parameters, and three observed years."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(3, 3))
    spread = np.sqrt((root**2).sum(axis=1))
    correlation = 0.9 * (root @ root.T) / np.outer(spread, spread) + 0.1 * np.eye(3)
    grown = [
        walk(name, drift=rng.normal(0.04, 0.03), sigma=rng.uniform(0.03, 0.12), last=PAST[name][-1])
        for name in NAMES
    ]
    return model_of(*grown, correlation=correlation, history=PAST)


seeds = st.integers(0, 1000)


def ask(model: sx.GrowthModel, *promises: Promise, method: sx.Exact | None = None) -> xr.Dataset:
    """Answer promises as targets T0, T1, ... by counting the same draws, or another way."""
    targets = [target(promise, f"T{k}") for k, promise in enumerate(promises)]
    return sx.attainment(model, targets, method=method or COUNT, rng=7).squeeze("scenario")


def hits(model: sx.GrowthModel, *promises: Promise) -> np.ndarray:
    p = ask(model, *promises).probability.to_numpy()
    assume(np.isfinite(p).all())
    return np.round(p * COUNT.draws).astype(int)


def harder(promise: Promise, by: float) -> Promise:
    """Ask for more: higher lower bounds, lower upper ones, narrower ranges, more growth, more parts."""
    if isinstance(promise, Combined):
        parts = tuple(harder(part, by) for part in promise.parts)
        if isinstance(promise, sx.AtLeast) and promise.count < len(parts):
            return replace(promise, parts=parts, count=promise.count + 1)
        return replace(promise, parts=parts)
    up = promise.relation is sx.Relation.AT_LEAST
    match promise.level:
        case sx.Number(value=value):
            level = sx.Number(value=value * (1 + by) if up else value / (1 + by))
        case sx.Between(lower=low, upper=high):
            level = sx.Between(lower=low, upper=max(low + 1e-6, high / (1 + by)))
        case sx.Benchmark(times=times):
            level = replace(promise.level, times=times * (1 + by) if up else times / (1 + by))
        case sx.OwnPast(growth=growth):
            level = replace(promise.level, growth=growth + by if up else growth - by)
    return replace(promise, level=level)


@settings(max_examples=40)
@given(seed=seeds, promise=trees, by=st.floats(0.0, 0.2))
def test_a_harder_target_is_never_likelier(seed: int, promise: Promise, by: float) -> None:
    easy, hard = hits(a_model(seed), promise, harder(promise, by))
    assert hard <= easy


@settings(max_examples=40)
@given(seed=seeds, parts=st.lists(leaf | combined(leaf), min_size=2, max_size=4))
def test_the_more_parts_have_to_hold_the_less_likely(seed: int, parts: list[Promise]) -> None:
    asked = tuple(parts)
    counted = [sx.AtLeast(count=k, parts=asked) for k in range(1, len(parts) + 1)]
    found = hits(a_model(seed), sx.AnyOf(parts=asked), *counted, sx.AllOf(parts=asked))
    assert all(more >= fewer for more, fewer in pairwise(found))
    assert found[0] == found[1]
    assert found[-1] == found[-2]


def complement(promise: Promise) -> Promise:
    """What holds where a promise does not; levels themselves have no weight."""
    if isinstance(promise, Combined):
        parts = tuple(complement(part) for part in promise.parts)
        return sx.AtLeast(count=len(parts) - promise.least + 1, parts=parts)
    if isinstance(promise.level, sx.Between):
        level = promise.level
        ends = [
            replace(promise, relation=sx.Relation.AT_MOST, level=sx.Number(value=level.lower)),
            replace(promise, relation=sx.Relation.AT_LEAST, level=sx.Number(value=level.upper)),
        ]
        by_year = [sx.AnyOf(parts=tuple(end.of_years((year,)) for end in ends)) for year in promise.years]
        every = promise.when is sx.When.EVERY_YEAR
        return (sx.AnyOf if every else sx.AllOf)(parts=tuple(by_year))
    up = promise.relation is sx.Relation.AT_LEAST
    other = replace(promise, relation=sx.Relation.AT_MOST if up else sx.Relation.AT_LEAST)
    if isinstance(promise, sx.Total):
        return other
    every = promise.when is sx.When.EVERY_YEAR
    return replace(other, when=sx.When.ANY_YEAR if every else sx.When.EVERY_YEAR)


@settings(max_examples=40)
@given(seed=seeds, promise=trees)
def test_a_promise_and_its_complement_share_all_paths(seed: int, promise: Promise) -> None:
    """In particular any of some conditions is what is left when all of their complements fail."""
    assert hits(a_model(seed), promise, complement(promise)).sum() == COUNT.draws


@settings(max_examples=25)
@given(seed=seeds, name=names, ends=st.tuples(numbers, numbers), year=st.sampled_from(AHEAD))
def test_within_is_at_least_less_above(seed: int, name: str, ends: tuple[float, float], year: int) -> None:
    low, high = sorted(ends)
    assume(low < high)
    asked = (
        reaches(name, sx.Between(lower=low, upper=high), year),
        reaches(name, low, year),
        reaches(name, high, year),
    )
    within, least, above = hits(a_model(seed), *asked)
    assert within == least - above
    within, least, above = ask(a_model(seed), *asked, method=sx.Exact()).probability.to_numpy()
    assert within == pytest.approx(least - above, abs=1e-14)


@settings(max_examples=30)
@given(seed=seeds, promises=st.lists(trees, min_size=2, max_size=4))
def test_the_joint_lies_inside_the_frechet_bounds(seed: int, promises: list[Promise]) -> None:
    odds = ask(a_model(seed), *promises)
    assume(odds.reason.str.len().max() == 0)
    low, joint, high = odds.joint_lower.item(), odds.joint.item(), odds.joint_upper.item()
    assert low - 1e-12 <= joint <= high + 1e-12


@settings(max_examples=30)
@given(seed=seeds, promises=st.lists(trees, min_size=2, max_size=4))
def test_the_joint_of_some_targets_is_the_target_of_all(seed: int, promises: list[Promise]) -> None:
    odds = ask(a_model(seed), *promises)
    assume(odds.reason.str.len().max() == 0)
    both = ask(a_model(seed), sx.AllOf(parts=tuple(promises)))
    assert both.probability.item() == odds.joint.item()


def turned(promise: Promise) -> Promise:
    """The same promise with all parts in the other order."""
    if not isinstance(promise, Combined):
        return promise
    return replace(promise, parts=tuple(turned(part) for part in reversed(promise.parts)))


@settings(max_examples=30)
@given(seed=seeds, promises=st.lists(trees, min_size=2, max_size=3))
def test_order_changes_no_count(seed: int, promises: list[Promise]) -> None:
    """Of targets, of their parts, and of the indicators of the model: the same bits."""
    model = a_model(seed)
    again = replace(
        model,
        indicators=model.indicators[::-1],
        correlation=model.correlation[::-1, ::-1],
        dependence=None,
    )
    one = sx.attainment(model, [target(p, f"T{k}") for k, p in enumerate(promises)], method=COUNT, rng=3)
    other = sx.attainment(
        again, [target(turned(p), f"T{k}") for k, p in list(enumerate(promises))[::-1]], method=COUNT, rng=3
    )
    assert one.probability.equals(other.probability.sel(target=one.target))
    assert one.joint.equals(other.joint)


def renamed(promise: Promise, by: dict[str, str]) -> Promise:
    if isinstance(promise, Combined):
        return replace(promise, parts=tuple(renamed(part, by) for part in promise.parts))
    found = replace(promise, indicator=by[promise.indicator])
    if isinstance(promise.level, sx.Benchmark):
        level = replace(promise.level, indicator=by[promise.level.indicator])
        return replace(found, level=level)
    return found


@settings(max_examples=20)
@given(seed=seeds, promise=trees)
def test_names_mean_nothing(seed: int, promise: Promise) -> None:
    """Other names are other draws: integrals agree within errors, closed forms to rounding."""
    model, by = a_model(seed), {"a": "z", "b": "m", "c": "k"}
    again = replace(
        model,
        indicators=tuple(replace(grown, name=by[grown.name]) for grown in model.indicators),
        correlation=model.correlation,
        dependence=None,
        history=model.history.rename(by),
    )
    method = sx.Sobol(points=256)
    one = ask(model, promise, method=method)
    other = ask(again, renamed(promise, by), method=method)
    assert bool(one.reason.item()) == bool(other.reason.item())
    assume(not one.reason.item())
    error = np.hypot(one.standard_error.item(), other.standard_error.item())
    assert abs(one.probability.item() - other.probability.item()) <= 6 * error + 1e-9  # t with 15 dof


@settings(max_examples=20)
@given(seed=seeds, promise=trees)
def test_integrals_and_counts_agree(seed: int, promise: Promise) -> None:
    best = sx.attainment(a_model(seed), target(promise), rng=5)
    counted = sx.attainment(a_model(seed), target(promise), method=sx.MonteCarlo(draws=50_000), rng=6)
    assume(not best.reason.item())
    error = np.hypot(best.standard_error.item(), counted.standard_error.item())
    assert abs(best.probability.item() - counted.probability.item()) <= ERRORS * error + 1e-12


@settings(max_examples=20)
@given(seed=seeds, promise=combined(leaf), plain=st.lists(st.tuples(names, numbers), min_size=1, max_size=3))
def test_combined_questions_leave_plain_ones_their_bits(
    seed: int, promise: Promise, plain: list[tuple[str, float]]
) -> None:
    model = a_model(seed)
    targets = [target(reaches(name, level, *AHEAD), f"P{k}") for k, (name, level) in enumerate(plain)]
    targets.append(target(reaches("a", beside("b", 0.95), 2014), "B"))
    alone = sx.attainment(model, targets, method=COUNT, rng=2)
    among = sx.attainment(model, [target(promise, "C"), *targets], method=COUNT, rng=2)
    same = among.sel(target=alone.target)
    for kind in ("probability", "standard_error", "variance_parameter", "variance_model"):
        assert alone[kind].equals(same[kind])


@settings(max_examples=20)
@given(seed=seeds, promise=trees)
def test_counts_are_those_of_finished_paths(seed: int, promise: Promise) -> None:
    model = a_model(seed)
    asked = promise.indicators
    paths = sx.simulate(model, until=AHEAD[-1], draws=COUNT.draws, rng=7, indicators=asked)
    past = model.history[list(asked)].broadcast_like(paths.isel(year=0, drop=True))
    odds = sx.attainment(xr.concat([past, paths], "year", data_vars="all"), target(promise))
    counted = ask(model, promise)
    assume(not counted.reason.item())
    assert odds.probability.item() == pytest.approx(counted.probability.item(), abs=1e-12)


@given(promise=trees, data=st.data())
def test_what_is_known_of_intervals_holds_for_every_point_inside(
    promise: Promise, data: st.DataObject
) -> None:
    years = range(LAST - 3, AHEAD[-1] + 1)
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    low = {(name, year): rng.uniform(80.0, 140.0, 20) for name in NAMES for year in years}
    wide = {place: rng.choice([0.0, 2.0, 20.0, np.inf], 20) for place in low}
    point = {place: low[place] + np.minimum(wide[place], 50.0) * rng.uniform(size=20) for place in low}
    roughly = judged(promise, lambda name, year: (low[name, year], low[name, year] + wide[name, year]))
    exactly = judged(promise, lambda name, year: known(point[name, year]))
    assert (roughly.kept <= exactly.kept).all()
    assert (exactly.kept <= roughly.possible).all()
    assert np.array_equal(exactly.kept, exactly.possible)
    assert not (roughly.open & (exactly.kept != exactly.possible)).any()


@given(promise=trees)
def test_a_promise_is_made_of_its_single_conditions(promise: Promise) -> None:
    found = list(single(promise))
    assert {name for one in found for name in one.indicators} == set(promise.indicators)
    assert {year for one in found for year in one.years} == set(promise.years)
