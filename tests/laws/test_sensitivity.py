"""What moves a probability moves it the right way, and a scoreboard counts every target once."""

from __future__ import annotations

import numpy as np
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import sxsim as sx
from sxsim.plan import Indicator, Kind, Unit

YEARS = 6


def model_of(drift: float, sigma: float) -> sx.GrowthModel:
    walk = sx.RandomWalk(drift=drift, sigma=sigma)
    grown = sx.Grown(name="y", carrier=sx.Log(), law=walk, last_value=50.0, last_year=2012)
    return sx.GrowthModel(indicators=(grown,), last_year=2012)


def target_at(level: float, name: str = "T", relation: sx.Relation = sx.Relation.AT_LEAST) -> sx.Target:
    condition = sx.Condition(
        indicator="y", relation=relation, level=sx.Number(value=level), years=(2012 + YEARS,)
    )
    return sx.Target(id=name, label=name, condition=condition)


@settings(max_examples=12)
@given(drift=st.floats(-0.1, 0.2), sigma=st.floats(0.02, 0.4), score=st.floats(-3.0, 3.0), up=st.booleans())
def test_derivatives_have_their_signs_and_agree_with_the_normal_law(
    drift: float, sigma: float, score: float, up: bool
) -> None:
    spread = sigma * np.sqrt(YEARS)
    level = 50.0 * np.exp(drift * YEARS + score * spread)
    relation = sx.Relation.AT_LEAST if up else sx.Relation.AT_MOST
    moves = sx.sensitivity(model_of(drift, sigma), target_at(level, relation=relation), joint=False)
    value, error = (moves[name].squeeze() for name in ("derivative", "derivative_error"))
    sign, density = (1.0 if up else -1.0), stats.norm.pdf(score)
    truth = sign * density * np.array([0.01 * YEARS / np.exp(drift) / spread, score, 1 / spread, -1 / spread])
    assert (np.abs(value - truth) <= error + 1e-9).all()
    assert sign * value[0] > 0 and sign * value[2] > 0 > sign * value[3]


@settings(max_examples=6)
@given(values=st.lists(st.floats(1.0, 1000.0), min_size=10, max_size=10), level=st.floats(1.0, 2000.0))
def test_views_of_one_aspect_average_to_the_probability(values: list[float], level: float) -> None:
    model = sx.fit(xr.Dataset({"y": ("year", values)}, coords={"year": np.arange(2003, 2013)}))
    found = sx.sensitivity(model, target_at(level), joint=False)
    p = float(found.probability.squeeze())
    for aspect in np.unique(found.aspect):
        mine = found.sel(view=found.aspect == aspect)
        seen = float((mine.view_weight * mine.view_probability.squeeze()).sum())
        assert seen - 1e-9 <= p <= seen + 1.0 - float(mine.view_weight.sum()) + 1e-9


@settings(max_examples=12)
@given(
    leads=st.lists(st.lists(st.sampled_from("abc"), unique=True), min_size=1, max_size=5),
    data=st.data(),
)
def test_totals_are_sums_over_distinct_targets(leads: list[list[str]], data: st.DataObject) -> None:
    model = model_of(0.05, 0.1)
    targets = tuple(
        sx.Target(
            id=f"T{n}",
            label="T",
            lead_units=tuple(units),
            condition=target_at(data.draw(st.floats(30.0, 120.0))).condition,
        )
        for n, units in enumerate(leads)
    )
    plan = sx.Plan(
        id="p",
        title="P",
        start=2013,
        end=2020,
        base_year=2012,
        fit_until=2012,
        indicators=(Indicator(id="y", label="y", kind=Kind.AMOUNT),),
        targets=targets,
        units=tuple(Unit(id=name, label=name) for name in "abc"),
    )
    odds = sx.attainment(model, targets)
    board = sx.scoreboard(plan, odds).isel(scenario=0)
    p = odds.probability.isel(scenario=0)
    np.testing.assert_allclose(board.total_expected_hits, p.sum())
    assert int(board.total_targets) == len(targets)
    times = np.array([max(len(units), 1) for units in leads])
    np.testing.assert_allclose(board.expected_hits.sum(), (p * times).sum())
    np.testing.assert_array_equal(board.leads.sum("entry"), times)
