"""The joint probability of a plan's headline targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import xarray as xr

from sxsim.analysis.attainment import attainment_at
from sxsim.analysis.routes import Desk
from sxsim.plan import Group, Scenario, Target
from sxsim.processes import GrowthModel


def headline_joint(
    desk: Desk, model: GrowthModel, targets: Sequence[Target], scenarios: Sequence[Scenario]
) -> tuple[dict[str, xr.DataArray], str]:
    """Return everything that odds say of the headline targets together, and which these are; else nothing.

    Names begin with ``headline_joint``. The desk may have answered the same targets before.
    """
    headline = [target for target in targets if target.group is Group.HEADLINE]
    if not headline:
        return {}, ""
    top = attainment_at(replace(desk, split=False), model, headline, scenarios)
    joint = {f"headline_{name}": top[name] for name in top.data_vars if str(name).startswith("joint")}
    return joint, str(top.attrs["joint_targets"])
