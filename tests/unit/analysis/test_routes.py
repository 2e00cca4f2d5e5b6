from __future__ import annotations

import numpy as np
import pytest

import sxsim as sx
from sxsim.cases.case import beside, model_of, reaches, stays_below, target, walk


@pytest.fixture
def ranges():
    """A range in each of five years: a sum of 32 conjunctions."""
    return sx.cases.load("every_year_within")


@pytest.mark.parametrize("method", [sx.Exact(error=1e-4), sx.Sobol(points=256, until_error=2e-4)])
def test_the_error_of_a_sum_is_the_one_asked_for(ranges, method):
    odds = sx.attainment(ranges.model, ranges.targets, method=method, rng=1)
    error = odds.standard_error.item()
    assert error <= (1e-4 if isinstance(method, sx.Exact) else 2e-4)
    assert abs(odds.probability.item() - ranges.answer) < 4 * error


def test_refuses_an_error_that_a_sum_does_not_reach(ranges, monkeypatch):
    """With few points every conjunction is as good as asked for, and their sum is not."""
    monkeypatch.setattr("sxsim.analysis.integrals.quasi._MOST", 1 << 11)
    message = (
        r"An error of 0\.0001 is not reached: it is \S+ where 32 conjunctions are added up\. Take sx\.Exact"
    )
    with pytest.raises(sx.SxsimError, match=message):
        sx.attainment(ranges.model, ranges.targets, method=sx.Exact(error=1e-4), rng=1)


@pytest.mark.parametrize(
    ("promise", "held"),
    [
        (reaches("y", sx.Between(lower=50.0, upper=100.0), 2015), True),
        (reaches("y", sx.Between(lower=100.0, upper=150.0), 2015), True),
        (reaches("y", sx.Between(lower=100.5, upper=150.0), 2015), False),
        (reaches("y", 100.0, 2015), True),
        (stays_below("y", 100.0, 2015), True),
        (sx.AnyOf(parts=(reaches("y", 100.0, 2015), reaches("z", 1e6, 2015))), True),
    ],
)
@pytest.mark.parametrize("method", [None, sx.Sobol(points=256), sx.MonteCarlo(draws=1000)])
def test_what_is_certain_may_lie_on_a_level_itself(promise, held, method):
    model = model_of(walk("y", drift=0.0, sigma=0.0), walk("z"))
    odds = sx.attainment(model, target(promise), method=method, rng=1)
    assert odds.probability.item() == held


@pytest.mark.parametrize(
    ("promise", "why"),
    [
        (sx.AtLeast(count=3, parts=tuple(reaches(f"i{k}", 120.0, 2015) for k in range(6))), None),
        (
            sx.AtLeast(count=4, parts=tuple(reaches(f"i{k}", 120.0, 2015) for k in range(9))),
            "It is made of too many conjunctions",
        ),
        (
            sx.Total(
                indicator="i1", relation=sx.Relation.AT_LEAST, level=sx.Number(value=9.0), years=(2013, 2014)
            ),
            "I1 is added up over years",
        ),
        (reaches("n", beside("m"), 2015), "N and its level m are whole numbers"),
    ],
)
def test_what_has_no_exact_answer_says_why(promise, why):
    counts = [walk(name, last=9.5, carrier=sx.Count()) for name in "nm"]
    model = model_of(*(walk(f"i{k}") for k in range(9)), *counts)
    if why is None:
        assert sx.attainment(model, target(promise), method=sx.Exact(), rng=1).probability.item() > 0
        return
    with pytest.raises(sx.SxsimError, match=rf"has no exact answer\. {why}"):
        sx.attainment(model, target(promise), method=sx.Exact(), rng=1)


def test_a_count_that_ties_with_another_has_reached_it():
    """Whole numbers around five tie in a third of all paths."""
    model = model_of(*(walk(name, drift=0.0, last=5.5, carrier=sx.Count()) for name in "nm"))
    targets = [target(reaches(a, beside(b), 2014), a) for a, b in ("nm", "mn")]
    odds = sx.attainment(model, targets, rng=1).squeeze("scenario")
    paths = sx.simulate(model, until=2014, draws=100_000, rng=2).sel(year=2014)
    tied = float((paths.n == paths.m).mean())
    assert tied > 0.3
    error = 4 * np.hypot(float(odds.standard_error.max()) * 2, 0.5 / np.sqrt(100_000))
    assert float(odds.probability.sum()) == pytest.approx(1 + tied, abs=error)
