"""What a history looks like, free of its units: the inputs of the learned prior over cells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

COUNT = 18
_FLOOR = 2e-3


def features(logs: Array, gaps: tuple[int, ...]) -> Array:
    """Return ``(member, COUNT)``, each roughly in [-3, 3], the first one constant.

    ``logs`` is the log carrier ``(member, figure)``; changes over gaps are taken per year.
    """
    members, points = logs.shape
    out = np.zeros((members, COUNT))
    out[:, 0] = 1.0
    out[:, 1] = 1.5 * np.log(points / 22.0)
    if points < 2:
        return out
    change = np.diff(logs, axis=1) / np.array(gaps, float)
    mean, spread = change.mean(axis=1), change.std(axis=1) + _FLOOR
    size = np.sqrt((change**2).mean(axis=1)) + _FLOOR
    recent = change[:, -4:]
    older = change[:, :-4] if change.shape[1] > 6 else change
    centred = change - mean[:, None]
    slope, rest = _line(logs, gaps)
    noise = np.sqrt((rest**2).mean(axis=1)) + 1e-3
    last = np.zeros((members, 3))
    seen = min(3, change.shape[1])
    last[:, :seen] = np.clip(centred[:, : -seen - 1 : -1] / spread[:, None], -3, 3)
    columns = (
        np.log(size / 0.07),
        np.clip(mean / spread, -2, 2),
        np.sign(change).mean(axis=1),
        2.0 * (centred[:, 1:] * centred[:, :-1]).sum(axis=1) / (change.shape[1] * spread**2),
        np.log((np.sqrt((recent**2).mean(axis=1)) + _FLOOR) / size),
        last[:, 0],
        last[:, 1],
        last[:, 2],
        np.clip((recent.mean(axis=1) - older.mean(axis=1)) / spread, -3, 3),
        np.log(size / (np.median(np.abs(change), axis=1) + _FLOOR)) - 0.5,
        np.clip(rest[:, -1] / noise, -3, 3),
        np.clip(20.0 * mean, -3, 3),
        np.clip(20.0 * recent.mean(axis=1), -3, 3),
        np.clip(8.0 * slope / noise, -3, 3),
        np.clip((logs[:, -1] - logs.max(axis=1)) / (logs.std(axis=1) + 1e-3), -3, 0),
        4.0 * (change == 0).mean(axis=1),
    )
    out[:, 2:] = np.stack(columns, axis=1)
    return out


def _line(logs: Array, gaps: tuple[int, ...]) -> tuple[Array, Array]:
    """Slope of the straight line through the figures, and the rest."""
    time = np.concatenate([[0.0], np.cumsum(gaps, dtype=float)])
    time -= time.mean()
    slope = logs @ time / (time @ time)
    return slope, logs - logs.mean(axis=1, keepdims=True) - slope[:, None] * time
