"""The family in a world of its own making: likelihood at its word, weights fixed, no discount."""

from __future__ import annotations

import numpy as np
import pytest

from sxsim.fitting.family import cell_posterior

FIGURES, AHEAD = 11, 3


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("target", [-0.05, 0.1, 0.3])
def test_the_probability_is_a_martingale(family_prior, family_histories, seed, target):
    """Averaged over what next year may bring, next year's probability is today's.

    Next year stands on 2,000 quantiles of equal weight. A probability that rises and falls at most once along
    them has a variation of at most 2, hence an error of at most 2 / 2,000; single precision adds 2e-4.
    """
    levels = family_histories(1, FIGURES, seed)
    law = cell_posterior(levels, family_prior)
    today = float(law.marginal(AHEAD).at_least(np.array([target]))[0])
    nodes = law.marginal(1).quantiles((np.arange(2000) + 0.5) / 2000)[:, 0]
    extended = np.column_stack([np.repeat(levels, 2000, axis=0), levels[0, -1] + nodes])
    tomorrow = cell_posterior(extended, family_prior).marginal(AHEAD - 1).at_least(target - nodes)
    assert abs(tomorrow.mean() - today) <= 2 / 2000 + 2e-4


@pytest.mark.parametrize("step", [1, AHEAD])
def test_what_is_announced_happens_that_often(family_prior, family_histories, step):
    """The rank of the truth is uniform (Talts et al. 2018): twenty bins of 8,000 series within 4.5 errors."""
    count = 8_000
    levels = family_histories(count, FIGURES + AHEAD, 7)
    law = cell_posterior(levels[:, :FIGURES], family_prior).marginal(step)
    rank = law.at_most(levels[:, FIGURES - 1 + step] - levels[:, FIGURES - 1])
    share = np.histogram(rank, 20, (0, 1))[0] / count
    assert np.abs(share - 0.05).max() <= 4.5 * np.sqrt(0.05 * 0.95 / count)
    announced = law.at_least(np.full(count, 0.1))
    happened = levels[:, FIGURES - 1 + step] - levels[:, FIGURES - 1] >= 0.1
    for low in np.arange(0.0, 1.0, 0.2):
        inside = (announced >= low) & (announced < low + 0.2)
        error = np.sqrt((announced * (1 - announced))[inside].sum()) / inside.sum()
        assert abs(happened[inside].mean() - announced[inside].mean()) <= 4.5 * error
