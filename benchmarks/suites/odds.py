"""Probabilities by every route."""

from __future__ import annotations

import sxsim as sx

from . import models

LAST = models.LAST_YEAR + models.YEARS
METHODS = {
    "best": None,
    "exact": sx.Exact(),
    "quasi-random": sx.Sobol(points=2**10, replicates=16),
    "monte carlo": sx.MonteCarlo(draws=2**17),
}


class Attainment:
    """One target, or four and their joint probability."""

    params = (tuple(METHODS), (1, 4))
    param_names = ("method", "targets")

    def setup(self, method: str, count: int) -> None:
        """Fit, and ask once to have everything compiled."""
        self.model, self.targets = models.model(), models.targets()[:count]
        self.ask(METHODS[method])

    def ask(self, method: sx.Exact | sx.Sobol | sx.MonteCarlo | None) -> None:
        """Ask."""
        sx.attainment(self.model, self.targets, method=method, rng=0)

    def time_attainment(self, method: str, count: int) -> None:
        """Time it."""
        self.ask(METHODS[method])


class EveryYear(Attainment):
    """A level to be kept in every one of eight years; there is no closed form."""

    params = (("best", "quasi-random", "monte carlo"), (1, 4))

    def setup(self, method: str, count: int) -> None:
        """Fit, and ask once to have everything compiled."""
        years = tuple(range(models.LAST_YEAR + 1, LAST + 1))
        self.model, self.targets = models.model(), models.targets(90.0, years)[:count]
        self.ask(METHODS[method])
