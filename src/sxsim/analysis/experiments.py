"""Inputs and outcomes of every path as a plain table, one row per draw and scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import xarray as xr

from sxsim import labels
from sxsim.analysis.attainment import as_targets
from sxsim.analysis.paths import all_hit, hits_on_paths
from sxsim.analysis.question import Question, ask, asked_names, joined, none_assessed
from sxsim.errors import RequestError
from sxsim.plan import TREND, Scenario, Target
from sxsim.processes import GrowthModel
from sxsim.simulation import Inputs, Paths, as_scenarios, simulate
from sxsim.streams import Seed, type_of_rng

if TYPE_CHECKING:
    import pandas as pd

_STRENGTH = "strength"
_SEED = "seed_entropy"


def experiment_table(
    source: GrowthModel | xr.Dataset,
    targets: Target | Sequence[Target],
    *,
    scenarios: Scenario | Sequence[Scenario] = (TREND,),
    draws: int = 10_000,
    rng: type_of_rng = None,
    inputs: xr.Dataset | None = None,
) -> pd.DataFrame:
    """Put what decided every path beside what came of it: the table scenario-discovery tools read.

    Parameters
    ----------
    source
        A model, which is simulated; or paths from :func:`sxsim.simulate`.
    targets
        What is to be reached; what cannot be assessed is left out.
    scenarios, draws, rng
        As for :func:`sxsim.simulate`; of no use for finished paths.
    inputs
        For finished paths: what ``keep=sx.Inputs()`` kept of the same run, or None for outcomes alone.

    Returns
    -------
    pandas.DataFrame
        One row per scenario, draw and member of a batch, in columns ``scenario``, ``draw``, those of the
        batch; the inputs ``cell_<indicator>``, ``sigma_<indicator>``, ``drift_<indicator>``,
        ``shocks_<indicator>`` (see :class:`sxsim.Inputs`) and ``strength_<lever>``; the published
        ``value_<indicator>`` of the last year; ``hit_<target>`` and ``hit_all``, 1 or 0, NaN where it is not
        known. What is the same on all paths stays, what is missing on all is left out. ``attrs`` lists the
        columns as ``inputs``, ``values`` and ``hits``, and has the record of the run.

    Raises
    ------
    RequestError
        No target can be assessed, or the inputs are those of another run.

    Examples
    --------
    >>> import sxsim as sx
    >>> walk = sx.RandomWalk(drift=0.05, sigma=0.1)
    >>> rd = sx.Grown(name="rd", carrier=sx.Log(), law=walk, last_value=1.0, last_year=2012)
    >>> model = sx.GrowthModel(indicators=(rd,), last_year=2012)
    >>> level = sx.Condition(
    ...     indicator="rd", relation=sx.Relation.AT_LEAST, level=sx.Number(value=1.5), years=(2020,)
    ... )
    >>> table = sx.experiment_table(model, sx.Target(id="H1", label="R&D", condition=level), draws=500, rng=0)
    >>> table.attrs["inputs"], table.attrs["hits"], len(table)
    (['cell_rd', 'sigma_rd', 'drift_rd', 'shocks_rd'], ['hit_H1', 'hit_all'], 500)
    """
    listed = as_targets(targets)
    if isinstance(source, GrowthModel):
        paths, inputs = _simulated(source, listed, as_scenarios(scenarios), draws, Seed.of(rng))
    else:
        paths = source
        _check_same_run(paths, inputs)
    asked, hits, _ = hits_on_paths(paths, listed)
    questions = [question for question in asked if isinstance(question, Question)]
    if not questions:
        raise none_assessed(asked)
    together = all_hit([hits[question.target.id] for question in joined(questions)])
    groups = {
        "inputs": {} if inputs is None else _input_columns(inputs),
        "values": {f"value_{name}": values.isel({labels.YEAR: -1}) for name, values in paths.items()},
        "hits": {f"hit_{name}": hit for name, hit in hits.items()} | {"hit_all": together},
    }
    return _as_frame(groups, paths)


def _simulated(
    model: GrowthModel, targets: Sequence[Target], scenarios: Sequence[Scenario], draws: int, seed: Seed
) -> tuple[xr.Dataset, xr.Dataset]:
    """Paths of what the targets speak of, and their inputs."""
    found = [ask(target, model) for target in targets]
    questions = [question for question in found if isinstance(question, Question)]
    years = [row.year for question in questions for row in question.rows]
    if not years:
        raise none_assessed(found)
    names = asked_names(questions)
    paths, inputs = (
        simulate(
            model, scenarios, until=max(years), draws=draws, rng=seed.entropy, indicators=names, keep=keep
        )
        for keep in (Paths(), Inputs())
    )
    return paths, inputs


def _check_same_run(paths: xr.Dataset, inputs: xr.Dataset | None) -> None:
    if inputs is None:
        return
    for what, one, other in (
        ("seed", paths.attrs.get(_SEED), inputs.attrs.get(_SEED)),
        ("number of draws", paths.sizes.get(labels.DRAW), inputs.sizes.get(labels.DRAW)),
        ("scenarios", _names(paths), _names(inputs)),
    ):
        if one != other:
            raise RequestError(
                f"The paths have {one} as {what}, the inputs {other}.",
                "Keep both with the same rng=, draws= and scenarios.",
            )


def _names(found: xr.Dataset) -> list[str]:
    return [str(name) for name in found[labels.SCENARIO].to_numpy()]


def _input_columns(inputs: xr.Dataset) -> dict[str, xr.DataArray]:
    """One variable for each input of each indicator, and for each lever."""
    names = [str(name) for name in inputs if name != _STRENGTH]
    kinds = [str(kind) for kind in inputs[labels.INPUT].to_numpy()]
    found = {
        f"{kind}_{name}": inputs[name].sel({labels.INPUT: kind}, drop=True)
        for name in names
        for kind in kinds
    }
    if _STRENGTH in inputs:
        levers = [str(lever) for lever in inputs[labels.LEVER].to_numpy()]
        strength = inputs[_STRENGTH]
        found |= {f"strength_{one}": strength.sel({labels.LEVER: one}, drop=True) for one in levers}
    return {name: column for name, column in found.items() if column.notnull().any()}


def _as_frame(groups: Mapping[str, Mapping[str, xr.DataArray]], paths: xr.Dataset) -> pd.DataFrame:
    """Columns of all groups, one row per scenario, draw and member."""
    columns = {name: column for group in groups.values() for name, column in group.items()}
    dims = [labels.SCENARIO, labels.DRAW]
    whole = xr.Dataset({name: column.drop_attrs() for name, column in columns.items()})
    whole = whole.drop_vars([str(name) for name in whole.coords if name not in whole.dims])
    batch = [str(dim) for dim in whole.dims if dim not in dims]
    frame = whole.to_dataframe(dim_order=[*dims, *batch]).reset_index()
    listed = {group: [str(name) for name in found] for group, found in groups.items()}
    frame.attrs = listed | {str(key): value for key, value in paths.attrs.items()}
    return frame
