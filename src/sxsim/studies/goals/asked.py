"""What is asked of a model: targets, probabilities, a scenario, and by which method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from sxsim.analysis.attainment import as_targets, batch_of
from sxsim.analysis.question import Question, ask, check_sizes, joined, merged
from sxsim.analysis.routes import Desk
from sxsim.errors import RequestError
from sxsim.plan import Plan, Scenario, Target
from sxsim.processes import GrowthModel
from sxsim.scenarios import Policy, compile_scenarios
from sxsim.simulation import Method, MonteCarlo, check_method
from sxsim.streams import Seed, type_of_rng
from sxsim.studies.goals.growth import ANY, Search
from sxsim.studies.goals.solve import Bounds

Wanted = Plan | Target | Sequence[Target]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Asked:
    """A model and what is asked of it.

    Attributes
    ----------
    model, targets, questions
        Targets as they are given, and each as a question or the reason why it is none.
    policy, horizon
        The scenario compiled up to the last year asked for, and how many years that are.
    desk, paths
        How probabilities are answered, and how paths are drawn.
    """

    model: GrowthModel
    targets: tuple[Target, ...]
    questions: tuple[Question | str, ...]
    policy: Policy
    horizon: int
    desk: Desk
    paths: MonteCarlo

    @property
    def known(self) -> list[Question]:
        """Targets that can be decided."""
        return [one for one in self.questions if isinstance(one, Question)]

    @property
    def batch(self) -> dict[str, xr.DataArray]:
        """Return the batch they lie on."""
        return batch_of(self.known, self.model)

    @property
    def size(self) -> int:
        """Members of the batch."""
        return next((one.kept.size for one in self.known), 1)

    def search(self, shares: Sequence[float], bounds: Bounds = ANY) -> Search:
        """Return what a search for a number has in common for all targets."""
        return Search(
            model=self.model,
            policy=self.policy,
            horizon=self.horizon,
            desk=self.desk,
            method=self.paths,
            shares=shares,
            bounds=bounds,
        )

    def whole(self) -> list[Question]:
        """Return what is asked for all together: all but proxies."""
        return joined(self.known)

    def together(self) -> Question | str:
        """Return the question whether all are hit."""
        whole = self.whole()
        if not whole:
            return "no target can be assessed"
        found = merged(whole, self.model)
        return replace(found, target=replace(found.target, id="together"))


def asked_of(
    model: GrowthModel,
    wanted: Wanted,
    scenario: Scenario,
    method: Method | None,
    rng: type_of_rng,
    *,
    until: int | None = None,
) -> Asked:
    """Read a request; refuse what no inverse question can be put to.

    Raises
    ------
    RequestError
        No target, targets of different batches, more than one scenario, or a method that draws until a
        probability is known or in mirrored pairs.
    """
    if not isinstance(scenario, Scenario):
        raise RequestError(f"scenario={scenario!r} is no scenario.", "Give one sx.Scenario.")
    check_method(method)
    if isinstance(method, MonteCarlo) and (method.until_error is not None or method.antithetic):
        raise RequestError(
            f"method={method!r}: what every path needs is ordered, one path at a time.",
            "Give sx.MonteCarlo(draws=100_000).",
        )
    targets = as_targets(wanted.targets if isinstance(wanted, Plan) else wanted)
    questions = tuple(ask(target, model) for target in targets)
    known = [one for one in questions if isinstance(one, Question)]
    check_sizes(known, model)
    last = max([row.year for one in known for row in one.rows], default=0)
    horizon = max(last, until or 0, model.last_year + 1) - model.last_year
    return Asked(
        model=model,
        targets=targets,
        questions=questions,
        policy=compile_scenarios([scenario], model, horizon)[0],
        horizon=horizon,
        desk=Desk(method=method, seed=Seed.of(rng), split=False),
        paths=method if isinstance(method, MonteCarlo) else MonteCarlo(),
    )


def as_shares(probability: float | Sequence[float]) -> tuple[float, ...]:
    """Return one or many probabilities in ascending order; refuse what is not between 0 and 1."""
    table = np.atleast_1d(np.asarray(probability, dtype=object)).ravel().tolist()
    if not table or not all(isinstance(one, int | float) and 0 < one < 1 for one in table):
        raise RequestError(
            f"probability={probability!r}.", "Give one between 0 and 1, such as 0.8, or a list of them."
        )
    return tuple(sorted({float(one) for one in table}))
