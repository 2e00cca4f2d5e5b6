"""How far short a target falls where it is missed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.ahead import ahead_of
from sxsim.analysis.detail.margin import margin
from sxsim.analysis.detail.shelf import Shelf
from sxsim.analysis.event import Row
from sxsim.analysis.promise import figures_of
from sxsim.analysis.question import Question, closed
from sxsim.plan import Condition, Scenario, Total
from sxsim.processes import GrowthModel
from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.mixture import StudentT
from sxsim.processes.one_year import SideBySide
from sxsim.scenarios import Policy
from sxsim.simulation import simulate
from sxsim.streams import Seed

Array = NDArray[np.float64]
_Law = StudentT | MixtureMarginal | SideBySide

QUANTILES = np.array([0.05, 0.5, 0.95])
DRAWS = 1 << 16
_FEWEST = 100  # paths that miss, for quantiles of how far
_HALVINGS = 60
_FARTHEST = 64.0


def shortfall(
    questions: Sequence[Question],
    model: GrowthModel,
    scenarios: Sequence[Scenario],
    policies: Sequence[Policy],
    *,
    shelf: Shelf,
    seed: Seed,
) -> xr.Dataset:
    """Quantiles of what is missing where a target is missed, in its units; NaN where that has no meaning.

    Where one number in one year decides, from the law of that year cut off at the level; otherwise from
    ``DRAWS`` paths, of several years the worst one (of "any year" the best).
    """
    shape = (shelf.scenarios, len(shelf.rows), len(QUANTILES), shelf.members)
    table, drawn = np.full(shape, np.nan), list[Question]()
    for question in questions:
        if _by_law(question, model, policies):
            table[:, shelf.row(question.target)] = _cut_off(question, policies)
        elif question.rows and isinstance(question.target.condition, Condition | Total):
            drawn.append(question)
    if drawn:
        _on_paths(drawn, model, scenarios, table=table, shelf=shelf, seed=seed)
    dims = (*labels.ODDS_DIMS, labels.QUANTILE, *shelf.batch)
    full = table.reshape(*shape[:-1], *(c.size for c in shelf.batch.values()))
    return xr.Dataset({"shortfall": (dims, full)}, coords={labels.QUANTILE: QUANTILES})


def _by_law(question: Question, model: GrowthModel, policies: Sequence[Policy]) -> bool:
    """Whether one number in one year decides, and the law of that year is known under every policy."""
    if question.event or len(question.rows) != 1 or not closed(question.rows[0], model):
        return False
    return not any(policy.differs(question.indicators) or policy.model is not model for policy in policies)


def _cut_off(question: Question, policies: Sequence[Policy]) -> Array:
    """Quantiles of the law below, or above, the level, by halving; ``(scenario, quantile, member)``."""
    [row] = question.rows
    assert isinstance(row, Row)
    out = []
    for one in ahead_of(policies, row.indicator, np.array([row.year])):
        bar = np.broadcast_to(one.carrier.forward(np.asarray(row.level, float)), one.start.shape)
        offset = np.asarray(one.offset)
        level = bar - one.start - (offset[0] if offset.ndim else offset)
        law = one.laws[0]

        def beyond(value: Array, law: _Law = law, sign: float = row.sign) -> Array:
            return np.asarray(law.at_most(value) if sign > 0 else law.at_least(value))

        missed = beyond(level)
        for q in 1.0 - QUANTILES:
            near, far = level.copy(), level - row.sign * _FARTHEST
            for _ in range(_HALVINGS):
                middle = 0.5 * (near + far)
                more = beyond(middle) > q * missed
                near, far = np.where(more, middle, near), np.where(more, far, middle)
            value = one.carrier.inverse(near + one.start + (offset[0] if offset.ndim else offset))
            out.append(row.sign * (np.asarray(row.level, float) - value))
    return np.array(out).reshape(len(policies), len(QUANTILES), -1)


def _on_paths(
    questions: Sequence[Question],
    model: GrowthModel,
    scenarios: Sequence[Scenario],
    *,
    table: Array,
    shelf: Shelf,
    seed: Seed,
) -> None:
    """Fill in the quantiles of margins that are negative."""
    names = sorted({name for q in questions for name in q.indicators | q.derived})
    last = max(row.year for question in questions for row in question.rows)
    paths = simulate(model, scenarios, until=last, draws=DRAWS, rng=seed.entropy, indicators=names)
    for s in range(len(scenarios)):
        for m in range(shelf.members):

            def values(name: str, year: int, s: int = s, m: int = m) -> Array:
                if year <= model.last_year:
                    return np.asarray(figures_of(model, name, year)[m])
                one = paths[name].isel({labels.SCENARIO: s}).sel({labels.YEAR: year})
                return np.asarray(one.to_numpy().reshape(DRAWS, -1)[:, m])

            for question in questions:
                condition = question.target.condition
                assert isinstance(condition, Condition | Total)
                short = -margin(condition, values)
                short = short[short > 0]
                if short.size >= _FEWEST:
                    table[s, shelf.row(question.target), :, m] = np.quantile(short, QUANTILES)
