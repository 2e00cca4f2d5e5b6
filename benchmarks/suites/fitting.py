"""From figures to a model, and to quantiles."""

from __future__ import annotations

import sxsim as sx

from . import models


class Fit:
    """Many series at once."""

    params = ((1, 100, 2000),)
    param_names = ("series",)

    def setup(self, count: int) -> None:
        """Make the series."""
        self.data = models.series(count)
        self.model = sx.fit(self.data)

    def time_fit(self, count: int) -> None:
        """Fit the default family."""
        sx.fit(self.data)

    def time_forecast(self, count: int) -> None:
        """Five quantiles over eight years, in closed form."""
        sx.forecast(self.model, horizon=models.YEARS, quantiles=(0.025, 0.1, 0.5, 0.9, 0.975))

    def peakmem_fit(self, count: int) -> None:
        """Memory of the fit."""
        sx.fit(self.data)


class Plan:
    """The bundled plan."""

    def setup(self) -> None:
        """Read it."""
        self.plan = sx.load_plan("shanxi-2014")

    def time_fit(self) -> None:
        """Fit its history."""
        sx.fit(self.plan.history, until=2012)

    def time_run(self) -> None:
        """Run the whole line."""
        sx.run(self.plan, rng=0)
