"""The work by statsmodels and QuantLib, through the doors that their manuals show."""

from __future__ import annotations

import numpy as np

from side_by_side.contender import Run
from side_by_side.work import NAMES, YEARS, Counts, Walks, correlation


def statsmodels_walks(work: Walks) -> Run:
    """Simulate the log levels as a vector autoregression of order one whose coefficient is one."""
    from statsmodels.tsa.vector_ar.var_model import VARProcess

    covariance = work.mix @ work.mix.T
    process = VARProcess(np.eye(len(NAMES))[None], None, covariance)
    drift = np.tile(work.drift, (YEARS + 1, 1))

    def run(draws: int) -> Counts:
        levels = process.simulate_var(
            steps=YEARS + 1,
            offset=drift,
            rng=np.random.default_rng(1),
            initial_values=np.log(work.last)[None],
            nsimulations=draws,
        )
        hit = levels[:, 1:] >= np.log(work.level).T
        return Counts(hits=hit.sum(axis=0).T, joint=int(hit[:, -1].all(axis=1).sum()), draws=draws)

    return run


def quantlib_walks(work: Walks, *, read: bool) -> Run:
    """Take correlated paths one by one from a multi-path generator; a walk is reversion with speed zero.

    Reading the figures of a path into Python takes longer than drawing it; unread they cannot be counted.
    """
    import QuantLib as ql  # noqa: N813 (its manual's own name for it)

    walks = [ql.OrnsteinUhlenbeckProcess(0.0, float(sigma), 0.0) for sigma in work.sigma]
    process = ql.StochasticProcessArray(walks, correlation().tolist())
    bar = work.driftless_bar
    times = [float(year) for year in range(1, YEARS + 1)]
    uniforms = ql.UniformRandomSequenceGenerator(len(NAMES) * YEARS, ql.UniformRandomGenerator(1))
    paths = ql.GaussianMultiPathGenerator(process, times, ql.GaussianRandomSequenceGenerator(uniforms))

    def drawn(draws: int) -> None:
        for _ in range(draws):
            paths.next()

    def counted(draws: int) -> Counts:
        sampled = np.array([[list(path) for path in paths.next().value()] for _ in range(draws)])
        hit = sampled[:, :, 1:] >= bar
        return Counts(hits=hit.sum(axis=0), joint=int(hit[:, :, -1].all(axis=1).sum()), draws=draws)

    return counted if read else drawn
