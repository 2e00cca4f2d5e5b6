"""A derivative by differences on common random numbers, with what is left of its error."""

from __future__ import annotations

from dataclasses import dataclass, replace

import xarray as xr

from sxsim.analysis.attainment import attainment
from sxsim.analysis.compare import compare
from sxsim.analysis.moves.case import Case
from sxsim.analysis.moves.factor import Factor
from sxsim.labels import SCENARIO
from sxsim.simulation import Method
from sxsim.streams import Seed

_LOWER, _UPPER = "lower", "upper"
_JOINT = "joint"


@dataclass(frozen=True, kw_only=True, slots=True)
class Slope:
    """A derivative and its error by target, and of all together.

    Attributes
    ----------
    value, error
        ``(target, *batch)``, of the targets the factor may decide.
    joint, joint_error
        ``(*batch)``; None where it was not asked for.
    """

    value: xr.DataArray
    error: xr.DataArray
    joint: xr.DataArray | None
    joint_error: xr.DataArray | None


def slope(case: Case, factor: Factor, *, step: float, method: Method | None, seed: Seed) -> Slope:
    """Return the derivatives of a case by a factor.

    With ``d(h)`` the difference of the probabilities at the ends, over their distance, the derivative is
    ``(4 d(h/2) - d(h)) / 3`` between ``h`` to either side, and ``2 d(h/2) - d(h)`` to one side alone
    (Richardson and Gaunt 1927, https://doi.org/10.1098/rsta.1927.0008). The error stated is what that adds to
    ``d(h/2)``, and the numerical error of the differences.
    """
    wide, narrow = (_quotient(case, factor, part * step, method, seed) for part in (1.0, 0.5))
    value = {key: _extrapolated(narrow[key][0], wide[key][0], factor) for key in wide}
    error = {key: _error(value[key], narrow[key], wide[key], factor) for key in wide}
    return Slope(
        value=value["each"], error=error["each"], joint=value.get(_JOINT), joint_error=error.get(_JOINT)
    )


Quotient = tuple[xr.DataArray, xr.DataArray]


def _quotient(
    case: Case, factor: Factor, step: float, method: Method | None, seed: Seed
) -> dict[str, Quotient]:
    """Differences over their distance and their numerical errors, of each target and all together."""
    low = case if factor.one_sided else factor.moved(case, -step)
    high, distance = factor.moved(case, step), step if factor.one_sided else 2.0 * step
    if low.model is high.model and low.targets == high.targets:
        found = _paired(low, high, method, seed)
    else:
        found = _apart(low, high, method, seed)
    return {key: (value / distance, error / distance) for key, (value, error) in found.items()}


def _paired(low: Case, high: Case, method: Method | None, seed: Seed) -> dict[str, Quotient]:
    ends = [_renamed(low, _LOWER), _renamed(high, _UPPER)]
    gain = compare(
        low.model,
        low.targets,
        scenarios=[end.scenario for end in ends],
        baseline=_LOWER,
        method=method,
        rng=seed.entropy,
    ).sel({SCENARIO: _UPPER})
    return {
        "each": (gain["difference"], gain["standard_error"]),
        _JOINT: (gain["joint_difference"], gain["joint_standard_error"]),
    }


def _apart(low: Case, high: Case, method: Method | None, seed: Seed) -> dict[str, Quotient]:
    ends = [
        attainment(end.model, end.targets, scenarios=end.scenario, method=method, rng=seed.entropy).isel(
            {SCENARIO: 0}
        )
        for end in (low, high)
    ]
    return {
        key: (ends[1][name] - ends[0][name], _hypot(ends[0][error], ends[1][error]))
        for key, name, error in (
            ("each", "probability", "standard_error"),
            (_JOINT, "joint", "joint_standard_error"),
        )
    }


def _renamed(case: Case, name: str) -> Case:
    return replace(case, scenario=replace(case.scenario, id=name))


def _extrapolated(narrow: xr.DataArray, wide: xr.DataArray, factor: Factor) -> xr.DataArray:
    order = 1.0 if factor.one_sided else 3.0
    return narrow + (narrow - wide) / order


def _error(value: xr.DataArray, narrow: Quotient, wide: Quotient, factor: Factor) -> xr.DataArray:
    """What the extrapolation adds, and the numerical errors of both quotients as they enter it."""
    order = 1.0 if factor.one_sided else 3.0
    return abs(value - narrow[0]) + _hypot((1.0 + 1.0 / order) * narrow[1], wide[1] / order)


def _hypot(one: xr.DataArray, other: xr.DataArray) -> xr.DataArray:
    return (one**2 + other**2) ** 0.5
