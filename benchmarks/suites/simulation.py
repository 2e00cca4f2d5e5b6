"""Drawing futures: by model, by what is kept, by threads."""

from __future__ import annotations

import sxsim as sx

from . import models

DRAWS = 2**17
MODELS = {"walk": models.walk, "mixture": models.model}
KEEPS = {
    "paths": sx.Paths,
    "one year": lambda: sx.Paths(years=(models.LAST_YEAR + models.YEARS,)),
    "hits": lambda: sx.Hits(models.targets()),
    "moments": sx.Moments,
    "quantiles": sx.Quantiles,
}


class Simulate:
    """One scenario."""

    params = (tuple(MODELS), tuple(KEEPS))
    param_names = ("model", "keep")

    def setup(self, model: str, keep: str) -> None:
        """Build the model, and simulate once to have everything compiled."""
        self.model, self.keep = MODELS[model](), KEEPS[keep]()
        self.simulate(2**11)

    def simulate(self, draws: int, threads: int = 1) -> None:
        """Simulate."""
        sx.simulate(self.model, horizon=models.YEARS, draws=draws, rng=0, keep=self.keep, threads=threads)

    def time_one_thread(self, model: str, keep: str) -> None:
        """One thread."""
        self.simulate(DRAWS)

    def time_two_threads(self, model: str, keep: str) -> None:
        """Two threads."""
        self.simulate(DRAWS, threads=2)

    def peakmem_simulate(self, model: str, keep: str) -> None:
        """Peak memory."""
        self.simulate(DRAWS)
