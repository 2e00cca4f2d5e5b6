"""Probabilities of many events that are made of the same rows, under every policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.counting.monte_carlo import counted_answers
from sxsim.analysis.counting.share import share_error
from sxsim.analysis.exact import Answer
from sxsim.analysis.question import Question, closed
from sxsim.analysis.routes import Desk
from sxsim.errors import RequestError
from sxsim.processes import GrowthModel
from sxsim.scenarios import Policy
from sxsim.simulation import Exact, MonteCarlo

Array = NDArray[np.float64]

ERROR = 1e-4  # of integrals that would otherwise be counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Chances:
    """Probabilities and errors ``(scenario, event, member)``, and the draws that were counted; 0 if none."""

    probability: Array
    error: Array
    draws: Array

    def pick(self, places: slice | Sequence[int]) -> Chances:
        """Return those of some events."""
        return Chances(
            probability=self.probability[:, places], error=self.error[:, places], draws=self.draws[:, places]
        )

    def less(self, other: Chances) -> Chances:
        """Return the probabilities that these come true and others, which imply them, do not."""
        rest = np.maximum(self.probability - other.probability, 0.0)
        counted = np.minimum(self.draws, other.draws)
        return Chances(probability=rest, error=_error(rest, self.error + other.error, counted), draws=counted)

    def given(self, whole: Chances) -> Chances:
        """Return the probabilities within others that these imply; NaN where those are not known to occur."""
        share = np.divide(
            self.probability,
            whole.probability,
            out=np.full(np.broadcast_shapes(self.probability.shape, whole.probability.shape), np.nan),
            where=whole.probability > whole.error,
        )
        share = np.minimum(share, 1.0)
        counted = np.minimum(self.draws, whole.draws) * whole.probability
        both = (self.error + share * whole.error) / np.where(share >= 0, whole.probability, np.nan)
        return Chances(probability=share, error=_error(share, both, counted), draws=counted)


def _error(share: Array, added: Array, draws: Array) -> Array:
    """Error of a share of so many draws; where none were drawn, of errors that may all go the same way."""
    with np.errstate(divide="ignore", invalid="ignore"):
        counted = share_error(share * draws, draws)
    return np.asarray(np.where(draws > 0, counted, added))


def chances(
    questions: Sequence[Question],
    model: GrowthModel,
    policies: Sequence[Policy],
    desk: Desk,
    *,
    integrated: int = 0,
) -> Chances:
    """Answer questions that are made of the same rows.

    By closed forms where one row of one indicator decides, the first ``integrated`` ones by integrals to
    ``ERROR`` too, and counted in one world for the rest; where exact or quasi-random answers are forced, by
    these as far as there are any.
    """
    quick = replace(desk, method=Exact(error=ERROR), known={})
    direct: list[list[Answer | None]] = [
        [_direct(one, policy, desk, quick if q < integrated else None) for q, one in enumerate(questions)]
        for policy in policies
    ]
    left = [q for q in range(len(questions)) if any(line[q] is None for line in direct)]
    if left:
        asked = [questions[q] for q in left]
        method = desk.method if isinstance(desk.method, MonteCarlo) else MonteCarlo(control=False)
        counted = counted_answers(
            asked, asked[:1], model, policies, method=method, seed=desk.seed, split=False
        )
        for line, (answers, _) in zip(direct, counted, strict=True):
            for q, answer in zip(left, answers, strict=True):
                line[q] = line[q] or answer
    size = questions[0].kept.size

    def table(field: str) -> Array:
        rows = [[np.broadcast_to(getattr(one, field), (size,)) for one in line] for line in direct]
        return np.array(rows, float).reshape(len(policies), len(questions), size)

    return Chances(probability=table("probability"), error=table("standard_error"), draws=table("draws"))


def _direct(question: Question, policy: Policy, desk: Desk, quick: Desk | None) -> Answer | None:
    """Answer without counting what takes no time, and all else where that is asked for."""
    if isinstance(desk.method, MonteCarlo):
        return None if question.rows and question.kept.any() else desk.chance(question, policy)
    single = len(question.rows) <= 1 and all(closed(row, policy.model) for row in question.rows)
    if desk.method is not None or single or not question.kept.any():
        return desk.chance(question, policy)
    if known := desk.remembered(question, policy):
        return known
    try:
        return quick.chance(question, policy) if quick else None
    except RequestError:  # the error is not reached
        return None
