"""Events whose probability is known, on the same draws as what is counted: control variates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.analysis.exact import exact_answer
from sxsim.analysis.quasi import obstacle, quasi_answer
from sxsim.analysis.question import Question, Row
from sxsim.links import Linear
from sxsim.processes import GivenMixture, Grown, GrowthModel, PathLaw, gaussian_twin
from sxsim.simulation import Setting, Sobol
from sxsim.streams import Seed

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_SCORES = Linear(scale=1.0)
_FARTHEST = 8.0
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
    asked = [question.rows for question in questions]
    asked.append(tuple(dict.fromkeys(row for q in joined for row in questions[q].rows)))
    walked = {g.name for g in setting.model.indicators if isinstance(g.law, PathLaw)}
    asked = [rows if any(_walks(row, walked) for row in rows) else () for rows in asked]
    distinct = tuple(dict.fromkeys(row for rows in asked for row in rows))
    if not any(_walks(row, walked) for row in distinct):
        return None
    size = questions[0].kept.size
    twins = tuple(_twin(setting, member) for member in range(size))
    draft = _Draft(setting=setting, walked=walked, rows=distinct, twins=twins, seed=seed, error=error)
    single = [replace(questions[0], rows=(row,), kept=np.ones(size, bool)) for row in distinct]
    return Control(
        rows=tuple(single),
        scores=draft.scores(),
        twins=twins,
        known=tuple(draft.known(rows) for rows in asked),
    )


def _walks(row: Row, walked: set[str]) -> bool:
    return row.benchmark is None and row.indicator in walked


def _twin(setting: Setting, member: int) -> GrowthModel | None:
    """Return the Gaussian model of one member; walked indicators stand on normal scores."""
    model, horizon, grown = setting.model, len(setting.years), setting.model.indicators
    if not all(np.isfinite(one.last_level()[member]) for one in grown):
        return None
    indicators = []
    for one in grown:
        start, year = float(one.last_level()[member]), int(one.last_years()[member])
        ahead = model.last_year - year + horizon
        walks = isinstance(one.law, PathLaw)
        law = (
            gaussian_twin(one.law, start, ahead, member)
            if isinstance(one.law, PathLaw)
            else one.law.mixture(ahead, member)
        )
        value = 0.0 if walks else float(np.atleast_1d(np.asarray(one.last_value, float))[member])
        carrier = _SCORES if walks else one.carrier
        indicators.append(
            Grown(
                name=one.name,
                carrier=carrier,
                law=GivenMixture(law=law),
                last_value=value,
                last_year=year,
            )
        )
    return GrowthModel(indicators=tuple(indicators), last_year=model.last_year, dependence=model.dependence)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Draft:
    setting: Setting
    walked: set[str]
    rows: tuple[Row, ...]
    twins: tuple[GrowthModel | None, ...]
    seed: Seed
    error: float

    def scores(self) -> Array:
        """Normal scores that walked rows ask for under every scenario, ``(scenario, row, member)``."""
        out = np.full((len(self.setting.offsets), len(self.rows), len(self.twins)), np.nan)
        for r, row in enumerate(self.rows):
            if not _walks(row, self.walked):
                continue
            grown = self.setting.model[row.indicator]
            law = grown.marginal(row.year - grown.last_years())
            level = grown.carrier.forward(np.asarray(row.level, float)) - grown.last_level()
            for s, offsets in enumerate(self.setting.offsets):
                needed = level - self._offset(offsets, row)
                chance = law.at_least(needed) if row.sign > 0 else law.at_most(needed)
                out[s, r] = -row.sign * np.clip(special.ndtri(chance), -_FARTHEST, _FARTHEST)
        return out

    def known(self, rows: Sequence[Row]) -> Known | None:
        """Return the events with known probabilities beside the conjunction of some rows."""
        usable = [r for r, row in enumerate(self.rows) if row in rows and self._answers(row)]
        if not any(_walks(self.rows[r], self.walked) for r in usable):
            return None
        own = [r for r in usable if len(rows) > 1 and self._closed(self.rows[r])]
        twin = [r for r in usable if _walks(self.rows[r], self.walked)]
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
        if self.walked & set(row.names) and row.benchmark:
            return False
        return all(twin is None or not obstacle([row], twin) for twin in self.twins)

    def _closed(self, row: Row) -> bool:
        law = self.setting.model[row.indicator].law
        return row.benchmark is None and (not isinstance(law, PathLaw) or law.closed_form)

    def _offset(self, offsets: Mapping[str, Array], row: Row) -> Array | float:
        step = row.year - self.setting.model.last_year - 1
        return offsets[row.indicator][:, step] if row.indicator in offsets else 0.0

    def _own(self, r: int) -> Array:
        """Probability of one row in the model itself, ``(member, scenario)``."""
        row, model = self.rows[r], self.setting.model
        answers = [
            exact_answer(row, model[row.indicator], self._offset(offsets, row), model.last_year)
            for offsets in self.setting.offsets
        ]
        return np.stack([np.broadcast_to(a.probability, (len(self.twins),)) for a in answers], axis=-1)

    def _alone(self, r: int) -> Array:
        """Probability of one walked row in the twin, ``(member, scenario)``."""
        row, scores = self.rows[r], self.scores()
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
        scores = self.scores()
        p, error = (np.full((len(self.twins), len(scores)), np.nan) for _ in range(2))
        for member, twin in enumerate(self.twins):
            if twin is None:
                continue
            for s, offsets in enumerate(self.setting.offsets):
                rows = [
                    replace(self.rows[r], level=float(scores[s, r, member]))
                    if _walks(self.rows[r], self.walked)
                    else self.rows[r]
                    for r in places
                ]
                moved = {
                    name: np.broadcast_to(offset, (len(self.twins), offset.shape[1]))[[member]]
                    for name, offset in offsets.items()
                    if name not in self.walked
                }
                for points in _POINTS:
                    answer = quasi_answer(
                        rows, twin, moved, method=Sobol(points=points), seed=self.seed, split=False
                    )
                    p[member, s], error[member, s] = answer.probability[0], answer.standard_error[0]
                    if error[member, s] <= self.error:
                        break
        yield p, error
