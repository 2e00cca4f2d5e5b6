"""How much more growth it would take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.counting.monte_carlo import counted_answers
from sxsim.analysis.event import Values
from sxsim.analysis.exact import Answer
from sxsim.analysis.question import Question
from sxsim.analysis.routes import Desk
from sxsim.errors import RequestError
from sxsim.processes import GrowthModel
from sxsim.scenarios import Policy
from sxsim.simulation import MonteCarlo
from sxsim.studies.goals.found import Found, settled, unassessed
from sxsim.studies.goals.gather import gathered
from sxsim.studies.goals.lift import Lift, reader, refusal
from sxsim.studies.goals.order import at_shares
from sxsim.studies.goals.root import Chance
from sxsim.studies.goals.solve import Bounds, Spans, searched, sought

Array = NDArray[np.float64]

SHARES = np.arange(1, 100) / 100.0
ANY = (-np.inf, np.inf)
_STEP = 0.02  # growth a year with which a search begins


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Uplift:
    """What one question needs.

    Attributes
    ----------
    reason
        Why it was not answered; empty if it was.
    lift
        What is lifted; None without a question.
    found
        One answer for each probability.
    spread
        The amounts at which 1, 2 ... 99 percent of the paths hit, ``(member, share)``; NaN where none is
        enough, or no path says what it needs.
    """

    reason: str
    lift: Lift | None
    found: list[Found]
    spread: Array


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Search:
    """Everything a search has in common for all questions.

    Attributes
    ----------
    model, policy, horizon
        Of the run.
    desk
        Where probabilities are answered without counting, from the same points every time.
    method
        How paths are drawn.
    shares, bounds
        Probabilities that are wanted, and where the number may lie.
    """

    model: GrowthModel
    policy: Policy
    horizon: int
    desk: Desk
    method: MonteCarlo
    shares: Sequence[float]
    bounds: Bounds = ANY

    def smooth(self, question: Question) -> bool:
        """Whether a closed form or an integral answers a question."""
        if isinstance(self.desk.method, MonteCarlo):
            return False
        found = self.desk.chance(question, self.policy) is not None
        if not found and self.desk.method is not None:
            raise RequestError(
                f"Target {question.target.id!r} cannot be answered by {self.desk.method!r}.",
                "Leave out method=, or use method=sx.MonteCarlo(draws=100_000).",
            )
        return found

    def chance(self, question: Question, policy: Policy) -> Answer:
        """Return a probability by the best route that is the same at every call."""
        if not isinstance(self.desk.method, MonteCarlo):
            found = self.desk.chance(question, policy)
            if found is not None:
                return found
        [(answers, _)] = counted_answers(
            [question],
            [question],
            self.model,
            [policy],
            method=self.method,
            seed=self.desk.seed,
            split=False,
        )
        return answers[0]


def uplifts(asked: Sequence[Question | str], search: Search) -> list[Uplift]:
    """Return what every question needs; those that paths can answer share one run."""
    size = next((one.kept.size for one in asked if isinstance(one, Question)), 1)
    ready = [_ready(one, search) for one in asked]
    read = [(one, lift) for one, lift in ready if isinstance(one, Question) and not _reacts(one, search)]
    spans = dict(zip((id(one) for one, _ in read), _spans(read, search), strict=True))
    out = []
    for one, lift in ready:
        if isinstance(one, str):
            spread, found = np.full((size, SHARES.size), np.nan), [unassessed(size)] * len(search.shares)
            out.append(Uplift(reason=one, lift=lift, found=found, spread=spread))
        else:
            out.append(_answered(one, lift, spans.get(id(one)), search))
    return out


def _ready(one: Question | str, search: Search) -> tuple[Question | str, Lift]:
    if isinstance(one, str):
        return one, Lift(directions={}, last_year=search.model.last_year, horizon=search.horizon)
    lift = Lift.of(one.whole, search.model.last_year, search.horizon)
    return refusal(one, search.model, lift) or one, lift


def _reacts(question: Question, search: Search) -> bool:
    """Whether nothing is left to ask, or a rule would answer growth with less effort."""
    moves = search.policy.moves
    if not question.rows or not question.kept.any():
        return True
    return bool(moves and moves.deciders and search.policy.differs(question.indicators))


def _spans(read: Sequence[tuple[Question, Lift]], search: Search) -> list[Spans]:
    if not read:
        return []
    questions, lifts = [one for one, _ in read], [lift for _, lift in read]
    of_paths = reader(questions, lifts, search.model)

    def rows(levels: Values, place: int) -> Array:
        spans = of_paths(levels, place)
        width = max(np.size(span.low) for span in spans)
        return np.stack([np.broadcast_to(end, (width,)) for span in spans for end in (span.low, span.high)])

    table = gathered(
        questions,
        rows,
        2 * len(questions),
        search.model,
        search.policy,
        method=search.method,
        seed=search.desk.seed,
    )
    return [Spans(low=table[:, 2 * q], high=table[:, 2 * q + 1]) for q in range(len(questions))]


def _answered(question: Question, lift: Lift, spans: Spans | None, search: Search) -> Uplift:
    nothing = np.full((question.kept.size, SHARES.size), np.nan)
    if not question.rows or not question.kept.any():
        found = [settled(question.kept)] * len(search.shares)
        return Uplift(reason="", lift=lift, found=found, spread=nothing)
    curve = _curve(question, lift, search)
    if spans is None:
        found = [searched(curve, share, search.bounds, _STEP) for share in search.shares]
        return Uplift(reason="", lift=lift, found=found, spread=nothing)
    chance = curve if search.smooth(question) else None
    found = [sought(spans, chance, share, search.bounds) for share in search.shares]
    spread = nothing if not spans.one_sided else np.stack([at_shares(low, SHARES) for low in spans.low])
    return Uplift(reason="", lift=lift, found=found, spread=np.where(np.isfinite(spread), spread, np.nan))


def _curve(question: Question, lift: Lift, search: Search) -> Chance:
    def chance(amount: Array) -> Answer:
        return search.chance(question, lift.policy(search.policy, amount))

    return chance
