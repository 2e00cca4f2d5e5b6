"""Where rising functions cross zero, many side by side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_ROUNDS = 200
_CLOSE = 2.0**-50


def rising_root(
    function: Callable[[Array], Array], bracket: tuple[Array, Array], ends: tuple[Array, Array]
) -> Array:
    """Return where rising functions, evaluated side by side, cross zero.

    Inverse quadratic interpolation where three points allow it, halving elsewhere (Chandrupatla 1997,
    https://doi.org/10.1016/s0965-9978(96)00051-8). A function that does not cross zero in its bracket gives
    the end nearer to it.

    Parameters
    ----------
    function
        Of an array of places.
    bracket, ends
        Lower and upper places, and the values there.

    Returns
    -------
    Array
    """
    (b, a), (fb, fa) = bracket, ends
    sure = np.where(fb >= 0, b, a)
    crosses = (fb < 0) & (fa > 0)
    t, done, out = np.full(np.shape(a), 0.5), ~crosses, sure
    for _ in range(_ROUNDS):
        if done.all():
            break
        x = a + t * (b - a)
        fx = function(np.where(done, out, x))
        same = (fx > 0) == (fa > 0)
        c, fc = np.where(same, a, b), np.where(same, fa, fb)
        b, fb = np.where(same, b, a), np.where(same, fb, fa)
        a, fa = x, fx
        best = np.where(np.abs(fa) < np.abs(fb), a, b)
        width = np.abs(b - a)
        least = _CLOSE * (1.0 + np.abs(best)) / np.maximum(width, 1e-300)
        out = np.where(done, out, best)
        done = done | (least > 0.5) | (fa == 0)
        t = np.clip(_interpolated((a, b, c), (fa, fb, fc)), least, 1.0 - least)
    return np.asarray(out)


def _interpolated(places: tuple[Array, Array, Array], values: tuple[Array, Array, Array]) -> Array:
    """Share of the way from the newest place to the other end where the next one lies."""
    (a, b, c), (fa, fb, fc) = places, values
    with np.errstate(all="ignore"):
        xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
        trusted = (phi**2 < xi) & ((1.0 - phi) ** 2 < 1.0 - xi)
        step = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
    return np.where(trusted & np.isfinite(step), step, 0.5)
