"""Probabilities by counting paths; works for every question, block by block in flat memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.control import Control, control_of
from sxsim.analysis.controlled_tally import ControlledTally, Sums
from sxsim.analysis.exact import Answer
from sxsim.analysis.question import Question, known_members
from sxsim.analysis.regression import improved
from sxsim.analysis.tally import Again, Tally
from sxsim.errors import RequestError
from sxsim.processes import GrowthModel, PathLaw
from sxsim.simulation import STRETCH, MonteCarlo, Recorder, Setting, Twin, World, parts, world_of
from sxsim.streams import BLOCK, Seed

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_UNIT = STRETCH * BLOCK
_TWIN_DRAWS = 2 * _UNIT  # the split of the variance needs no more
_MOST = 10**11


def counted_answers(
    questions: Sequence[Question],
    together: Sequence[Question],
    model: GrowthModel,
    policies: Sequence[Mapping[str, Array]],
    *,
    method: MonteCarlo,
    seed: Seed,
) -> list[tuple[list[Answer], Answer]]:
    """Answer every question, and ``together`` as a whole, under every policy from one and the same world.

    A second world that shares cells, sigmas and drifts but not the yearly shocks tells by the covariance of
    the two hits which part of p(1 - p) is not shock; one that shares the cells alone, which is model choice.
    """
    joined = [questions.index(question) for question in together]
    tally = _tally(questions, joined, model, policies, method)
    known = np.stack([known_members(question, model) for question in questions], axis=1)
    known = np.concatenate([known, known[:, joined].all(axis=1, keepdims=True)], axis=1)
    counter = _Counter(tally=tally, control=_control(tally, method, seed), known=known, method=method)
    found = counter.run(world_of(tally.setting.model, len(tally.setting.years), seed))
    several = _several(questions, joined, tally.setting.model)
    answers = []
    for s in range(len(policies)):
        row = [_answer(found, s, q, method, several[q]) for q in range(len(several))]
        answers.append((row[:-1], row[-1]))
    return answers


def _tally(
    questions: Sequence[Question],
    joined: Sequence[int],
    model: GrowthModel,
    policies: Sequence[Mapping[str, Array]],
    method: MonteCarlo,
) -> Tally:
    """Prepare counting: in the world, in its mirror image where asked for, and in one or two twins."""
    names = tuple(sorted({name for question in questions for name in question.indicators}))
    last = max((row.year for question in questions for row in question.rows), default=model.last_year + 1)
    chosen = model.select(names)
    twins = [Twin.PARAMETERS, *([Twin.CELLS] if any(_several(questions, joined, chosen)) else [])]
    mirror = [Again(mirrored=True)] if method.antithetic else []
    setting = Setting(
        model=chosen,
        years=np.arange(model.last_year + 1, last + 1),
        scenarios=tuple(str(number) for number in range(len(policies))),
        offsets=tuple(policies),
        draws=method.draws,
    )
    again = [*mirror, *(Again(twin=twin, draws=_TWIN_DRAWS) for twin in twins)]
    return Tally(setting=setting, questions=questions, joined=joined, again=again)


def _control(tally: Tally, method: MonteCarlo, seed: Seed) -> Control | None:
    """Prepare known events; their errors are to be small beside those of the draws."""
    if method.antithetic or not method.control:
        return None
    error = method.until_error or 0.5 / np.sqrt(method.draws)
    return control_of(tally.questions, tally.joined, tally.setting, seed, 0.25 * error)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What was counted, and what it says of every question and all together.

    Attributes
    ----------
    counts
        ``(member, scenario, kind, question)``; NaN where a figure is missing.
    probability, error, floor
        ``(member, scenario, question)``: with the error left if one drew for ever.
    used
        Whether known events were of use, ``(scenario, question)``.
    draws
        Of the world.
    """

    counts: Array
    probability: Array
    error: Array
    floor: Array
    used: NDArray[np.bool_]
    draws: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Counter:
    """Draws until there are enough."""

    tally: Tally
    control: Control | None
    known: NDArray[np.bool_]
    method: MonteCarlo

    def run(self, world: World) -> Found:
        """Draw as many as were asked for, or until the error is small."""
        recorder: Recorder = (
            self.tally if self.control is None else ControlledTally(tally=self.tally, control=self.control)
        )
        method, state, done = self.method, recorder.blank(0), 0
        goal = _worlds(method.draws, method)
        while True:
            draws = range(done, goal)
            for part in parts(
                world, recorder, draws, state, threads=method.threads, progress=method.progress
            ):
                recorder.fold(state, part)
            found, done = self.read(state, goal), goal
            if method.until_error is None or np.nanmax(found.error, initial=0.0) <= method.until_error:
                return found
            goal = max(_worlds(self._wanted(found), method), done + _UNIT)

    def read(self, state: Sums | Whole, draws: int) -> Found:
        """Say what the draws so far tell."""
        counts = state.counts if isinstance(state, Sums) else state
        table = np.where(self.known[:, None, None], counts.astype(float), np.nan)
        p, error = _numerical(np.moveaxis(table, 2, -1), draws, self.method)
        floor, used = np.zeros_like(p), np.zeros(p.shape[1:], bool)
        for q, events in enumerate(self.control.known if self.control else ()):
            if events is None or not isinstance(state, Sums):
                continue
            size = 2 + events.means.shape[-1]
            better = improved(state.moments[:, :, q, :size, :size], events.means, events.errors)
            p[:, :, q] = np.where(better.used, better.probability, p[:, :, q])
            error[:, :, q] = np.where(better.used, np.hypot(better.sampling, better.floor), error[:, :, q])
            floor[:, :, q], used[:, q] = better.floor, better.used.any(axis=0)
        return Found(counts=table, probability=p, error=error, floor=floor, used=used, draws=draws)

    def _wanted(self, found: Found) -> int:
        """Return the draws that will do, as paths."""
        until = float(self.method.until_error or 1.0)
        left = until**2 - found.floor**2
        per_draw = (found.error**2 - found.floor**2) * found.draws * (2 if self.method.antithetic else 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            wanted = 1.05 * float(np.nanmax(np.where(left > 0, per_draw / left, np.inf)))
        if wanted > _MOST:
            more = f"{wanted:.0e} draws" if np.isfinite(wanted) else "more draws than can be counted"
            raise RequestError(
                f"until_error={until:g} needs about {more}.",
                "Ask for less, or leave out method= where a closed form or quasi-random points answer.",
            )
        return int(wanted)


def _worlds(draws: int, method: MonteCarlo) -> int:
    """Draws of the world that are needed, whole stretches where more may follow."""
    pairs = -(-draws // 2) if method.antithetic else draws
    return pairs if method.until_error is None else -(-pairs // _UNIT) * _UNIT


def _several(questions: Sequence[Question], joined: Sequence[int], chosen: GrowthModel) -> list[bool]:
    """Whether each question, and all joined ones, depend on which cell rules."""
    mixed = {
        grown.name
        for grown in chosen.indicators
        if not isinstance(grown.law, PathLaw) and len(grown.law.mixture(1).weights) > 1
    }
    several = [bool(mixed & question.indicators) for question in questions]
    return [*several, any(several[q] for q in joined)]


def _numerical(counts: Array, draws: int, method: MonteCarlo) -> tuple[Array, Array]:
    """Probability and its numerical error from counts ``(..., kind)``.

    The error takes one more hit and one more miss into account, so that it is never zero. The mean of a draw
    and its mirror image is 0, 1/2 or 1, and one more of each is added there.
    """
    if not method.antithetic:
        p = counts[..., 0] / draws
        rule = (counts[..., 0] + 1.0) / (draws + 2.0)
        return p, np.sqrt(rule * (1.0 - rule) / draws)
    own, there, both = (counts[..., kind] for kind in (1, 2, 3))
    half, one = (own + there - 2.0 * both + 1.0) / (draws + 3.0), (both + 1.0) / (draws + 3.0)
    variance = 0.25 * half + one - (0.5 * half + one) ** 2
    return (own + there) / (2.0 * draws), np.sqrt(variance / draws)


def _answer(found: Found, scenario: int, question: int, method: MonteCarlo, several: bool) -> Answer:
    """Read one question under one scenario."""
    counts, p = found.counts[:, scenario, :, question], found.probability[:, scenario, question]
    first = 4 if method.antithetic else 1
    shared = [
        _covariance(counts[:, k : k + 3], min(found.draws, _TWIN_DRAWS))
        for k in range(first, counts.shape[1], 3)
    ]
    not_shock = np.clip(shared[0], 0.0, p * (1.0 - p))
    cells = np.clip(shared[1], 0.0, not_shock) if several else np.zeros_like(p)
    return Answer(
        probability=p,
        standard_error=found.error[:, scenario, question],
        route="monte-carlo with control" if found.used[scenario, question] else "monte-carlo",
        variance_parameter=not_shock - cells,
        variance_model=cells,
        draws=found.draws * (2 if method.antithetic else 1),
    )


def _covariance(counts: Array, draws: int) -> Array:
    """Covariance of hits in two worlds from ``(member, own, there and both)``."""
    own, there, both = (counts[:, kind] / draws for kind in range(3))
    return np.asarray(both - own * there)
