from __future__ import annotations

import numpy as np
import pytest
from scipy import special
from scipy.stats import nbinom

from sxsim.processes.count_quantile import middle_score, quantile

SCORES = np.concatenate([np.random.default_rng(1).standard_normal(2000), np.linspace(-7.0, 8.3, 52)])


@pytest.mark.parametrize(
    ("size", "mean"), [(9.6, 9.0), (9.6, 80.0), (1.0, 200.0), (0.2, 300.0), (0.2, 2.0), (900.0, 4000.0)]
)
def test_counts_are_those_of_scipy(size, mean):
    chance = size / (size + mean)
    tail, upper = special.ndtr(-np.abs(SCORES)), SCORES > 0
    expected = np.where(upper, nbinom.isf(tail, size, chance), nbinom.ppf(tail, size, chance))
    assert np.array_equal(quantile(SCORES, np.array(size), np.array(chance)), expected)


def test_every_draw_has_its_own_law():
    size, mean = np.array([0.5, 9.0, 900.0, 2.0]), np.array([1.0, 80.0, 4000.0, 0.1])
    chance, score = size / (size + mean), np.array([1.0, -1.0, 2.0, 0.0])
    alone = [quantile(score[i : i + 1], size[i], chance[i])[0] for i in range(4)]
    assert quantile(score, size, chance).tolist() == alone


def test_a_count_and_back():
    counts = np.array([0.0, 3.0, 40.0, 900.0])
    size, chance = np.array(5.0), np.array(0.05)
    assert np.array_equal(quantile(middle_score(counts, size, chance), size, chance), counts)
