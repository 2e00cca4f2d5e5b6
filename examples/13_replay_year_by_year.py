"""How likely were the targets as it could be known in each year, why did that change, and what came of it?

The figure goes to a temporary folder, or to the path given as the only argument.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import sxsim as sx

HEADLINE = ("H1", "H2", "H3", "H4-proxy")


def main() -> None:
    """Replay the bundled plan, look at it with restated figures, and ask what coming figures would settle."""
    plan = sx.load_plan("shanxi-2014")
    found = sx.replay(plan, range(2012, 2021), targets=HEADLINE, rng=0)
    print(sx.render_replay(found), end="\n\n")

    census = sx.AsRestated(figures={"rd_intensity": "rd_intensity_census4_derived"}, since=2019)
    again = sx.replay(plan, [2018, 2019], targets=["H1"], release=census, news=False, rng=0)
    first = found["median"].sel(target="H1", as_of=[2018, 2019]).squeeze("scenario")
    print("R&D intensity, median for 2020 as of 2018 and 2019, before and after the census restated it:")
    print(f"first releases {first.values.round(3)}, restated {again['median'].values.ravel().round(3)}\n")

    ahead = sx.value_of_information(plan, 2014, targets=["H1", "H2", "H3"], rng=0)
    print("As of 2014: share of the uncertainty that is settled when the figures of a year are known")
    print((100 * ahead.resolved).round(0).to_pandas().to_string(), end="\n\n")

    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp()) / "replay.png"
    print(f"-> {sx.save_figure(sx.replay_chart(found), path, overwrite=True)}")


if __name__ == "__main__":
    main()
