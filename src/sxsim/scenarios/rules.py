"""Rules, prepared: what they read and move is there, and every decision is felt within the run."""

from __future__ import annotations

import numpy as np

from sxsim.errors import RequestError
from sxsim.plan import Review, Rule, Scenario
from sxsim.scenarios.channels import Channels
from sxsim.scenarios.effort import refuse_unsound
from sxsim.scenarios.ground import Ground, owner_of
from sxsim.scenarios.policy import Decider


def decider_of(scenario: Scenario, rule: Review | Rule, ground: Ground, channels: Channels) -> Decider | None:
    """Prepare a rule; None where what it moves was left out of the model."""
    owner = owner_of(scenario, rule)
    for name in rule.reads:
        if name not in ground.model.derived and not ground.holds(scenario, rule, name):
            raise RequestError(
                f"{owner} looks at {name!r}, which could not be fitted: {ground.model.absent[name]}.",
                "Leave the rule out, or give the series more figures.",
            )
    if not ground.holds(scenario, rule, rule.indicator):
        return None
    for name in (*rule.reads, *sorted(channels.reached([rule.indicator]))):
        if ground.batch(name) != ground.batch(rule.indicator):
            verb = "looks at" if name in rule.reads else "reaches"
            raise RequestError(
                f"{owner} {verb} {name!r} and moves {rule.indicator!r}, whose members are not the same.",
                "Let it look at indicators of the same batch, and reach no others.",
            )
    for year in rule.years:
        if not ground.first <= year + rule.delay <= ground.last:
            raise RequestError(
                f"{owner} decides in {year}, to be felt in {year + rule.delay}, outside the years "
                f"{ground.first} to {ground.last} of the run.",
                "Move it, leave it out, or run to a later year.",
            )
    refuse_unsound(owner, np.asarray(rule.ramp.share(np.arange(len(ground.years), dtype=float)), float))
    return Decider(rule=rule, conversion=ground.scale(owner, rule.indicator, rule.unit))
