"""Windows in which the quantiles of a run will lie, from the law of the year or from a pilot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsim.processes import Grown, PathLaw
from sxsim.processes.path_process import DRAWS
from sxsim.scenarios import Policy
from sxsim.simulation.pilot import pilot_of
from sxsim.simulation.record import Setting

Array = NDArray[np.float64]

_ERRORS = 12.0  # half width of a window in Monte Carlo errors of the probability
_PILOT = 8  # blocks


def windows_of(name: str, policy: Policy, setting: Setting, levels: Array) -> tuple[Array, Array]:
    """Ends of the windows ``(end, probability, year, member)`` and errors, both on the link scale.

    Of a policy that leaves the law in closed form, those of the world; else of what it makes of it, and of
    what is derived in published units.
    """
    model = policy.model
    if name in model and not model.concerned([name]) and not policy.differs([name]):
        return _by_law(model[name], setting, levels)
    found = [
        pilot_windows(pilot, levels, setting.draws)
        for place in range(model.members(name))
        for pilot in pilot_of([policy], name, len(setting.years), place=place, blocks=_PILOT)
    ]
    return np.stack([ends for ends, _ in found], axis=-1), np.stack([error for _, error in found], axis=-1)


def pilot_windows(pilot: Array, probabilities: Array, draws: int) -> tuple[Array, Array]:
    """Ends of the windows ``(end, probability, year)`` and errors, from levels ``(year, draw)`` of a pilot.

    A window reaches twelve errors of the run and of the pilot to either side; where that is beyond the
    pilot's extremes, as far again as those are from each other.
    """
    count, ordered = pilot.shape[1], np.sort(pilot, axis=1)
    variance = probabilities * (1.0 - probabilities)
    error = np.sqrt(variance / draws)
    reach = _ERRORS * (error + np.sqrt(variance / count))
    low, high, below, above = (
        ordered[:, np.clip(np.round(wanted * count), 0, count - 1).astype(int)].T
        for wanted in (
            probabilities - reach,
            probabilities + reach,
            probabilities - error,
            probabilities + error,
        )
    )
    extent = ordered[:, -1] - ordered[:, 0]
    low = low - np.where(((probabilities - reach) * count < 1.0)[:, None], extent, 0.0)
    high = high + np.where(((probabilities + reach) * count > count - 1.0)[:, None], extent, 0.0)
    return _opened(low, high), 0.5 * (above - below)


def _by_law(grown: Grown, setting: Setting, levels: Array) -> tuple[Array, Array]:
    """Twelve errors of the run to either side of the law's own quantile."""
    variance = levels * (1.0 - levels)
    error = np.sqrt(variance / setting.draws)
    reach = _ERRORS * error
    if isinstance(grown.law, PathLaw) and not grown.law.closed_form:
        reach = reach + _ERRORS * np.sqrt(variance / DRAWS)
    least, most = levels * 1e-4, 1.0 - (1.0 - levels) * 1e-4
    wanted = np.clip([levels - reach, levels + reach, levels - error, levels + error], least, most)
    steps = setting.years[:, None] - grown.last_years()
    found = np.stack([grown.marginal(step).quantiles(wanted.ravel()) for step in steps], axis=1)
    found += grown.last_level()
    low, high, below, above = found.reshape(*wanted.shape, *found.shape[1:])
    return _opened(low, high), 0.5 * (above - below)


def _opened(low: Array, high: Array) -> Array:
    """Ends of windows a little wider, and never without width, ``(end, ...)``."""
    span = np.maximum(high - low, 1e-9 * (1.0 + np.abs(low)))
    return np.stack([low - 0.01 * span, high + 0.01 * span])
