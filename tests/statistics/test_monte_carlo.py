"""Estimates are unbiased and their stated errors honest, over many seeds.

Over ``SEEDS`` independent runs ``sum z^2`` with ``z = (p - truth) / stated error`` is chi-squared with as
many degrees of freedom where the error is right, and ``sum z`` normal with variance ``SEEDS`` without bias.
The bounds are passed by chance once in 5,000 tests each. A share of n draws has discrete z; where n p (1 - p)
is above 100, its excess kurtosis of at most 1 / (n p (1 - p)) does not move the bounds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

import sxsim as sx
from sxsim.analysis.counting.monte_carlo import counter_of, setting_of
from sxsim.analysis.question import Question, ask
from sxsim.scenarios import compile_scenarios
from sxsim.simulation import world_of
from sxsim.streams import Seed

SEEDS = 200
BOUNDS = stats.chi2.ppf([1e-4, 1 - 1e-4], SEEDS)
BIAS = stats.norm.ppf(1 - 1e-4) * np.sqrt(SEEDS)

TAILS = sx.StudentShocks(drift=0.03, sigma=0.06, dof=4.0)
RISKY = sx.JumpDiffusion(drift=0.06, sigma=0.05, rate=0.2, jump=-0.3, jump_sd=0.1)
CURVE = sx.Logistic(ceiling=250.0, drift=0.15, sigma=0.2)
RARE = sx.NegativeBinomial(drift=0.05, memory=0.8, mean=12.0, size=40.0)
CYCLE = sx.Regimes(
    ordinary=sx.RandomWalk(drift=0.08, sigma=0.03),
    other=sx.RandomWalk(drift=-0.05, sigma=0.1),
    leave=0.2,
    recover=0.4,
    other_now=0.3,
)
SPREAD = sx.Bass(innovation=0.01, imitation=0.3, reached=0.3, sigma=1.0)


def target(name: str, of: str, level: float, *years: int) -> sx.Target:
    condition = sx.Condition(
        indicator=of, relation=sx.Relation.AT_LEAST, level=sx.Number(value=level), years=years
    )
    return sx.Target(id=name, label=name, condition=condition)


def two(law: Any, *, last_value: float = 100.0) -> sx.GrowthModel:
    """Return an indicator of the law, and a random walk that shares half of its luck."""
    grown = [
        sx.Grown(
            name=name,
            carrier=getattr(one, "carrier", None) or sx.Log(),
            law=one,
            last_value=start,
            last_year=2012,
        )
        for name, one, start in (("y", law, last_value), ("z", sx.RandomWalk(drift=0.03, sigma=0.1), 100.0))
    ]
    return sx.GrowthModel(
        indicators=tuple(grown), last_year=2012, correlation=np.array([[1.0, 0.5], [0.5, 1.0]])
    )


WALK = two(sx.RandomWalk(drift=0.04, sigma=0.08))


def scores(model: sx.GrowthModel, targets: list[sx.Target], truth: Any, method: sx.MonteCarlo) -> np.ndarray:
    """Distances from the truth in stated errors, ``(seed, target and all together)``."""
    out = []
    for seed in range(SEEDS):
        odds = sx.attainment(model, targets, method=method, rng=seed).squeeze("scenario")
        p = np.append(odds.probability.to_numpy(), odds.joint.item())
        error = np.append(odds.standard_error.to_numpy(), odds.joint_standard_error.item())
        out.append((p - truth) / error)
    return np.array(out)


def honest(z: np.ndarray) -> None:
    square = (z**2).sum(axis=0)
    assert (square > BOUNDS[0]).all() and (square < BOUNDS[1]).all(), square
    assert (np.abs(z.sum(axis=0)) < BIAS).all(), z.sum(axis=0)


@pytest.mark.parametrize("antithetic", [False, True])
def test_errors_of_counts_are_honest(antithetic: bool) -> None:
    """Against the closed form and a quasi-random integral whose error is a thousandth of theirs."""
    targets = [
        target("A", "y", 115.0, 2015),
        target("B", "y", 98.0, 2013, 2014, 2015),
        target("C", "z", 95.0, 2015),
    ]
    exact = sx.attainment(WALK, targets, method=sx.Sobol(points=4096, replicates=32), rng=1)
    truth = np.append(exact.probability.to_numpy().ravel(), exact.joint.item())
    honest(scores(WALK, targets, truth, sx.MonteCarlo(draws=2000, antithetic=antithetic)))


@pytest.mark.parametrize("level", [90.0, 112.7, 140.0])
def test_mirror_images_pay_for_one_sided_targets(level: float) -> None:
    """A hit and its mirror image exclude each other where p < 1/2: the covariance of a pair is negative."""
    once = target("A", "y", level, 2015)
    plain, pairs = (
        sx.attainment(WALK, once, method=sx.MonteCarlo(draws=20_000, antithetic=a), rng=3)
        for a in (False, True)
    )
    assert pairs.standard_error.item() < plain.standard_error.item()
    if level == 112.7:  # the median: of a pair exactly one hits
        assert pairs.standard_error.item() < 0.1 * plain.standard_error.item()


def asked(level: float) -> list[sx.Target]:
    """One year, every year, and another indicator."""
    return [
        target("S", "y", level, 2016),
        target("E", "y", 0.95 * level, 2014, 2015, 2016),
        target("Z", "z", 105.0, 2016),
    ]


CASES = {
    "student": (TAILS, 100.0, 108.0),
    "jumps": (RISKY, 100.0, 105.0),
    "regimes": (CYCLE, 100.0, 112.0),
    "logistic": (CURVE, 100.0, 135.0),
    "counts": (RARE, 12.0, 14.0),
    "bass": (SPREAD, 100.0, 180.0),
}
GAIN = {"student": 5.0, "jumps": 1.5, "regimes": 1.5, "logistic": 50.0, "counts": 8.0, "bass": 2.0}


@pytest.mark.parametrize("case", CASES)
def test_errors_with_a_gaussian_twin_are_honest(case: str) -> None:
    """Spread over a hundred seeds as stated, and no bias against draws counted plainly.

    Around their own mean the sum of squares has 99 degrees of freedom.
    """
    law, last_value, level = CASES[case]
    model = two(law, last_value=last_value)
    questions = [question for t in asked(level) if isinstance(question := ask(t, model), Question)]
    method, runs = sx.MonteCarlo(draws=2000), 100
    trend = compile_scenarios([sx.TREND], model, 1)
    setting = setting_of(questions, model, trend, method)
    counter = counter_of(questions, range(len(questions)), setting, method=method, seed=Seed.of(0))
    found = [counter.run(world_of(model, 4, Seed.of(seed))) for seed in range(1, runs + 1)]
    p, error = (np.array([getattr(f, name)[0, 0] for f in found]) for name in ("probability", "error"))
    used = np.array([f.used[0] for f in found]).all(axis=0)
    assert used.tolist() == [True, True, False, True]
    sampling = np.sqrt(np.mean(error**2, axis=0) - np.mean([f.floor[0, 0] ** 2 for f in found], axis=0))
    square = ((p - p.mean(axis=0)) ** 2).sum(axis=0) / sampling**2
    low, high = stats.chi2.ppf([1e-4, 1 - 1e-4], runs - 1)
    assert ((square > low) | (sampling < 1e-3))[used].all() and (square < high).all(), square
    plain = sx.attainment(
        model, asked(level), method=sx.MonteCarlo(draws=100_000, control=False, threads=2), rng=9
    ).squeeze("scenario")
    truth = np.append(plain.probability.to_numpy(), plain.joint.item())
    its_error = np.append(plain.standard_error.to_numpy(), plain.joint_standard_error.item())
    z = (p.mean(axis=0) - truth) / np.hypot(
        its_error, np.hypot(sampling / np.sqrt(runs), found[0].floor[0, 0])
    )
    assert (np.abs(z) < 4).all(), z
    ratio = (np.sqrt(truth * (1 - truth) / 2000) / error.mean(axis=0))[used] ** 2
    assert (ratio > GAIN[case]).all(), ratio
