"""Probabilities by counting paths; works for every question, block by block in flat memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.exact import Answer
from sxsim.analysis.question import Question, Row
from sxsim.processes import GrowthModel, PathLaw
from sxsim.simulation import MonteCarlo, Twin, world_of
from sxsim.streams import BLOCK, Seed

Array = NDArray[np.float64]
Hits = NDArray[np.bool_]


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
    names = tuple(sorted({name for question in questions for name in question.indicators}))
    last = max((row.year for question in questions for row in question.rows), default=model.last_year + 1)
    chosen = model.select(names)
    world = world_of(chosen, last - model.last_year, seed)
    mixed = {
        grown.name
        for grown in chosen.indicators
        if not isinstance(grown.law, PathLaw) and len(grown.law.mixture(1).weights) > 1
    }
    several = [bool(mixed & question.indicators) for question in questions]
    several.append(any(several[questions.index(question)] for question in together))
    worlds = (Twin.NONE, Twin.PARAMETERS, Twin.CELLS) if mixed else (Twin.NONE, Twin.PARAMETERS)
    joined = [questions.index(question) for question in together]
    known = np.stack([_known(question, model) for question in questions])
    known = np.concatenate([known, known[joined].all(axis=0, keepdims=True)])
    counts = np.tile(np.where(known, 0.0, np.nan), (len(policies), len(worlds), 1, 1))
    for number in range(-(-method.draws // BLOCK)):
        width = min(BLOCK, method.draws - number * BLOCK)
        blocks = [world.block(number, twin) for twin in worlds]
        for i, offsets in enumerate(policies):
            hits = [_with_joint(questions, joined, _moved(block, offsets), model, width) for block in blocks]
            counts[i] += [(hits[0] & other).sum(axis=-1) for other in hits]
    shares = counts / method.draws
    answers = [
        [_answer(policy[: 3 if several[q] else 2, q], method.draws) for q in range(len(several))]
        for policy in shares
    ]
    return [(row[:-1], row[-1]) for row in answers]


def question_hits(question: Question, levels: Mapping[str, Array], model: GrowthModel, width: int) -> Hits:
    """Whether each path keeps the condition in every year, ``(member, draw)``."""
    kept = np.broadcast_to(question.kept[:, None], (question.kept.size, width))
    for row in question.rows:
        kept = kept & _row_hits(row, levels, model, width)
    return kept


def _known(question: Question, model: GrowthModel) -> NDArray[np.bool_]:
    """Whether every series the question needs has a figure, ``(member,)``."""
    levels = [model[name].last_level() for name in question.indicators]
    return np.asarray(np.isfinite(np.sum([np.zeros(question.kept.size), *levels], axis=0)))


def _with_joint(
    questions: Sequence[Question],
    joined: Sequence[int],
    levels: Mapping[str, Array],
    model: GrowthModel,
    width: int,
) -> Hits:
    """Hits of every question, then of the joined ones as a whole, ``(question, member, draw)``."""
    hits = np.stack([question_hits(question, levels, model, width) for question in questions])
    joint = np.all(hits[list(joined)], axis=0, keepdims=True)
    return np.concatenate([hits, joint])


def _moved(levels: Mapping[str, Array], offsets: Mapping[str, Array]) -> Mapping[str, Array]:
    return {n: z + offsets[n][:, : z.shape[1], None] if n in offsets else z for n, z in levels.items()}


def _row_hits(row: Row, levels: Mapping[str, Array], model: GrowthModel, width: int) -> Hits:
    """Compare on the link scale; two different links are compared in published units."""
    step = row.year - model.last_year - 1
    carrier = model[row.indicator].carrier
    value = levels[row.indicator][:, step, :width]
    if row.benchmark is None:
        level = carrier.forward(np.asarray(row.level, float))
    else:
        other = model[row.benchmark].carrier
        level = levels[row.benchmark][:, step, :width]
        if other != carrier:
            value, level = carrier.inverse(value), other.inverse(level)
    return np.asarray(value >= level if row.sign > 0 else value <= level)


def _answer(shares: Array, draws: int) -> Answer:
    """Read the shares of paths that hit in the world, and in it and each of its twins too."""
    p = shares[0]
    rule = (p * draws + 1.0) / (draws + 2.0)
    shared = np.clip(shares[1] - p**2, 0.0, p * (1.0 - p))
    cells = np.clip(shares[2] - p**2, 0.0, shared) if len(shares) > 2 else np.zeros_like(p)
    return Answer(
        probability=p,
        standard_error=np.sqrt(rule * (1.0 - rule) / draws),
        route="monte-carlo",
        variance_parameter=shared - cells,
        variance_model=cells,
    )
