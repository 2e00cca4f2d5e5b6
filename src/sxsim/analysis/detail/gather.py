"""All details of the odds in one go, from one and the same draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import xarray as xr

from sxsim import labels
from sxsim.analysis.detail.chances import chances
from sxsim.analysis.detail.shelf import Shelf
from sxsim.analysis.detail.shortfall import shortfall
from sxsim.analysis.detail.timing import span_of, timing
from sxsim.analysis.detail.together import together, together_questions
from sxsim.analysis.question import Question, joined
from sxsim.analysis.routes import Desk
from sxsim.plan import Scenario
from sxsim.processes import GrowthModel
from sxsim.scenarios import Policy

_FEW = 3  # targets whose combinations are integrated faster than counted


def details(
    questions: Sequence[Question],
    model: GrowthModel,
    scenarios: Sequence[Scenario],
    policies: Sequence[Policy],
    *,
    rows: Sequence[str],
    batch: Mapping[str, xr.DataArray],
    desk: Desk,
) -> xr.Dataset:
    """Say when targets are hit, which together, and how far those that are missed fall short."""
    shelf = Shelf(scenarios=len(policies), rows=tuple(rows), batch=batch)
    spans = [span for question in questions if (span := span_of(question.target, model))]
    when = [question for span in spans for question in span.questions]
    together_with = joined(questions)
    which = together_questions(together_with, model)
    integrated = len(which) if len(together_with) <= _FEW else 0
    found = chances([*which, *when], model, policies, desk, integrated=integrated)
    variables = together(together_with, found.pick(slice(len(which))), shelf)
    coords: dict[str, Sequence[object]] = {
        labels.COUNT: list(range(1, len(together_with) + 1)),
        labels.GIVEN: [question.target.id for question in together_with],
    }
    if spans:
        variables |= timing(spans, found.pick(slice(len(which), None)), shelf)
        coords[labels.YEAR] = sorted({year for span in spans for year in span.years})
    data = xr.Dataset(variables, coords=coords)
    return data.merge(shortfall(questions, model, scenarios, policies, shelf=shelf, seed=desk.seed))
