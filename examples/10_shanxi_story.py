"""Will Shanxi spend 2.5 percent of its GDP on research in 2020, and hold 10,000 patents?

From the question to the answer: nine scenarios are told, compared and drawn. The figures go to a temporary
folder, or to the one given as the only argument.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import xarray as xr

import sxsim as sx

ASKED = ("H1", "H2")
CHAPTERS = {
    "chapter 7, money": ("L1", "L2"),
    "chapter 6, rules and cooperation": ("L3", "L22", "L24"),
    "chapter 3, state firms": ("L11",),
    "chapter 2, Innovation City": ("L25",),
}


def main() -> None:
    """Ask, answer under nine scenarios, compare, look at the levers, and at what really happened."""
    plan = sx.load_plan("shanxi-2014")
    targets = [plan.target(name) for name in ASKED]
    print("The question, as it stood when only the figures up to 2012 were known:")
    for target in targets:
        print(f"  {target.id}  {target.text} (line {target.line})")
    print(f"\n{sx.render_scenarios(plan)}\n")

    model = sx.fit(plan.history, until=plan.fit_until)
    odds = sx.attainment(model, targets, scenarios=plan.scenarios, rng=0)
    print("The probability of each target under each scenario, and of the targets as they are revised:")
    print(_table(odds, plan), end="\n\n")

    found = sx.compare(model, targets, scenarios=plan.scenarios, rng=0)
    print(sx.render_comparison(found, scenarios=plan.scenarios), end="\n\n")

    effects = sx.lever_effects(model, plan.scenarios, until=2020)
    print(
        "What the levers of each chapter add to the median of R&D over GDP in 2020, in points (all assumed):"
    )
    for chapter, points in _by_chapter(effects):
        print(f"  {chapter:<34}{points:+.2f}")

    print("\nWhat really happened:")
    for target in targets:
        assert target.condition is not None
        value = float(plan.history[target.condition.indicator].sel(year=2020))
        print(f"  {target.id}  {value:,g} {target.unit} in 2020, target {target.condition.level.value:,g}")

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp())
    _draw(plan, model, found, effects, folder)


def _table(odds: xr.Dataset, plan: sx.Plan) -> str:
    names = {one.id: one.label for one in plan.scenarios}
    table = (100.0 * odds["probability"]).to_pandas().rename(index=names)
    table["together"] = 100.0 * odds["joint"].values
    return str(table.rename_axis(index=None, columns=None).to_string(float_format=lambda p: f"{p:.1f} %"))


def _by_chapter(effects: xr.Dataset) -> list[tuple[str, float]]:
    alone = effects["units"].sel(scenario="levers_by_chapter", indicator="rd_intensity", year=2020)
    sums = {
        chapter: float(sum(alone.sel(change=f"lever {lever}") for lever in levers))
        for chapter, levers in CHAPTERS.items()
    }
    return sorted(sums.items(), key=lambda one: -one[1])


def _draw(plan: sx.Plan, model: sx.GrowthModel, found: xr.Dataset, effects: xr.Dataset, folder: Path) -> None:
    """Fans, comparison and levers, in English, and in Chinese where a font for it is installed."""
    tree = sx.run(plan, draws=2_048, rng=0)
    for lang in sx.Language:
        try:
            charts = {
                "fans": sx.fan_charts(tree, list(ASKED), lang=lang),
                "comparison": sx.comparison_chart(found, scenarios=plan.scenarios, lang=lang),
                "levers": sx.effects_chart(
                    effects, "rd_intensity", plan=plan, scenario="levers_by_chapter", lang=lang
                ),
            }
        except sx.SxsimError as missing:
            print(f"No figures in {lang.value}: {missing}")
            continue
        for name, chart in charts.items():
            path = sx.save_figure(chart, folder / f"shanxi-{name}-{lang.value}.png", overwrite=True)
            print(f"-> {path}")


if __name__ == "__main__":
    main()
