"""Probabilities by counting paths; works for every question, block by block in flat memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.exact import Answer
from sxsim.analysis.question import Question, known_members
from sxsim.analysis.tally import Again, Tally
from sxsim.errors import RequestError
from sxsim.processes import GrowthModel, PathLaw
from sxsim.simulation import STRETCH, MonteCarlo, Setting, Twin, World, parts, world_of
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
    horizon = len(tally.setting.years)
    counts, draws = _count(world_of(tally.setting.model, horizon, seed), tally, known, method)
    several = _several(questions, joined, tally.setting.model)
    answers = []
    for of_policy in np.moveaxis(counts, 1, 0):
        table = np.where(known[:, None], of_policy.astype(float), np.nan)
        row = [_answer(table[:, :, q], draws, method, several[q]) for q in range(len(several))]
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


def _count(world: World, tally: Tally, known: NDArray[np.bool_], method: MonteCarlo) -> tuple[Whole, int]:
    """Count hits ``(member, scenario, kind, question)`` until the draws suffice or the error is small."""
    state, done, goal = tally.blank(0), 0, _worlds(method.draws, method)
    while True:
        draws = range(done, goal)
        for part in parts(world, tally, draws, state, threads=method.threads, progress=method.progress):
            tally.fold(state, part)
        done = goal
        if method.until_error is None:
            return state, done
        counts = np.where(known[:, None, None], state, 0)
        error = float(
            max(_numerical(counts[:, :, :, q], done, method)[1].max() for q in range(counts.shape[3]))
        )
        if error <= method.until_error:
            return state, done
        wanted = done * (error / method.until_error) ** 2 * 1.05
        if wanted > _MOST:
            raise RequestError(
                f"until_error={method.until_error:g} needs about {wanted:.0e} draws.",
                "Ask for less, or leave out method= where a closed form or quasi-random points answer.",
            )
        goal = max(_worlds(int(wanted), method), done + _UNIT)


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


def _answer(counts: Array, draws: int, method: MonteCarlo, several: bool) -> Answer:
    """Read the counts ``(member, kind)`` of one question."""
    p, error = _numerical(counts, draws, method)
    first = 4 if method.antithetic else 1
    shared = [
        _covariance(counts[:, k : k + 3], min(draws, _TWIN_DRAWS)) for k in range(first, counts.shape[1], 3)
    ]
    not_shock = np.clip(shared[0], 0.0, p * (1.0 - p))
    cells = np.clip(shared[1], 0.0, not_shock) if several else np.zeros_like(p)
    return Answer(
        probability=p,
        standard_error=error,
        route="monte-carlo",
        variance_parameter=not_shock - cells,
        variance_model=cells,
    )


def _covariance(counts: Array, draws: int) -> Array:
    """Covariance of hits in two worlds from ``(member, own, there and both)``."""
    own, there, both = (counts[:, kind] / draws for kind in range(3))
    return np.asarray(both - own * there)
