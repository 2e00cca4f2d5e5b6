"""Numbers of the lines of a scoreboard, and of all targets together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis import Hits, attainment
from sxsim.analysis.paths import hits_on_paths
from sxsim.analysis.question import Question, ask
from sxsim.plan import Scenario, Target
from sxsim.processes import GrowthModel
from sxsim.simulation import Method, simulate
from sxsim.streams import Seed
from sxsim.studies.outcome import Outcome, Verdict

Array = NDArray[np.float64]

_RANGE = (0.05, 0.95)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Board:
    """Targets, who leads them, and their odds.

    Attributes
    ----------
    targets
        Each once.
    leads
        Which of them every line has, the last one all, ``(entry, target)``.
    p, error
        Probabilities and their numerical errors, ``(scenario, target)``.
    """

    targets: tuple[Target, ...]
    leads: NDArray[np.bool_]
    p: Array
    error: Array

    @property
    def assessed(self) -> NDArray[np.bool_]:
        """Which targets each line is in charge of that can be assessed, ``(entry, target)``."""
        return self.leads & np.isfinite(self.p).all(axis=0)

    def counts(self, known: Sequence[Outcome]) -> dict[str, NDArray[Any]]:
        """How many targets, and what became of them, ``(entry,)``."""
        verdicts = np.array([outcome.verdict.value for outcome in known])
        return {
            "targets": self.leads.sum(axis=1),
            "assessed": self.assessed.sum(axis=1),
            "hits": (self.leads & (verdicts == Verdict.HIT.value)).sum(axis=1),
            "misses": (self.leads & (verdicts == Verdict.MISSED.value)).sum(axis=1),
        }

    def expected(self) -> dict[str, NDArray[Any]]:
        """What the probabilities say one by one, ``(scenario, entry)``."""
        assessed, count = self.assessed, self.assessed.sum(axis=1)
        p, error = np.nan_to_num(self.p), np.nan_to_num(self.error)
        one, some = count == 1, count > 0
        total = p @ assessed.T
        least = np.where(assessed, p[:, None, :], 1.0).min(axis=2)
        return {
            "expected_hits": np.where(some, total, np.nan),
            "expected_hits_spread": np.where(some, np.sqrt(p * (1.0 - p)) @ assessed.T, np.nan),
            "all_hit": np.where(one, total, np.nan),
            "all_hit_standard_error": np.where(one, error @ assessed.T, np.nan),
            "all_hit_lower": np.where(some, np.maximum(total - count + 1, 0.0), np.nan),
            "all_hit_upper": np.where(some, least, np.nan),
        }

    def together(
        self, model: GrowthModel, scenarios: Sequence[Scenario], method: Method | None, draws: int, seed: Seed
    ) -> dict[str, NDArray[Any]]:
        """What a model says of all of a line's targets together, ``(scenario, entry)``."""
        shape = (len(scenarios), len(self.leads))
        all_hit, error = np.full(shape, np.nan), np.full(shape, np.nan)
        known: dict[bytes, xr.Dataset] = {}
        for e, mine in enumerate(self.assessed):
            if not mine.any():
                continue
            if (key := mine.tobytes()) not in known:
                asked = [target for target, one in zip(self.targets, mine, strict=True) if one]
                known[key] = attainment(model, asked, scenarios=scenarios, method=method, rng=seed.entropy)
            all_hit[:, e], error[:, e] = known[key]["joint"], known[key]["joint_standard_error"]
        low, high = self._range(model, scenarios, draws, seed)
        return {
            "all_hit": all_hit,
            "all_hit_standard_error": error,
            "hits_low": low,
            "hits_high": high,
        }

    def _range(
        self, model: GrowthModel, scenarios: Sequence[Scenario], draws: int, seed: Seed
    ) -> tuple[Array, Array]:
        """Quantiles of the number of hits ``(scenario, entry)``; NaN where a target cannot be counted."""
        assessed = self.assessed
        asked = [target for target, one in zip(self.targets, assessed[-1], strict=True) if one]
        if not any(isinstance(one := ask(target, model), Question) and one.rows for target in asked):
            nothing = np.full((len(scenarios), len(assessed)), np.nan)
            return nothing, nothing
        needs = Hits(asked)
        paths = simulate(
            model,
            scenarios,
            until=needs.until(model),
            draws=draws,
            rng=seed.entropy,
            indicators=needs.names(model),
        )
        _, hits, _ = hits_on_paths(paths, asked)
        shape = (len(scenarios), draws)
        table = np.stack(
            [
                hits[target.id].transpose(labels.SCENARIO, labels.DRAW).to_numpy()
                if target.id in hits
                else np.full(shape, np.nan)
                for target in asked
            ]
        )
        counts = [table[mine].sum(axis=0) for mine in assessed[:, assessed[-1]]]
        low, high = np.quantile(counts, _RANGE, axis=2, method="inverted_cdf").transpose(0, 2, 1)
        some = assessed.any(axis=1)
        return np.where(some, low, np.nan), np.where(some, high, np.nan)
