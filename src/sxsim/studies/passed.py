"""Scenarios as they can still be played once some of their years have passed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sxsim.errors import RequestError
from sxsim.plan import GivenPath, Scenario, TargetRevision
from sxsim.plan.changes import Change
from sxsim.processes import GrowthModel
from sxsim.scenarios import compile_scenarios


def still_ahead(scenario: Scenario, year: int) -> Scenario:
    """Leave out figures a scenario gives for years that have passed: what came is known now."""
    changes: list[Change] = []
    for change in scenario.changes:
        if not (isinstance(change, GivenPath) and change.figures):
            changes.append(change)
        elif left := tuple(pair for pair in change.figures if pair[0] > year):
            changes.append(replace(change, figures=left))
    return replace(scenario, changes=tuple(changes))


def playable(
    scenarios: Sequence[Scenario], model: GrowthModel, horizon: int
) -> tuple[list[Scenario], dict[str, str]]:
    """Return the scenarios, one by one without its changes where it cannot be played, and why by its id."""
    found, reasons = [], {}
    for scenario in (still_ahead(one, model.last_year) for one in scenarios):
        try:
            compile_scenarios([scenario], model, horizon)
        except RequestError as error:
            reasons[scenario.id] = error.text
            kept = tuple(change for change in scenario.changes if isinstance(change, TargetRevision))
            scenario = replace(scenario, changes=kept)
        found.append(scenario)
    return found, reasons
