"""Answers to a labelled table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

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
    revised: Sequence[Solved] = (),
    also: Mapping[str, Target] = MappingProxyType({}),
) -> xr.Dataset:
    """Gather the answers of all scenarios; see :func:`sxsim.attainment` for the variables.

    Where targets are revised, ``revised`` holds the answers to what they ask for in the end, by the ids of
    the originals, and ``also`` the rows that are added, by the same ids.
    """
    together = [q.target.id for q in joined([a for a in asked if isinstance(a, Question)])]
    reasons = {t.id: a if isinstance(a, str) else "" for t, a in zip(targets, asked, strict=True)}
    rows = [*((t, t.id) for t in targets), *((t, name) for name, t in also.items())]
    shown = [[answers.get(t.id) for t in targets] for answers, _ in solved]
    for line, (answers, _) in zip(shown, revised, strict=bool(revised)):
        line += [answers.get(name) for name in also]
    dims = (*labels.ODDS_DIMS, *batch)
    shape = tuple(c.size for c in batch.values())
    size = int(np.prod(shape, dtype=int))

    def column(field: str) -> tuple[tuple[str, ...], Array]:
        table = [[_field(answer, field, size) for answer in line] for line in shown]
        return dims, np.array(table).reshape(len(solved), len(rows), *shape)

    routes = [[answer.route if answer else NOT_ASSESSED for answer in line] for line in shown]
    return xr.Dataset(
        {
            "probability": column("probability"),
            "standard_error": column("standard_error"),
            "route": (labels.ODDS_DIMS, routes),
            "variance_shock": column("variance_shock"),
            "variance_parameter": column("variance_parameter"),
            "variance_model": column("variance_model"),
            "reason": (labels.TARGET, [reasons[name] for _, name in rows]),
            **_joint("joint", solved, together, batch),
            **(_joint("joint_revised", revised, together, batch) if revised else {}),
        },
        coords={
            labels.SCENARIO: list(scenarios),
            labels.TARGET: [t.id for t, _ in rows],
            **target_labels([t for t, _ in rows]),
            **batch,
        },
        attrs={**record, "joint_targets": ", ".join(together)},
    )


def _joint(
    name: str, solved: Sequence[Solved], together: Sequence[str], batch: Mapping[str, xr.DataArray]
) -> dict[str, tuple[tuple[str, ...], object]]:
    """Return the probability that all hold, with what independence and no knowledge at all would say."""
    shape = tuple(c.size for c in batch.values())
    size = int(np.prod(shape, dtype=int))
    singles = [np.array([_field(a[one], "probability", size) for one in together]) for a, _ in solved]

    def values(found: Sequence[Array]) -> tuple[tuple[str, ...], Array]:
        return (labels.SCENARIO, *batch), np.array(found).reshape(len(solved), *shape)

    return {
        name: values([_field(j, "probability", size) for _, j in solved]),
        f"{name}_standard_error": values([_field(j, "standard_error", size) for _, j in solved]),
        f"{name}_route": ((labels.SCENARIO,), [j.route if j else NOT_ASSESSED for _, j in solved]),
        f"{name}_independent": values([_bound(s, size, s.prod(axis=0)) for s in singles]),
        f"{name}_lower": values(
            [_bound(s, size, np.maximum(s.sum(axis=0) - len(s) + 1, 0)) for s in singles]
        ),
        f"{name}_upper": values([_bound(s, size, s.min(axis=0, initial=1.0)) for s in singles]),
    }


def _field(answer: Answer | None, field: str, size: int) -> Array:
    if answer is None:
        return np.full(size, np.nan)
    if field != "variance_shock":
        return np.asarray(getattr(answer, field))
    p = answer.probability
    return np.asarray(p * (1.0 - p) - answer.variance_parameter - answer.variance_model)


def _bound(singles: Array, size: int, value: Array) -> Array:
    return value if len(singles) else np.full(size, np.nan)


def target_labels(targets: Sequence[Target]) -> Mapping[str, tuple[str, list[str]]]:
    """Return what stands beside the ids of targets, for people."""
    return {
        "label": (labels.TARGET, [t.label for t in targets]),
        "label_zh": (labels.TARGET, [t.label_zh for t in targets]),
        "group": (labels.TARGET, [t.group.value for t in targets]),
        "assumption": (labels.TARGET, [t.assumption for t in targets]),
        "proxy_for": (labels.TARGET, [t.proxy_for or "" for t in targets]),
    }
