"""Would the forecasts have been right? Go back to earlier years with the 31 provinces, and look.

The figure goes to a temporary folder, or to the path given as the only argument.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import sxsim as sx

ORIGINS = (2008, 2013, 2018)  # five years apart, so that no two of them share a year to come


def main() -> None:
    """Backtest R&D intensity of all provinces, print the tables, draw the reliability curves."""
    panel = sx.load_panel("provinces-rd-intensity")
    found = sx.backtest(panel, origins=ORIGINS, horizon=5, rng=0)
    print(sx.render_backtest(found), end="\n\n")

    steps = found.by_step.sel(score="coverage_95", model="default").squeeze("indicator")
    print("Share of provinces inside the 95 % range, by years ahead:")
    print(", ".join(f"{int(h)}: {float(share):.0%}" for h, share in zip(steps.step, steps, strict=True)))

    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp()) / "reliability.png"
    print(f"-> {sx.save_figure(sx.reliability_chart(found), path, overwrite=True)}")


if __name__ == "__main__":
    main()
