"""Only whether targets are hit: what a simulation keeps when nothing else is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.counting.share import share_error
from sxsim.analysis.counting.tally import Counted, Tally
from sxsim.analysis.question import (
    Question,
    ask,
    asked_names,
    check_sizes,
    joined,
    known_members,
    none_assessed,
)
from sxsim.errors import RequestError
from sxsim.plan import Target
from sxsim.processes import GrowthModel
from sxsim.simulation import Bars, Drawn, Setting, Strand, Team

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True, init=False)
class Hits:
    """Keep for each target how many paths hit it, and how many hit all together.

    The result has the counts ``hits (scenario, target, *batch)`` and ``joint (scenario, *batch)`` and their
    shares ``probability`` and ``joint_probability`` with standard errors; NaN, with a ``reason``, for a
    target that cannot be assessed. Proxies are left out of the joint. Memory does not grow with the draws.
    Targets are judged as they are given, also under scenarios that revise them; :func:`sxsim.attainment`
    answers the revised ones.

    Parameters
    ----------
    targets
        What is to be reached.

    Raises
    ------
    RequestError
        No target can be assessed, or they lie on different batch dimensions.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> kept = sx.simulate(model, until=2020, draws=1000, rng=7, keep=Hits(plan.targets))
    >>> bool(kept.hits.sel(scenario="trend", target="H1") < 200)
    True
    """

    targets: tuple[Target, ...]

    def __init__(self, targets: Target | Sequence[Target]) -> None:
        listed = (targets,) if isinstance(targets, Target) else tuple(targets)
        if not listed:
            raise RequestError("Hits(()) has no target.", "Give plan.targets or one sx.Target.")
        object.__setattr__(self, "targets", listed)

    def names(self, model: GrowthModel) -> tuple[str, ...]:
        """Return the indicators that the targets speak of."""
        return asked_names(self._questions(model))

    def until(self, model: GrowthModel) -> int:
        """Return the last year a target speaks of."""
        return max(row.year for question in self._questions(model) for row in question.rows)

    def recorder(self, setting: Setting) -> HitRecorder:
        """Prepare to count."""
        asked = [ask(target, setting.model) for target in self.targets]
        questions = _assessable(asked, setting.model)
        last = max(row.year for question in questions for row in question.rows)
        if last > setting.years[-1]:
            raise RequestError(
                f"The run ends in {setting.years[-1]}, a target asks for {last}.", "Choose a later until=."
            )
        places = [questions.index(question) for question in joined(questions)]
        tally = Tally(setting=setting, questions=questions, joined=places)
        return HitRecorder(tally=tally, targets=self.targets, asked=asked)

    def _questions(self, model: GrowthModel) -> list[Question]:
        return _assessable([ask(target, model) for target in self.targets], model)


@dataclass(frozen=True, kw_only=True, slots=True)
class HitRecorder:
    """A tally with labels."""

    tally: Tally
    targets: tuple[Target, ...]
    asked: Sequence[Question | str]
    exact = True

    def blank(self, draws: int) -> Whole:
        """Return no hit."""
        return self.tally.blank(draws)

    def part(self, team: Team, strand: Strand) -> Counted:
        """Return the bars of one member, and no hit."""
        return self.tally.part(team, strand)

    def add(self, part: Counted, drawn: Drawn, state: Whole) -> None:
        """Count some blocks."""
        self.tally.add(part, drawn, state)

    def counting(self, part: Counted, blocks: range) -> tuple[Bars, Whole] | None:
        """Hits are all that is wanted."""
        return self.tally.counting(part, blocks)

    def fold(self, state: Whole, part: Counted) -> None:
        """Add the hits of one member."""
        self.tally.fold(state, part)

    def join(self, state: Whole, later: Whole) -> None:
        """Add the hits of later draws."""
        state += later

    def result(self, state: Whole) -> xr.Dataset:
        """Counts and shares."""
        tally, model = self.tally, self.tally.setting.model
        batch = next(model.batch(name) for q in tally.questions for name in q.indicators)
        known = known_members(tally.questions, tally.joined, model).T
        counts = np.where(known, np.moveaxis(state[:, :, 0].astype(float), 0, -1), np.nan)
        places = {question.target.id: q for q, question in enumerate(tally.questions)}
        hits = np.full((len(counts), len(self.targets), counts.shape[-1]), np.nan)
        for t, target in enumerate(self.targets):
            if target.id in places:
                hits[:, t] = counts[:, places[target.id]]
        shape = [c.size for c in batch.values()]
        variables: dict[str, tuple[object, object]] = {
            "reason": (labels.TARGET, [r if isinstance(r, str) else "" for r in self.asked])
        }
        for name, share, dims, table in (
            ("hits", "", labels.ODDS_DIMS, hits),
            ("joint", "joint_", labels.ODDS_DIMS[:1], counts[:, -1]),
        ):
            full = table.reshape(*table.shape[:-1], *shape)
            variables |= {
                name: ((*dims, *batch), full),
                f"{share}probability": ((*dims, *batch), full / tally.setting.draws),
                f"{share}standard_error": (
                    (*dims, *batch),
                    share_error(full, tally.setting.draws),
                ),
            }
        coords = {
            labels.SCENARIO: list(tally.setting.scenarios),
            labels.TARGET: [target.id for target in self.targets],
            **batch,
        }
        return xr.Dataset(variables, coords=coords, attrs={"draws": tally.setting.draws})


def _assessable(asked: Sequence[Question | str], model: GrowthModel) -> list[Question]:
    """Questions among what was asked; refuse if nothing is left to be simulated."""
    questions = [question for question in asked if isinstance(question, Question)]
    if not any(question.rows for question in questions):
        raise none_assessed(asked)
    check_sizes(questions, model)
    return questions
