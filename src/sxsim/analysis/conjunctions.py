"""Conjunctions of rows by closed forms and integrals, each answered once, and sums of them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.event import Leaf, Row
from sxsim.analysis.exact import Answer, added, exact_answer
from sxsim.analysis.expansion import Sums, expanded
from sxsim.analysis.integrals.quasi import certain, obstacle, quasi_answer
from sxsim.analysis.integrals.refine import error_asked, not_reached, with_error
from sxsim.analysis.question import Question, closed, offset_of
from sxsim.errors import RequestError
from sxsim.scenarios import Policy
from sxsim.simulation import Exact, Sobol
from sxsim.streams import Seed

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Conjunctions:
    """What answers conjunctions without counting.

    Attributes
    ----------
    method, seed
        How integrals are taken, and at which points.
    closed
        Whether closed forms may be used.
    known
        What was answered before.
    """

    method: Sobol | Exact
    closed: bool
    seed: Seed
    known: dict[Hashable, Answer | None]

    def summed(self, question: Question, policy: Policy) -> Answer | None:
        """Add up the probabilities of the conjunctions a question is made of; None if one has no answer."""
        conjunctions = expanded(question.whole, question.kept.size)
        if conjunctions is None:
            return None
        if not conjunctions:
            return replace(settled(np.zeros_like(question.kept)), route="exact")
        if len(conjunctions) > 1 and certain(question.indicators, policy.model):
            return None
        found = self._sum(conjunctions, policy, self.method)
        until = error_asked(self.method)
        if found is None or until is None or not (found.standard_error > until).any():
            return found
        share = float(np.abs(list(conjunctions.values())).sum(axis=0).max())
        try:
            return self._sum(conjunctions, policy, with_error(self.method, until / share))
        except RequestError:
            after = f"where {len(conjunctions)} conjunctions are added up"
            raise not_reached(self.method, found.standard_error, after) from None

    def closed_form(self, rows: Sequence[Leaf], policy: Policy) -> Answer | None:
        """Return the closed form of one row; None where there is none, or it is not wanted."""
        model = policy.model
        if not self.closed or len(rows) != 1 or not closed(rows[0], model):
            return None
        [row] = rows
        assert isinstance(row, Row)
        return exact_answer(row, model[row.indicator], offset_of(policy.offsets, row, model), model.last_year)

    def _sum(self, conjunctions: Sums, policy: Policy, method: Sobol | Exact) -> Answer | None:
        """Add up conjunctions, each as well as the method says; None if one has no answer."""
        weighed = list[tuple[Array, Answer]]()
        for rows, weight in conjunctions.items():
            found = self._conjunction(tuple(sorted(rows, key=repr)), policy, weight.size, method)
            if found is None:
                return None
            weighed.append((weight, found))
        return added(weighed)

    def _conjunction(
        self, rows: tuple[Leaf, ...], policy: Policy, size: int, method: Sobol | Exact
    ) -> Answer | None:
        """Return the probability that all rows hold, each conjunction once; None where it has no answer."""
        if not rows:
            return settled(np.ones(size, bool))
        key = ("conjunction", method, asked_key(rows, np.ones(size, bool), policy))
        if key not in self.known:
            self.known[key] = self._integral(rows, policy, method)
        return self.known[key]

    def _integral(self, rows: tuple[Leaf, ...], policy: Policy, method: Sobol | Exact) -> Answer | None:
        if (found := self.closed_form(rows, policy)) is not None:
            return found
        if obstacle(rows, policy.model):
            return None
        return quasi_answer(rows, policy.model, policy.offsets, method=method, seed=self.seed, split=False)


def conjoined(question: Question) -> tuple[Leaf, ...]:
    """Return the rows that all have to be cleared; nothing where that is not how they decide."""
    terms = {} if question.event else expanded(question.whole, question.kept.size) or {}
    if len(terms) != 1:
        return ()
    [rows] = terms
    return tuple(row for row in question.rows if row in rows)


def asked_key(rows: tuple[Leaf, ...], kept: NDArray[np.bool_], policy: Policy) -> Hashable:
    """What an answer depends on beside the method: scenarios that differ in nothing else share it."""
    names = sorted({name for row in rows for name in row.names} & set(policy.offsets))
    moved = tuple((name, policy.offsets[name].tobytes()) for name in names)
    return rows, kept.tobytes(), id(policy.model), moved


def settled(kept: NDArray[np.bool_]) -> Answer:
    """Return the answer when nothing is left to chance."""
    none = np.zeros(kept.size)
    return Answer(
        probability=kept.astype(float),
        standard_error=none,
        route="observed",
        variance_parameter=none,
        variance_model=none,
    )
