"""When are the 2020 targets hit, which together, and how far short do they fall?

The bundled plan seen from 2012, every headline target by itself and in company, and a promise the document
does not make: at least two of the three. The figure goes to a temporary folder, or to the one given as the
only argument.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import sxsim as sx

HEADLINE = ("H1", "H2", "H3")


def main() -> None:
    """Ask for everything at once, print it, and draw the years."""
    plan = sx.load_plan("shanxi-2014")
    model = sx.fit(plan.history, until=plan.fit_until)
    targets = [plan.target(name) for name in HEADLINE]
    odds = sx.attainment(model, targets, detail=True, rng=0)
    print(sx.render_detail(odds, scenarios=plan.scenarios), end="\n\n")

    conditions = tuple(target.condition for target in targets if target.condition)
    two = sx.Target(id="two", label="Two of the three", condition=sx.AtLeast(count=2, parts=conditions))
    some = sx.attainment(model, two, rng=0).sel(scenario="trend", target="two")
    route, error = some.route.item(), float(some.standard_error)
    print(f"Two of the three: {float(some.probability):.1%} ({route}, numerical error {error:.0e}).")
    alone, joint = (float(odds[name].sel(scenario="trend")) for name in ("joint_independent", "joint"))
    print(f"All three: {joint:.1%}; were they independent it would be {alone:.1%}.")

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp())
    chart = sx.timing_chart(odds, scenarios=plan.scenarios)
    print(f"\n-> {sx.save_figure(chart, folder / 'when.png', overwrite=True)}")


if __name__ == "__main__":
    main()
