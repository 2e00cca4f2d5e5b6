"""How many of their targets those in charge are likely to hit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import RequestError, UnknownNameError
from sxsim.plan import TREND, Plan, Scenario, Target
from sxsim.processes import GrowthModel
from sxsim.simulation import Method, as_scenarios
from sxsim.streams import Seed, type_of_rng
from sxsim.studies.board import Board
from sxsim.studies.outcome import Outcome, outcomes

UNASSIGNED = "unassigned"


class Grouping(Enum):
    """By what targets are grouped."""

    UNIT = "lead unit"
    CHAPTER = "chapter"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """One line of the board: its id and labels, and the targets it is in charge of."""

    id: str
    label: str
    label_zh: str
    targets: tuple[Target, ...]


def scoreboard(
    plan: Plan,
    odds: xr.Dataset,
    *,
    by: Grouping = Grouping.UNIT,
    model: GrowthModel | None = None,
    scenarios: Scenario | Sequence[Scenario] | None = None,
    method: Method | None = None,
    draws: int = 20_000,
    rng: type_of_rng = None,
) -> xr.Dataset:
    """Group the odds of a plan by those in charge, or by chapter: how many targets, how many hits expected.

    A target that several lead stands under each of them, with the others named; the totals count it once.
    Proxies are no targets and count nowhere. A target is under a unit that its own row names, or a lead-unit
    clause; in the chapter of the clauses that name it. What is under nobody stands under ``unassigned``.

    Parameters
    ----------
    plan
        Units, clauses, targets and published figures.
    odds
        From :func:`sxsim.attainment` with the plan's targets; what was not asked counts as not assessed.
    by
        ``sx.Grouping.UNIT`` or ``sx.Grouping.CHAPTER``.
    model, scenarios, method
        What the odds are of: with a model all of an entry's targets are asked together. ``scenarios`` may be
        left out where all of the odds are the plan's own.
    draws, rng
        Paths from which the range of the number of hits is counted, and the seed.

    Returns
    -------
    xarray.Dataset
        By ``entry``: ``targets``, ``assessed``, and ``hits`` and ``misses`` among the outcomes that are
        known. By ``(scenario, entry)``: ``expected_hits``, the sum of the probabilities of what is assessed,
        whatever their dependence; ``hits_low`` and ``hits_high``, 5 and 95 percent of the number of hits;
        ``expected_hits_spread``, the most its standard deviation can be, ``sum sqrt(p (1 - p))``;
        ``all_hit`` that all assessed ones are hit, its ``all_hit_standard_error``, and the Frechet bounds
        ``all_hit_lower`` and ``all_hit_upper``. NaN where nothing is assessed; without a model there is no
        range, and ``all_hit`` only of one target. By ``(entry, target)``: ``leads``, 1 or 0, and
        ``shared_with``, the others that lead it. By ``target``: ``reason`` it was not assessed, ``outcome``,
        and its odds as they were. ``total_...`` counts every target once.

    Raises
    ------
    RequestError
        The odds have a batch, or no target of the plan.
    UnknownNameError
        A scenario of the odds is neither given nor in the plan.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> odds = sx.attainment(sx.fit(plan.history, until=2012), plan.targets)
    >>> board = sx.scoreboard(plan, odds)
    >>> first = board.sel(entry="science-technology")
    >>> int(first.targets), int(first.assessed), round(float(first.expected_hits.squeeze()), 2)
    (13, 2, 0.19)
    """
    counted = tuple(target for target in plan.targets if target.proxy_for is None)
    _check(odds, counted)
    names = [target.id for target in counted]
    entries = [entry for entry in _entries(plan, counted, by) if entry.targets]
    groups = [*([target in entry.targets for target in counted] for entry in entries), [True] * len(counted)]
    asked = odds.reindex({labels.TARGET: names}).transpose(*labels.ODDS_DIMS)
    board = Board(
        targets=counted,
        leads=np.array(groups),
        p=asked["probability"].to_numpy(),
        error=asked["standard_error"].to_numpy(),
    )
    known = outcomes(counted, plan.history)
    columns = board.counts(known) | board.expected()
    if model is not None:
        chosen = _scenarios(odds, plan, scenarios)
        columns |= board.together(model, chosen, method, draws, Seed.of(rng))
    table = _split(columns, odds[labels.SCENARIO].to_numpy())
    return (
        table.assign(_about_targets(asked, counted, known) | _sharing(entries, counted))
        .assign_coords(
            {
                labels.ENTRY: [entry.id for entry in entries],
                labels.TARGET: names,
                "entry_label": (labels.ENTRY, [entry.label for entry in entries]),
                "entry_label_zh": (labels.ENTRY, [entry.label_zh for entry in entries]),
            }
        )
        .assign_attrs({str(key): value for key, value in odds.attrs.items()} | {"grouped_by": by.value})
    )


def _check(odds: xr.Dataset, counted: Sequence[Target]) -> None:
    if not isinstance(odds, xr.Dataset) or not {"probability", "reason"} <= set(odds.data_vars):
        raise RequestError("These are no odds.", "Give what sx.attainment(model, plan.targets) returned.")
    if extra := set(odds["probability"].dims) - set(labels.ODDS_DIMS):
        raise RequestError(
            f"The odds have the dimension {', '.join(map(str, sorted(extra, key=str)))}.",
            "Select one member first, such as odds.sel(region=...).",
        )
    if not {target.id for target in counted} & set(odds[labels.TARGET].to_numpy().tolist()):
        raise RequestError(
            "The odds hold no target of the plan.", "Ask sx.attainment(model, plan.targets) of the same plan."
        )


def _scenarios(odds: xr.Dataset, plan: Plan, given: Scenario | Sequence[Scenario] | None) -> list[Scenario]:
    """Return the scenarios of the odds, in their order."""
    own = () if given is None else as_scenarios(given)
    known = {one.id: one for one in (TREND, *plan.scenarios, *own)}
    names = [str(name) for name in odds[labels.SCENARIO].to_numpy()]
    for name in names:
        if name not in known:
            raise UnknownNameError(
                f"Scenario {name!r} of the odds is not in the plan.", "Give it in scenarios=."
            )
    return [known[name] for name in names]


def _entries(plan: Plan, counted: Sequence[Target], by: Grouping) -> list[_Entry]:
    """Lines of the board in the plan's order, and what is under nobody."""
    if by is Grouping.UNIT:
        led = {unit.id: frozenset(plan.leads(unit.id)) for unit in plan.units}
        names = {unit.id: (unit.label, unit.label_zh) for unit in plan.units}
    else:
        led, names = {}, {}
        for clause in (clause for clause in plan.clauses if clause.section):
            led[clause.section] = led.get(clause.section, frozenset()) | set(clause.rows)
            names[clause.section] = (clause.section, clause.section)
    found = [
        _Entry(id=key, label=names[key][0], label_zh=names[key][1], targets=_among(counted, rows))
        for key, rows in led.items()
    ]
    taken = {target for entry in found for target in entry.targets}
    left = tuple(target for target in counted if target not in taken)
    return [*found, _Entry(id=UNASSIGNED, label="", label_zh="", targets=left)]


def _among(counted: Sequence[Target], rows: Collection[str]) -> tuple[Target, ...]:
    return tuple(target for target in counted if target.id in rows)


def _split(columns: Mapping[str, NDArray[Any]], scenarios: NDArray[Any]) -> xr.Dataset:
    """Columns of the lines, and those of all together as totals."""
    found: dict[str, tuple[tuple[str, ...], NDArray[Any]]] = {}
    for name, table in columns.items():
        dims = (labels.SCENARIO,) if table.ndim == 2 else ()
        found[name] = (*dims, labels.ENTRY), table[..., :-1]
        found[f"total_{name}"] = dims, table[..., -1]
    return xr.Dataset(found, coords={labels.SCENARIO: scenarios})


def _about_targets(
    asked: xr.Dataset, counted: Sequence[Target], known: Sequence[Outcome]
) -> dict[str, tuple[Any, Any]]:
    """Return why targets were not assessed, and what became of them."""
    reasons = [
        str(reason) if isinstance(reason, str) else "it was not asked"
        for reason in asked["reason"].to_numpy()
    ]
    return {
        "probability": (labels.ODDS_DIMS, asked["probability"].to_numpy()),
        "standard_error": (labels.ODDS_DIMS, asked["standard_error"].to_numpy()),
        "reason": (labels.TARGET, reasons),
        "outcome": (labels.TARGET, [one.verdict.value for one in known]),
        "label": (labels.TARGET, [target.label for target in counted]),
        "label_zh": (labels.TARGET, [target.label_zh for target in counted]),
    }


def _sharing(
    entries: Sequence[_Entry], counted: Sequence[Target]
) -> dict[str, tuple[tuple[str, str], NDArray[Any]]]:
    """Return who leads what, and together with whom, ``(entry, target)``."""
    leaders = {target.id: [entry.id for entry in entries if target in entry.targets] for target in counted}
    leads = np.array([[target in entry.targets for target in counted] for entry in entries], np.int8)
    shared = [
        [
            ", ".join(name for name in leaders[target.id] if name != entry.id)
            if target in entry.targets
            else ""
            for target in counted
        ]
        for entry in entries
    ]
    dims = (labels.ENTRY, labels.TARGET)
    return {"leads": (dims, leads), "shared_with": (dims, np.array(shared, dtype=str))}
