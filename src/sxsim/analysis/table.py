"""Answers to a labelled table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.exact import Answer
from sxsim.analysis.question import Question, joined
from sxsim.plan import Target

Array = NDArray[np.float64]
Solved = tuple[Mapping[str, Answer], Answer | None]

NOT_ASSESSED = "not assessed"


def odds_table(
    asked: Sequence[Question | str],
    targets: Sequence[Target],
    solved: Sequence[Solved],
    *,
    scenarios: Sequence[str],
    batch: Mapping[str, xr.DataArray],
    record: Mapping[str, str | int],
) -> xr.Dataset:
    """Gather the answers of all scenarios; see :func:`sxsim.attainment` for the variables."""
    size = int(np.prod([c.size for c in batch.values()], dtype=int)) if batch else 1
    shape = tuple(c.size for c in batch.values())
    dims = (*labels.ODDS_DIMS, *batch)
    together = [q.target.id for q in joined([a for a in asked if isinstance(a, Question)])]

    def column(field: str) -> tuple[tuple[str, ...], Array]:
        rows = [[_field(answers.get(t.id), field, size) for t in targets] for answers, _ in solved]
        return dims, np.array(rows).reshape(len(solved), len(targets), *shape)

    def joint(values: Sequence[Array]) -> tuple[tuple[str, ...], Array]:
        return (labels.SCENARIO, *batch), np.array(values).reshape(len(solved), *shape)

    routes = [[a[t.id].route if t.id in a else NOT_ASSESSED for t in targets] for a, _ in solved]
    singles = [np.array([_field(a[name], "probability", size) for name in together]) for a, _ in solved]
    return xr.Dataset(
        {
            "probability": column("probability"),
            "standard_error": column("standard_error"),
            "route": (labels.ODDS_DIMS, routes),
            "variance_shock": column("variance_shock"),
            "variance_parameter": column("variance_parameter"),
            "variance_model": column("variance_model"),
            "reason": (labels.TARGET, [a if isinstance(a, str) else "" for a in asked]),
            "joint": joint([_field(j, "probability", size) for _, j in solved]),
            "joint_standard_error": joint([_field(j, "standard_error", size) for _, j in solved]),
            "joint_route": (labels.SCENARIO, [j.route if j else NOT_ASSESSED for _, j in solved]),
            "joint_independent": joint([_bound(s, size, s.prod(axis=0)) for s in singles]),
            "joint_lower": joint(
                [_bound(s, size, np.maximum(s.sum(axis=0) - len(s) + 1, 0)) for s in singles]
            ),
            "joint_upper": joint([_bound(s, size, s.min(axis=0, initial=1.0)) for s in singles]),
        },
        coords={
            labels.SCENARIO: list(scenarios),
            labels.TARGET: [t.id for t in targets],
            **_labels(targets),
            **batch,
        },
        attrs={**record, "joint_targets": ", ".join(together)},
    )


def _field(answer: Answer | None, field: str, size: int) -> Array:
    if answer is None:
        return np.full(size, np.nan)
    if field != "variance_shock":
        return np.asarray(getattr(answer, field))
    p = answer.probability
    return np.asarray(p * (1.0 - p) - answer.variance_parameter - answer.variance_model)


def _bound(singles: Array, size: int, value: Array) -> Array:
    return value if len(singles) else np.full(size, np.nan)


def _labels(targets: Sequence[Target]) -> Mapping[str, tuple[str, list[str]]]:
    return {
        "label": (labels.TARGET, [t.label for t in targets]),
        "label_zh": (labels.TARGET, [t.label_zh for t in targets]),
        "group": (labels.TARGET, [t.group.value for t in targets]),
        "assumption": (labels.TARGET, [t.assumption for t in targets]),
        "proxy_for": (labels.TARGET, [t.proxy_for or "" for t in targets]),
    }
