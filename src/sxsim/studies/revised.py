"""What a run says of targets that scenarios revise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

import numpy as np

from sxsim.plan import Scenario, Target, TargetRevision, median


def revised_levels(target: Target, scenarios: Sequence[Scenario]) -> list[float]:
    """Return the level of the last year under every scenario: of a revision that may come, its median."""
    own = np.nan if target.number is None else target.number
    return [
        next((median(change.value) for change in scenario.changes if _revises(change, target)), own)
        for scenario in scenarios
    ]


def _revises(change: object, target: Target) -> TypeGuard[TargetRevision]:
    return isinstance(change, TargetRevision) and change.target == target.id
