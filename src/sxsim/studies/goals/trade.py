"""How much of one lever stands in for another, at the same probability."""

from __future__ import annotations

import numpy as np
import xarray as xr

from sxsim import labels
from sxsim.errors import RequestError
from sxsim.plan import TREND, Lever, Plan, Scenario
from sxsim.processes import GrowthModel
from sxsim.simulation import Method
from sxsim.simulation.method import check_whole
from sxsim.streams import provenance, type_of_rng
from sxsim.studies.goals.asked import Wanted, as_shares, asked_of
from sxsim.studies.goals.dose import DoseSearch, dosing_of
from sxsim.studies.goals.seek import REQUIRED, WARNING, checked_bounds
from sxsim.studies.goals.table import found_table

Pair = tuple[str | Lever, str | Lever]


def trade_off(
    model: GrowthModel,
    targets: Wanted,
    *,
    levers: Pair,
    probability: float = 0.8,
    points: int = 9,
    bounds: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 1.0), (0.0, 1.0)),
    scenario: Scenario = TREND,
    start: int | None = None,
    end: int | None = None,
    method: Method | None = None,
    rng: type_of_rng = None,
) -> xr.Dataset:
    """Say how much of a second lever it takes beside every dose of a first one: a line of equal probability.

    Parameters
    ----------
    model, scenario, start, end, method, rng
        As for :func:`sxsim.goal_seek`.
    targets
        What is to be hit, all together where there are several, proxies left out.
    levers
        Two different ones, by their ids in the plan or the scenario, or as ``sx.Lever``.
    probability
        What is wanted.
    points
        Doses of the first lever that are looked at, spread evenly, at least two.
    bounds
        Smallest and largest dose of the first lever and of the second.

    Returns
    -------
    xarray.Dataset
        Dims ``(dose, *batch)``, ``dose`` that of the first lever: ``required``, the smallest dose of the
        second one, NaN where none within its bounds is enough; ``lower``, ``upper``, ``standard_error``,
        ``achieved``, ``achieved_error`` and ``status`` as in :func:`sxsim.goal_seek`, and ``route``. All
        points share their draws. Attributes ``warning`` and ``assumption`` say what nobody has measured.

    Raises
    ------
    RequestError
        As for :func:`sxsim.goal_seek`; one lever twice, fewer than two points, or no target can be assessed.
    UnknownNameError
        A lever that is not known.

    Examples
    --------
    >>> import sxsim as sx
    >>> walk = sx.RandomWalk(drift=0.02, sigma=0.05)
    >>> rd = sx.Grown(name="rd", carrier=sx.Log(), law=walk, last_value=100.0, last_year=2012)
    >>> model = sx.GrowthModel(indicators=(rd,), last_year=2012)
    >>> aim = sx.Condition(
    ...     indicator="rd", relation=sx.Relation.AT_LEAST, level=sx.Number(value=140.0), years=(2016,)
    ... )
    >>> fund, tax = (
    ...     sx.Lever(id=name, label=name, effects=(
    ...         sx.Effect(indicator="rd", size=size, unit=sx.EffectUnit.LOG_A_YEAR, origin="an example"),
    ...     ))
    ...     for name, size in (("fund", 10.0), ("tax", 5.0))
    ... )
    >>> target = sx.Target(id="T", label="R&D", condition=aim)
    >>> line = sx.trade_off(model, target, levers=(fund, tax), points=3, bounds=((0, 1), (0, 2)))
    >>> line.required.round(3).values.tolist()
    [1.703, 0.703, 0.0]
    """
    plan = targets if isinstance(targets, Plan) else None
    share = as_shares(probability)[0]
    asked = asked_of(model, targets, scenario, method, rng)
    limits = [checked_bounds(one) for one in bounds]
    count = check_whole("points", points, "Give two or more.", least=2)
    first, second = (
        dosing_of(one, plan, scenario, model.last_year + 1, start=start, end=end) for one in levers
    )
    if first.lever.id == second.lever.id:
        raise RequestError(f"levers= names {first.lever.id!r} twice.", "Name two different ones.")
    question = asked.together()
    if isinstance(question, str):
        raise RequestError(f"There is nothing to ask for: {question}.", "See the reasons in sx.attainment.")
    doses = np.linspace(*limits[0], count)
    search = DoseSearch(
        question=question,
        model=model,
        scenario=scenario,
        dosing=second,
        desk=asked.desk,
        bounds=limits[1],
    )
    rows = search.beside(first, doses.tolist(), share)
    table = found_table([[row] for row in rows], asked.batch, REQUIRED)
    out = {
        name: ((labels.DOSE, *dims[2:]), np.asarray(values)[:, 0]) for name, (dims, values) in table.items()
    }
    told = second.added(first.added(scenario, 1.0), 1.0).assumptions()
    record = {
        **provenance(asked.desk.seed, asked.desk.name, **model.vintage()),
        "question": "trade-off",
        "levers": [first.lever.id, second.lever.id],
        "lever_labels": [first.lever.label, second.lever.label],
        "lever_labels_zh": [first.lever.label_zh, second.lever.label_zh],
        "starts": [first.start, second.start],
        "probability": share,
        "targets": [question.target.id for question in asked.whole()],
        "scenario": scenario.id,
        "warning": WARNING,
        "assumption": "\n".join(str(one) for one in told),
    }
    return xr.Dataset(out, coords={labels.DOSE: doses, **asked.batch}, attrs=record)
