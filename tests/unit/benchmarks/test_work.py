from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from side_by_side.work import CORRELATION, YEARS, Counts, Truth, correlation, walks


def test_the_joint_is_that_of_a_multivariate_normal():
    work = walks()
    truth = work.truth()
    score = work.driftless_bar[:, -1] / (work.sigma * np.sqrt(YEARS))
    law = stats.multivariate_normal(cov=correlation(), abseps=1e-8, maxpts=10**6, seed=0)
    assert truth.joint == pytest.approx(float(law.cdf(-score)), abs=1e-6)
    assert truth.hits == pytest.approx(np.tile(stats.norm.sf([[0.0], [0.2], [0.5], [1.0]]), YEARS))


def test_the_mix_has_the_covariance_of_the_work():
    work = walks()
    covariance = work.mix @ work.mix.T
    assert np.sqrt(np.diag(covariance)) == pytest.approx(work.sigma)
    assert covariance[0, 1] / (work.sigma[0] * work.sigma[1]) == pytest.approx(CORRELATION)


def test_counts_far_from_the_truth_are_refused():
    """Of 10,000 paths with probability one half, 250 more or less are five errors."""
    truth = Truth(hits=np.full((4, YEARS), 0.5), joint=0.5)
    hits = np.full((4, YEARS), 5_000)
    near = Counts(hits=hits + 249, joint=4_751, draws=10_000)
    truth.check("somebody", near)
    with pytest.raises(AssertionError, match=r"somebody finds 0\.44000 where 0\.50000 is right, 12\.0 Monte"):
        truth.check("somebody", replace(near, joint=4_400))
    hits[2, 3] = 5_300
    with pytest.raises(AssertionError, match=r"0\.53000 .* 6\.0 Monte Carlo errors away \(place 19 of 33\)"):
        truth.check("somebody", Counts(hits=hits, joint=5_000, draws=10_000))


def test_counts_of_nothing_are_refused():
    truth = walks().truth()
    with pytest.raises(AssertionError, match=r"somebody finds 0\.00000"):
        truth.check("somebody", Counts(hits=np.zeros((4, YEARS), int), joint=0, draws=4_096))
