"""What integration is worth against the fastest simulation of the same model, in the same process."""

from __future__ import annotations

import sxsim as sx
from side_by_side.rounds import timed

DRAWS, REPEAT = 2**20, 5


def one_cell() -> float:
    """Variance times time of simulation over that of integration: one cell, drift and variance unknown."""
    import efficiency

    return efficiency.rqmc_efficiency(seconds_per_draw(efficiency.single_cell()))


def mixture() -> float:
    """Return the same for the default mixture."""
    import efficiency

    return efficiency.rqmc_mixture(seconds_per_draw(efficiency.mixture(known=True)))


def seconds_per_draw(model: sx.GrowthModel) -> float:
    """Seconds of a draw when nothing is kept but four targets of one year: the fastest of several runs."""
    keep = sx.Hits(
        [
            sx.Target(
                id=name,
                label=name,
                condition=sx.Condition(
                    indicator=name,
                    relation=sx.Relation.AT_LEAST,
                    level=sx.Number(value=150.0),
                    years=(model.last_year + 8,),
                ),
            )
            for name in model.names
        ]
    )

    def run(draws: int) -> None:
        sx.simulate(model, horizon=8, draws=draws, rng=0, keep=keep)

    return min(timed(run, DRAWS) for _ in range(REPEAT)) / DRAWS
