"""Which implementation of the steps a run takes; the bits are the same."""

from __future__ import annotations

import sys
from functools import cache

from sxsim.simulation.plain import Plain
from sxsim.simulation.strand import Steps

_WORTH = 1 << 24


def steps_for(values: int) -> Steps:
    """Return the compiled steps where numba is installed and the run is long enough to load it.

    Parameters
    ----------
    values
        How many yearly values the run draws.
    """
    loaded = "sxsim.simulation.compiled" in sys.modules
    return compiled_steps() or Plain() if loaded or values >= _WORTH else Plain()


@cache
def compiled_steps() -> Steps | None:
    """Return the compiled steps; None without numba, or where they would not give numpy's bits."""
    try:
        from sxsim.simulation.compiled import Compiled, same_bits
    except ImportError:
        return None
    return Compiled() if same_bits() else None
