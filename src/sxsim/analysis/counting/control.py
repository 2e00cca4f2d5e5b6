"""Events whose probability is known, on the same draws as what is counted: control variates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.counting.twin_model import asked_scores, twin_model, walks
from sxsim.analysis.event import Row
from sxsim.analysis.exact import exact_answer
from sxsim.analysis.integrals.quasi import obstacle, quasi_answer
from sxsim.analysis.question import Question, closed, offset_of
from sxsim.processes import GrowthModel, PathLaw
from sxsim.simulation import Setting, Sobol
from sxsim.streams import Seed

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_POINTS = (1 << 10, 1 << 12, 1 << 14, 1 << 16)


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """Events with known probabilities beside one question.

    Attributes
    ----------
    alone
        Places of single events: first those of all rows in the world, then those of all rows in the twin.
    together
        Places of the rows that are asked all at once in the twin; empty where that is nothing new.
    means, errors
        Probabilities and their numerical errors, ``(member, scenario, event)``, ``together`` last.
    """

    alone: Whole
    together: Whole
    means: Array
    errors: Array


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Control:
    """A Gaussian twin of the model beside it.

    Attributes
    ----------
    rows
        All rows that are looked at, each a question of its own.
    scores
        Normal scores that walked rows ask for, NaN elsewhere, ``(scenario, row, member)``.
    twins
        The twin of each member; None where a figure is missing.
    known
        For every question and all together; None where nothing is walked.
    """

    rows: tuple[Question, ...]
    scores: Array
    twins: tuple[GrowthModel | None, ...]
    known: tuple[Known | None, ...]


def control_of(
    questions: Sequence[Question], joined: Sequence[int], setting: Setting, seed: Seed, error: float
) -> Control | None:
    """Prepare control variates for the questions that need a law that is walked; None without any.

    Parameters
    ----------
    error
        How well probabilities of the twin have to be known.
    """
    derived = setting.model.derived
    fitted = [_linear(question, set(derived)) for question in questions]
    asked = [tuple(rows) for rows in fitted]
    asked.append(tuple(dict.fromkeys(row for q in joined for row in fitted[q])))
    asked = [rows if any(walks(row, setting.model) for row in rows) else () for rows in asked]
    if not any(asked):
        return None
    distinct, size = tuple(dict.fromkeys(row for rows in asked for row in rows)), questions[0].kept.size
    draft = _Draft(
        setting=setting,
        rows=distinct,
        scores=asked_scores(setting, distinct),
        twins=tuple(twin_model(setting, member) for member in range(size)),
        seed=seed,
        error=error,
    )
    return Control(
        rows=tuple(replace(questions[0], rows=(row,), kept=np.ones(size, bool)) for row in distinct),
        scores=draft.scores,
        twins=draft.twins,
        known=tuple(draft.known(rows) for rows in asked),
    )


def _linear(question: Question, derived: set[str]) -> list[Row]:
    """Return the rows that all have to be cleared, and that some event of fitted indicators is near to."""
    if question.event:
        return []
    return [row for row in question.rows if isinstance(row, Row) and not derived.intersection(row.names)]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Draft:
    """What all events have in common; the attributes of ``Control``, and how exact integrals are to be."""

    setting: Setting
    rows: tuple[Row, ...]
    scores: Array
    twins: tuple[GrowthModel | None, ...]
    seed: Seed
    error: float

    def known(self, rows: Sequence[Row]) -> Known | None:
        """Return the events with known probabilities beside the conjunction of some rows."""
        usable = [r for r, row in enumerate(self.rows) if row in rows and self._answers(row)]
        if not any(walks(self.rows[r], self.setting.model) for r in usable):
            return None
        own = [r for r in usable if len(rows) > 1 and closed(self.rows[r], self.setting.model)]
        twin = [r for r in usable if walks(self.rows[r], self.setting.model)]
        together = usable if len(usable) > 1 else []
        means = [self._own(r) for r in own] + [self._alone(r) for r in twin]
        errors = [np.zeros_like(mean) for mean in means]
        for mean, error in self._together(together):
            means.append(mean)
            errors.append(error)
        m = len(self.rows)
        return Known(
            alone=np.array([*own, *(m + r for r in twin)], np.int64),
            together=np.array([m + r for r in together], np.int64),
            means=np.stack(means, axis=-1),
            errors=np.stack(errors, axis=-1),
        )

    def _answers(self, row: Row) -> bool:
        """Whether the twin model can be asked."""
        moving = row.benchmark is not None
        if moving and any(isinstance(self.setting.model[name].law, PathLaw) for name in row.names):
            return False
        return all(twin is None or not obstacle([row], twin) for twin in self.twins)

    def _own(self, r: int) -> Array:
        """Probability of one row in the model itself, ``(member, scenario)``."""
        row, model = self.rows[r], self.setting.model
        answers = [
            exact_answer(row, model[row.indicator], offset_of(offsets, row, model), model.last_year)
            for offsets in self.setting.offsets
        ]
        return np.stack([np.broadcast_to(a.probability, (len(self.twins),)) for a in answers], axis=-1)

    def _alone(self, r: int) -> Array:
        """Probability of one walked row in the twin, ``(member, scenario)``."""
        row, scores = self.rows[r], self.scores
        out = np.full((len(self.twins), len(scores)), np.nan)
        for member, twin in enumerate(self.twins):
            if twin is None:
                continue
            grown = twin[row.indicator]
            law = grown.marginal(row.year - grown.last_years())
            for s, of_scenario in enumerate(scores):
                value = of_scenario[r, member][None]
                out[member, s] = (law.at_least(value) if row.sign > 0 else law.at_most(value))[0]
        return out

    def _together(self, places: Sequence[int]) -> Iterator[tuple[Array, Array]]:
        """Probability and error of several rows at once in the twin, ``(member, scenario)``."""
        if not places:
            return
        p, error = (np.full((len(self.twins), len(self.scores)), np.nan) for _ in range(2))
        for member, twin in enumerate(self.twins):
            for s in range(len(self.scores) if twin else 0):
                p[member, s], error[member, s] = self._integral(places, member, s)
        yield p, error

    def _integral(self, places: Sequence[int], member: int, scenario: int) -> tuple[float, float]:
        twin, model = self.twins[member], self.setting.model
        assert twin is not None
        rows = [self._in_twin(self.rows[r], self.scores[scenario, r, member], member) for r in places]
        offsets = {
            name: np.broadcast_to(offset, (len(self.twins), offset.shape[1]))[[member]]
            for name, offset in self.setting.offsets[scenario].items()
            if name in model and not isinstance(model[name].law, PathLaw)
        }
        for points in _POINTS:
            found = quasi_answer(
                rows, twin, offsets, method=Sobol(points=points), seed=self.seed, split=False
            )
            if found.standard_error[0] <= self.error:
                break
        return float(found.probability[0]), float(found.standard_error[0])

    @staticmethod
    def _in_twin(row: Row, score: float, member: int) -> Row:
        """Return what a row asks of one member's twin."""
        if not row.fixed:
            return row
        return replace(row, level=float(score) if np.isfinite(score) else row.level_of(member))
