"""Conjunctions that paths are held against, and how questions are made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.event import Leaf, held_by
from sxsim.analysis.question import Question
from sxsim.simulation import Bars

Masks = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class Clauses:
    """Conjunctions: a question itself where all its rows have to be cleared, else each row alone.

    Attributes
    ----------
    questions
        What is asked.
    listed
        The conjunctions.
    places
        For each question the places of its rows among them, or the one place of the question itself.
    """

    questions: Sequence[Question]
    listed: tuple[Question, ...]
    places: tuple[int | Mapping[Leaf, int], ...]

    @staticmethod
    def of(questions: Sequence[Question]) -> Clauses:
        """Take the questions apart."""
        listed, places = list[Question](), list[int | Mapping[Leaf, int]]()
        for question in questions:
            if question.event is None:
                places.append(len(listed))
                listed.append(question)
                continue
            places.append({row: len(listed) + r for r, row in enumerate(question.rows)})
            listed.extend(_alone(question, row) for row in question.rows)
        return Clauses(questions=questions, listed=tuple(listed), places=tuple(places))

    @property
    def combined(self) -> bool:
        """Whether any question is more than a conjunction."""
        return any(question.event for question in self.questions)

    def hits(self, masks: Masks, bars: Bars, place: int) -> Masks:
        """Whether each draw hits, ``(question and all together, draw)``, given where the clauses hold.

        Parameters
        ----------
        masks
            ``(clause, draw)``.
        bars, place
            Of the member of the batch.
        """
        if not self.combined:
            return bars.with_joint(masks)
        found = np.stack([self._held(q, masks, place) for q in range(len(self.questions))])
        return bars.with_joint(found)

    def _held(self, number: int, masks: Masks, place: int) -> Masks:
        at, event = self.places[number], self.questions[number].event
        if isinstance(at, int):
            return np.asarray(masks[at])
        assert event is not None
        return np.broadcast_to(held_by(event, lambda leaf: masks[at[leaf]], place), masks.shape[1:])


def _alone(question: Question, row: Leaf) -> Question:
    return replace(question, rows=(row,), kept=np.ones_like(question.kept), event=None)
