"""How likely was each target of the bundled plan, seen from 2012? And what came of it?

The figure goes to a temporary folder, or to the path given as the only argument.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import sxsim as sx


def main() -> None:
    """Four lines, then the whole line in one call, as a table and as a picture."""
    plan = sx.load_plan("shanxi-2014")
    model = sx.fit(plan.history, until=plan.fit_until)
    odds = sx.attainment(model, plan.targets, scenarios=plan.scenarios, rng=0)
    print(odds["probability"].sel(target="H1").to_series().round(3).to_string(), end="\n\n")

    tree = sx.run(plan, rng=0)
    print(sx.render_odds(tree))

    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp()) / "shanxi-2014.png"
    print(f"\n-> {sx.save_figure(sx.fan_charts(tree), path, overwrite=True)}")


if __name__ == "__main__":
    main()
