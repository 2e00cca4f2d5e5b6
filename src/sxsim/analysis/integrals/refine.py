"""How far an integral is refined, and how its probability splits into shock, parameters and cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.integrals.integral import Estimate, Integral, integrate
from sxsim.errors import RequestError
from sxsim.simulation import Exact, Sobol, Twin
from sxsim.streams import Seed

Array = NDArray[np.float64]

_START = 256


def refined(integrals: Sequence[Integral], method: Sobol | Exact, seed: Seed, most: int) -> Estimate:
    """Integrate with the points of a method, or double them until its error is reached.

    Raises
    ------
    RequestError
        The error is not reached with ``most`` points of one scramble.
    """
    sobol = method
    if isinstance(method, Exact):
        sobol = Sobol(points=_START, until_error=method.error)
    assert isinstance(sobol, Sobol)
    until = sobol.until_error
    found = integrate(
        integrals, points=sobol.points, replicates=sobol.replicates, seed=seed, until=until, most=most
    )
    if until is not None and (found.error > until).any():
        after = f"after {sobol.replicates} scrambles of {found.points:,} points"
        raise not_reached(method, found.error, after)
    return found


def error_asked(method: Sobol | Exact) -> float | None:
    """Return the error that is to be reached; None where there is none."""
    return method.error if isinstance(method, Exact) else method.until_error


def with_error(method: Sobol | Exact, error: float) -> Sobol | Exact:
    """Return the same method for another error."""
    if isinstance(method, Exact):
        return replace(method, error=error)
    return replace(method, until_error=error)


def not_reached(method: Sobol | Exact, errors: Array, after: str) -> RequestError:
    """Return the refusal of a method whose error is not reached."""
    name, worst = "error" if isinstance(method, Exact) else "until_error", float(np.nanmax(errors))
    return RequestError(
        f"An error of {error_asked(method):g} is not reached: it is {worst:.1e} {after}.",
        f"Take sx.{type(method).__name__}({name}={_rounded_up(worst):g}), or sx.Sobol() for what its points "
        "give.",
    )


def variance_parts(
    two_worlds: Callable[[Twin], Sequence[Integral]],
    p: Array,
    method: Sobol | Exact,
    seed: Seed,
    *,
    several: bool,
) -> tuple[Array, Array]:
    """Return what comes from parameters within cells and from cells, where there are several.

    Two worlds that share something both hit with probability ``p**2`` plus the variance of the probability
    given what they share.
    """
    sobol = method if isinstance(method, Sobol) else Sobol()

    def between(twin: Twin) -> Array:
        found = integrate(two_worlds(twin), points=sobol.points, replicates=sobol.replicates, seed=seed)
        return found.value - p**2

    known = np.clip(between(Twin.PARAMETERS), 0.0, p * (1.0 - p))
    cells = np.clip(between(Twin.CELLS), 0.0, known) if several else np.zeros_like(p)
    return known - cells, cells


def _rounded_up(error: float) -> float:
    """Return an error of one digit that is surely reached."""
    size = 10.0 ** np.floor(np.log10(error))
    return float(np.ceil(1.5 * error / size) * size)
