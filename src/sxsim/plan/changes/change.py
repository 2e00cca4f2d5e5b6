"""Everything a scenario can hold."""

from __future__ import annotations

from sxsim.plan.changes.given import GivenPath
from sxsim.plan.changes.growth import PlannedGrowth
from sxsim.plan.changes.lever import LinkedStrengths, Pull
from sxsim.plan.changes.revision import TargetRevision
from sxsim.plan.changes.rule import Review, Rule
from sxsim.plan.changes.shock import CorrelationChange, RandomEvent, Shock, VolatilityChange
from sxsim.plan.changes.transmission import Transmission

Change = (
    PlannedGrowth
    | Pull
    | LinkedStrengths
    | Shock
    | RandomEvent
    | VolatilityChange
    | CorrelationChange
    | GivenPath
    | Transmission
    | Review
    | Rule
    | TargetRevision
)
