"""One year of a replay: everything asked of one model, with what cannot be said and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sxsim import labels
from sxsim.analysis.attainment import attainment_at
from sxsim.analysis.routes import Desk
from sxsim.plan import REVISED, Plan, Scenario, Target
from sxsim.processes import GrowthModel
from sxsim.simulation import Method
from sxsim.streams import Seed
from sxsim.studies.alert import Alert, AlertRule
from sxsim.studies.headline import headline_joint
from sxsim.studies.information import Fit
from sxsim.studies.outcome import Verdict, outcomes
from sxsim.studies.passed import playable
from sxsim.studies.standing import last_year, standing

NOT_ASSESSED = "not assessed"
_NEVER, _NOT_YET = "it has no figure at all", "it has no figure up to {year}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What is asked in every year, and how; see :func:`replay`."""

    plan: Plan
    targets: Sequence[Target]
    scenarios: Sequence[Scenario]
    fit: Fit
    method: Method | None
    seed: Seed

    def page(self, model: GrowthModel) -> xr.Dataset:
        """Answer everything as of the last year of a model."""
        played, unplayable = playable(self.scenarios, model, horizon(self.targets, model.last_year))
        desk = Desk(method=self.method, seed=self.seed)
        odds = attainment_at(desk, model, self.targets, played)
        rows = [str(name) for name in odds[labels.TARGET].values]
        by_id = {t.id: t for t in self.targets}
        asked = [by_id[row.removesuffix(REVISED)] for row in rows]
        page = odds.assign(standing(model, rows, asked, played))
        page["joint_targets"] = ((), str(odds.attrs["joint_targets"]))
        joint, named = headline_joint(desk, model, self.targets, played)
        if joint:
            page = page.assign({name: value.variable for name, value in joint.items()})
            page["headline_joint_targets"] = ((), named)
        return _blanked(page, unplayable, model.last_year).drop_attrs(deep=False)


def _blanked(page: xr.Dataset, unplayable: dict[str, str], year: int) -> xr.Dataset:
    """Say why under every scenario, and take back what was computed for those that cannot be played."""
    dims = labels.ODDS_DIMS
    shape = tuple(page.sizes[dim] for dim in dims)
    own = [str(why).replace(_NEVER, _NOT_YET.format(year=year)) for why in page["reason"].values]
    reasons = np.broadcast_to(np.array(own, dtype=object), shape).copy()
    for i, name in enumerate(page[labels.SCENARIO].values.tolist()):
        if name in unplayable:
            reasons[i] = [why or unplayable[name] for why in own]
    out = page.assign(reason=(dims, reasons.astype(str)))
    there = ~page[labels.SCENARIO].isin(list(unplayable))
    for name, variable in page.data_vars.items():
        if labels.SCENARIO in variable.dims:
            blank = np.nan if variable.dtype.kind == "f" else NOT_ASSESSED
            out[name] = variable.where(there, blank) if name != "reason" else variable
    return out


def judged(page: xr.Dataset, rule: AlertRule, targets: Sequence[Target], known: xr.Dataset) -> xr.Dataset:
    """Add alerts; where a figure is missing, published bounds may have decided."""
    names = ("probability", "standard_error", "route")
    alert, unsure = rule.judge(*(page[name].to_numpy() for name in names))
    rows = page[labels.TARGET].values.tolist()
    for target in (t for t in targets if t.id in rows and t.condition and not t.not_assessable):
        verdict = outcomes([target], known)[0].verdict
        silent = alert[:, rows.index(target.id)] == Alert.CANNOT_SAY.value
        if verdict is not Verdict.UNKNOWN:
            said = Alert.MET if verdict is Verdict.HIT else Alert.MISSED
            alert[silent, rows.index(target.id)] = said.value
    return page.assign(alert=(labels.ODDS_DIMS, alert), alert_unsure=(labels.ODDS_DIMS, unsure))


def horizon(targets: Sequence[Target], year: int) -> int:
    """Return the years from one on to the last that is asked for, at least 1."""
    return max(max(map(last_year, targets), default=0) - year, 1)
