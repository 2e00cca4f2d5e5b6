from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import sxsim as sx
from sxsim.processes.first_guess import first_guess
from sxsim.processes.normal_mixture import mixture_quantile, mixture_score

CYCLE = sx.Regimes(
    ordinary=sx.RandomWalk(drift=0.08, sigma=0.05),
    other=sx.RandomWalk(drift=-0.05, sigma=0.1),
    leave=0.1,
    recover=0.5,
    other_now=0.2,
)
RISKY = sx.JumpDiffusion(drift=0.0, sigma=1.0, rate=0.2, jump=-0.3, jump_sd=0.1)


@pytest.mark.parametrize(("family", "low", "high"), [(CYCLE, -3.0, 3.0), (RISKY, -3.5, -1.5)])
def test_a_guess_mostly_saves_all_steps_but_one(family, low, high):
    """Nine in ten lie within 1e-5 of a score, by the distribution function, from where one step arrives."""
    rng = np.random.default_rng(3)
    score, coordinate = rng.standard_normal(300), rng.uniform(low, high, 300)
    guess = first_guess(family, score, coordinate)
    back = [mixture_score(g[None], *family.parts_at(c))[0] for g, c in zip(guess, coordinate, strict=True)]
    assert np.quantile(np.abs(np.array(back) - score), 0.9) < 1e-5


def test_a_guess_does_not_depend_on_its_neighbours():
    rng = np.random.default_rng(4)
    score, coordinate = rng.standard_normal(500), 8.0 * rng.standard_normal(500)
    together = first_guess(CYCLE, score, coordinate)
    cuts = [slice(0, 1), slice(1, 77), slice(77, 500)]
    assert np.array_equal(
        together, np.concatenate([first_guess(CYCLE, score[c], coordinate[c]) for c in cuts])
    )


def test_beyond_the_ladder_the_nearest_rung_answers():
    far = first_guess(CYCLE, np.array([9.5, 0.0]), np.array([np.inf, -np.inf]))
    near = first_guess(CYCLE, np.array([8.5, 0.0]), np.array([40.0, -40.0]))
    assert far.tolist() == near.tolist()


def test_a_guess_changes_the_way_and_not_the_quantile():
    score = np.linspace(-8.0, 8.0, 161)
    parts = replace(CYCLE).parts_at(-1.3)
    alone = mixture_quantile(score, *parts)
    for start in (np.zeros(161), first_guess(CYCLE, score, np.full(161, -1.3)), np.full(161, 99.0)):
        np.testing.assert_allclose(mixture_quantile(score, *parts, start=start), alone, rtol=0, atol=1e-11)
