"""What would Shanxi's 2020 targets have taken, as seen with the figures up to 2012?

How much growth, by which year, how far one could have gone, and how much of which lever. The figures go to a
temporary folder, or to the one given as the only argument.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import xarray as xr

import sxsim as sx

ASKED = ("H1", "H2", "H3")
WANTED = [0.5, 0.8, 0.9]
DOSES = (0.0, 8.0)  # times what each lever's effects were stated for


def main() -> None:
    """Ask four questions the other way round, print the answers, and draw two of them."""
    plan = sx.load_plan("shanxi-2014")
    model = sx.fit(plan.history, until=plan.fit_until)
    targets = [plan.target(name) for name in ASKED]

    growth = sx.goal_seek(model, targets, probability=WANTED, together=True, rng=0)
    years = sx.earliest_year(model, targets, probability=WANTED, until=2030, rng=0)
    levels = sx.largest_target(model, targets, probability=WANTED, rng=0)
    fund = sx.goal_seek(model, plan, lever="L1", probability=[0.1, 0.2, 0.5], bounds=DOSES, rng=0)
    first, second = (lever for lever in plan.levers if lever.id in ("L1", "L25"))
    line = sx.trade_off(
        model,
        targets[0],
        levers=(first, second),
        probability=0.2,
        bounds=(DOSES, DOSES),
        start=plan.start,
        rng=0,
    )
    for found in (growth, years, levels, fund.sel(target=["H1"]), line):
        print(sx.render_goal_seek(found), end="\n\n")

    _draw(growth, line, Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp()))


def _draw(growth: xr.Dataset, line: xr.Dataset, folder: Path) -> None:
    """Draw in English, and in Chinese where a font for it is installed."""
    for lang in sx.Language:
        try:
            charts = {
                "required-growth": sx.goal_chart(growth, lang=lang),
                "two-levers": sx.trade_off_chart(line, lang=lang),
            }
        except sx.SxsimError as missing:
            print(f"No figures in {lang.value}: {missing}")
            continue
        for name, chart in charts.items():
            path = sx.save_figure(chart, folder / f"{name}-{lang.value}.png", overwrite=True)
            print(f"-> {path}")


if __name__ == "__main__":
    main()
