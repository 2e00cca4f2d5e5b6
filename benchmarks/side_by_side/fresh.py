"""Figures that need a fresh process: peak memory, and the time of the import."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from main_job import fresh, smallest

FOLDER = Path(__file__).parents[1]
MEBI = 2**20

_SIMULATE = """
from side_by_side import fresh, ours
ours.mixture()({draws})
print(fresh.peak_bytes())
"""


def peak_bytes() -> int:
    """Return the largest memory this process has held.

    Linux's own mark of the process comes first: the figure of ``getrusage`` starts with that of the parent.
    """
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def peak_of(draws: int) -> int:
    """Peak memory in bytes of a fresh process that counts the hits of the mixture."""
    search = os.pathsep.join([str(FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])])
    ended = subprocess.run(
        [sys.executable, "-c", _SIMULATE.format(draws=draws)],
        env=os.environ | {"PYTHONPATH": search},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(ended.stdout)


def memory_growth(many: int = 10**8, few: int = 10**6) -> float:
    """Mebibytes that many draws need more than few."""
    return (peak_of(many) - peak_of(few)) / MEBI


def import_ratio(repeat: int = 7) -> float:
    """Time of ``import sxsim`` over that of what it stands on; the fastest of several, in turn."""
    ours, theirs = fresh("import sxsim"), fresh("import xarray, scipy.stats")
    turns = [(smallest(ours, 1), smallest(theirs, 1)) for _ in range(repeat)]
    return min(turn[0] for turn in turns) / min(turn[1] for turn in turns)
