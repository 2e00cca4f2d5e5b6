"""Probabilities by counting paths; works for every question, block by block in flat memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.exact import Answer
from sxsim.analysis.question import Question, Row
from sxsim.processes import GrowthModel
from sxsim.simulation import MonteCarlo, world_of
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

    A second world that shares cells, sigmas and drifts but not the yearly shocks tells which part of p(1 -
    p) comes from parameters: the covariance of the two hits.
    """
    names = tuple(sorted({name for question in questions for name in question.indicators}))
    last = max((row.year for question in questions for row in question.rows), default=model.last_year + 1)
    world = world_of(model.select(names), last - model.last_year, seed)
    joined = [questions.index(question) for question in together]
    known = np.stack([_known(question, model) for question in questions])
    known = np.concatenate([known, known[joined].all(axis=0, keepdims=True)])
    hits = np.tile(np.where(known, 0.0, np.nan), (len(policies), 1, 1))
    pairs = hits.copy()
    for number in range(-(-method.draws // BLOCK)):
        width = min(BLOCK, method.draws - number * BLOCK)
        levels, twins = world.block(number), world.block(number, twin=True)
        for i, offsets in enumerate(policies):
            first = _with_joint(questions, joined, _moved(levels, offsets), model, width)
            second = _with_joint(questions, joined, _moved(twins, offsets), model, width)
            hits[i] += first.sum(axis=-1)
            pairs[i] += (first & second).sum(axis=-1)
    answers = [
        [_answer(*row, method.draws) for row in zip(*rows, strict=True)]
        for rows in zip(hits, pairs, strict=True)
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


def _answer(hits: Array, pairs: Array, draws: int) -> Answer:
    p = hits / draws
    rule = (hits + 1.0) / (draws + 2.0)
    return Answer(
        probability=p,
        standard_error=np.sqrt(rule * (1.0 - rule) / draws),
        route="monte-carlo",
        variance_parameter=np.clip(pairs / draws - p**2, 0.0, p * (1.0 - p)),
        variance_model=np.zeros_like(p),
    )
