"""Probabilities by counting paths; works for every question, block by block in flat memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.counting.control import Control, control_of
from sxsim.analysis.counting.counter import UNIT, Counter, Found
from sxsim.analysis.counting.steady import Steady
from sxsim.analysis.counting.tally import Again, Tally
from sxsim.analysis.exact import Answer
from sxsim.analysis.question import Question, asked_names, deciding_laws, known_members
from sxsim.processes import GrowthModel, PathLaw
from sxsim.scenarios import Policy
from sxsim.simulation import MonteCarlo, Setting, Twin, runs_of
from sxsim.streams import Seed

Array = NDArray[np.float64]

_TWIN_DRAWS = UNIT  # the split of the variance needs no more


def counted_answers(
    questions: Sequence[Question],
    together: Sequence[Question],
    model: GrowthModel,
    policies: Sequence[Policy],
    *,
    method: MonteCarlo,
    seed: Seed,
    steady: Sequence[Sequence[Answer | None]] = (),
    split: bool = True,
) -> list[tuple[list[Answer], Answer]]:
    """Answer every question, and ``together`` as a whole, under every policy from one and the same world.

    A second world that shares cells, sigmas and drifts but not the yearly shocks tells by the covariance of
    the two hits which part of p(1 - p) is not shock; one that shares the cells alone, which is model choice.
    ``steady`` has what is known of every policy without what differs from draw to draw, by question and last
    all together; such hits on the same draws help the others. Without ``split`` no second world is drawn.
    """
    joined = [questions.index(question) for question in together]
    setting = setting_of(questions, model, policies, method)
    answers = dict[int, tuple[list[Answer], Answer]]()
    for run in runs_of(setting, seed):
        setting = replace(run.setting, model=run.model)
        beside = [steady[slot] for slot in run.slots] if steady else []
        counter = counter_of(questions, joined, setting, method=method, seed=seed, steady=beside, split=split)
        found, several = counter.run(run.world), _several(questions, joined, run.model)
        for s, slot in enumerate(run.slots):
            row = [_answer(found, s, q, method, several[q]) for q in range(len(several))]
            answers[slot] = row[:-1], row[-1]
    return [answers[slot] for slot in range(len(policies))]


def counter_of(
    questions: Sequence[Question],
    joined: Sequence[int],
    setting: Setting,
    *,
    method: MonteCarlo,
    seed: Seed,
    steady: Sequence[Sequence[Answer | None]] = (),
    split: bool = True,
) -> Counter:
    """Prepare everything that does not depend on the draws."""
    known = known_members(questions, joined, setting.model)
    tally = _tally(questions, joined, setting, method, split=split)
    control = _control(tally, method, seed) or Steady.of(steady, questions[0].kept.size)
    return Counter(tally=tally, control=control, known=known, method=method)


def setting_of(
    questions: Sequence[Question], model: GrowthModel, policies: Sequence[Policy], method: MonteCarlo
) -> Setting:
    """Return the run that answers some questions."""
    names = asked_names(questions)
    last = max((row.year for question in questions for row in question.rows), default=model.last_year + 1)
    return Setting(
        model=model.select(names),
        asked=names,
        years=np.arange(model.last_year + 1, last + 1),
        policies=tuple(policies),
        draws=method.draws,
    )


def _tally(
    questions: Sequence[Question],
    joined: Sequence[int],
    setting: Setting,
    method: MonteCarlo,
    *,
    split: bool,
) -> Tally:
    """Prepare counting: in the world, in its mirror image where asked for, and in one or two twins."""
    several = any(_several(questions, joined, setting.model))
    twins = [Twin.PARAMETERS, *([Twin.CELLS] if several else [])] if split else []
    mirror = [Again(mirrored=True)] if method.antithetic else []
    again = [*mirror, *(Again(twin=twin, draws=_TWIN_DRAWS) for twin in twins)]
    return Tally(setting=setting, questions=questions, joined=joined, again=again)


def _control(tally: Tally, method: MonteCarlo, seed: Seed) -> Control | None:
    """Prepare known events; their errors are to be small beside those of the draws."""
    asked = {name for question in tally.questions for name in question.indicators}
    if method.antithetic or not method.control or tally.setting.model.concerned(asked):
        return None
    error = method.until_error or 0.5 / np.sqrt(method.draws)
    return control_of(tally.questions, tally.joined, tally.setting, seed, 0.25 * error)


def _several(questions: Sequence[Question], joined: Sequence[int], chosen: GrowthModel) -> list[bool]:
    """Whether each question, and all joined ones, depend on which cell rules."""
    several = [
        any(
            not isinstance(law, PathLaw) and len(law.mixture(1).weights) > 1
            for law in deciding_laws(question, chosen)
        )
        for question in questions
    ]
    return [*several, any(several[q] for q in joined)]


def _answer(found: Found, scenario: int, question: int, method: MonteCarlo, several: bool) -> Answer:
    """Read one question under one scenario."""
    counts, p = found.counts[:, scenario, :, question], found.probability[:, scenario, question]
    first = 4 if method.antithetic else 1
    shared = [
        _covariance(counts[:, k : k + 3], min(found.draws, _TWIN_DRAWS))
        for k in range(first, counts.shape[1], 3)
    ]
    not_shock = np.clip(shared[0], 0.0, p * (1.0 - p)) if shared else np.zeros_like(p)
    cells = np.clip(shared[1], 0.0, not_shock) if shared and several else np.zeros_like(p)
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
