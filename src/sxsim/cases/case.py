"""One problem with its known answer, and the pieces problems are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.labels import YEAR
from sxsim.links import Carrier, Log
from sxsim.plan import (
    TREND,
    Benchmark,
    Between,
    Condition,
    Level,
    Number,
    Promise,
    Relation,
    Scenario,
    Target,
    When,
)
from sxsim.processes import Grown, GrowthModel, RandomWalk

Array = NDArray[np.float64]

LAST = 2012  # last year that is known in every case


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A model, what is asked of it, and the probability that all of it is hit.

    Attributes
    ----------
    name
        What the case is called.
    shows
        The kind of target, and of law, it stands for.
    model, targets, scenario
        What :func:`sxsim.attainment` is given.
    answer
        Probability that every target is hit, the joint where there are several.
    error
        Accuracy of the answer: a bound on rounding, or the change when quadrature takes half as many nodes.
    computed
        How the answer was found.
    source
        Where the formula stands, if it is a textbook's.

    Examples
    --------
    >>> import sxsim as sx
    >>> case = sx.cases.load("every_year_driftless")
    >>> case.answer
    0.24609375
    >>> odds = sx.attainment(case.model, case.targets, rng=1)
    >>> bool(abs(odds.joint.item() - case.answer) < 4 * odds.joint_standard_error.item())
    True
    """

    name: str
    shows: str
    model: GrowthModel
    targets: tuple[Target, ...]
    answer: float
    error: float
    computed: str
    scenario: Scenario = TREND
    source: str = ""


def walk(
    name: str = "y",
    *,
    drift: float = 0.05,
    sigma: float = 0.1,
    last: float = 100.0,
    carrier: Carrier | None = None,
) -> Grown:
    """Return a random walk with known drift and sigma."""
    law = RandomWalk(drift=drift, sigma=sigma)
    return Grown(name=name, carrier=carrier or Log(), law=law, last_value=last, last_year=LAST)


def model_of(
    *grown: Grown, correlation: object = None, history: dict[str, Sequence[float]] | None = None
) -> GrowthModel:
    """Return the model of some indicators; a history ends in the last year."""
    table = xr.Dataset()
    for name, values in (history or {}).items():
        years = np.arange(LAST - len(values) + 1, LAST + 1)
        table[name] = xr.DataArray(np.asarray(values, float), dims=YEAR, coords={YEAR: years})
    matrix = None if correlation is None else np.asarray(correlation, float)
    return GrowthModel(indicators=grown, last_year=LAST, correlation=matrix, history=table)


def target(promise: Promise, name: str = "T") -> Target:
    """Return a promise as a target."""
    return Target(id=name, label=name, condition=promise)


def reaches(name: str, level: float | Level, *years: int, when: When = When.EVERY_YEAR) -> Condition:
    """Return the condition that an indicator is at least at a level; at or between numbers, or moving."""
    given = Number(value=float(level)) if isinstance(level, float | int) else level
    relation = Relation.WITHIN if isinstance(given, Between) else Relation.AT_LEAST
    return Condition(indicator=name, relation=relation, level=given, years=years, when=when)


def stays_below(name: str, level: float, *years: int, when: When = When.EVERY_YEAR) -> Condition:
    """Return the condition that an indicator is at most at a number."""
    return Condition(
        indicator=name, relation=Relation.AT_MOST, level=Number(value=level), years=years, when=when
    )


def beside(other: str, times: float = 1.0) -> Benchmark:
    """Return a multiple of another indicator as a level."""
    return Benchmark(indicator=other, times=times)
