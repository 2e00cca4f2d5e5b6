"""Conjunctions of linear conditions inside Gaussian cells: which integral answers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.event import Leaf, Row, link_shift
from sxsim.analysis.exact import Answer
from sxsim.analysis.integrals.common_direction import CommonDirection
from sxsim.analysis.integrals.integral import Integral
from sxsim.analysis.integrals.refine import refined, variance_parts
from sxsim.analysis.integrals.separation import Sampled
from sxsim.analysis.integrals.system import System, system_of
from sxsim.links import Count
from sxsim.processes import GrowthModel, PathLaw
from sxsim.simulation import Exact, Sobol
from sxsim.streams import Seed

Array = NDArray[np.float64]

_MOST = 1 << 18  # points of one scramble
_TRUSTED = 1e-5  # error of the integral over factors above which it is left
_ROUGH = 3e-5  # errors from here on take fewer points than factors take curves


def obstacle(rows: Sequence[Leaf], model: GrowthModel) -> str:
    """Say what keeps the conditions from being linear inside every Gaussian cell; empty if nothing does."""
    names = sorted({name for row in rows for name in row.names})
    if derived := [name for name in names if name in model.derived]:
        return f"{', '.join(derived)}: it is computed from others by an identity"
    if told := sorted(model.concerned(names)):
        return f"{', '.join(told)}: the law is another by figures given for years to come"
    if walked := [name for name in names if isinstance(model[name].law, PathLaw)]:
        return f"{', '.join(walked)}: the law is walked year by year"
    if still := certain(names, model):
        return f"{', '.join(still)}: nothing there is uncertain"
    laws = {name: law.mixture(1) for name in names if not isinstance(law := model[name].law, PathLaw)}
    for row in rows:
        if not isinstance(row, Row):
            return f"{row.indicator} is added up over years"
        if row.benchmark is None:
            continue
        carriers = model[row.indicator].carrier, model[row.benchmark].carrier
        if carriers[0] != carriers[1]:
            return f"{row.indicator} and its level {row.benchmark} grow on different scales"
        if isinstance(carriers[0], Count):
            return f"{row.indicator} and its level {row.benchmark} are whole numbers"
        if link_shift(*carriers, row.times) is None:
            return f"{row.times:g} times {row.benchmark} is no fixed step away from it on its scale"
        if laws[row.indicator].exponents.any() or laws[row.benchmark].exponents.any():
            return f"{row.indicator} and its level {row.benchmark} move, on a scale that the cell decides"
    return ""


def certain(names: Iterable[str], model: GrowthModel) -> list[str]:
    """Return those whose future has no spread, so that it may lie on a level itself."""
    laws = {name: law for name in names if not isinstance(law := model[name].law, PathLaw)}
    return [name for name, law in sorted(laws.items()) if not (law.mixture(1).scales > 0).all()]


def quasi_answer(
    rows: Sequence[Leaf],
    model: GrowthModel,
    offsets: Mapping[str, Array],
    *,
    method: Sobol | Exact,
    seed: Seed,
    split: bool = True,
) -> Answer:
    """P(all rows hold), its error, and what comes from parameters and cells.

    Raises
    ------
    RequestError
        The error asked for is not reached.
    """
    size = model[rows[0].indicator].size
    linear = [row for row in rows if isinstance(row, Row)]
    systems = [system_of(linear, model, offsets, member) for member in range(size)]
    until = method.error if isinstance(method, Exact) else method.until_error
    if until is not None and until >= _ROUGH:
        integrals: Sequence[Integral] = [Sampled.of(system) for system in systems]
    else:
        integrals = _integrals(systems, _TRUSTED if until is None else min(_TRUSTED, 0.5 * until))
    found = refined(integrals, method, seed, _MOST)
    parts = (np.zeros(size), np.zeros(size))
    if split:
        parts = variance_parts(
            lambda twin: [Sampled.of(system, twin) for system in systems],
            found.value,
            method,
            seed,
            several=any(system.mixed for system in systems),
        )
    common = isinstance(integrals[0], CommonDirection)
    return Answer(
        probability=found.value,
        standard_error=found.error,
        route="common direction" if common else "separation of variables",
        variance_parameter=parts[0],
        variance_model=parts[1],
    )


def _integrals(systems: Sequence[System], trusted: float) -> Sequence[Integral]:
    """Return one integral a member, all of a kind: by a common direction if it can, else by separation."""
    common = [one for system in systems if (one := CommonDirection.of(system)) and not one.bound > trusted]
    if len(common) == len(systems):
        return common
    return [Sampled.of(system) for system in systems]
