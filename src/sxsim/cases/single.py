"""One indicator in one year: the normal distribution function answers."""

from __future__ import annotations

import numpy as np
from scipy import special

from sxsim.cases.case import LAST, Case, model_of, reaches, stays_below, target, walk
from sxsim.cases.quadrature import ROUNDING
from sxsim.links import Count, Linear, Odds
from sxsim.plan import (
    Between,
    Condition,
    Effect,
    EffectUnit,
    Number,
    Promise,
    RandomEvent,
    Relation,
    Scenario,
    Shock,
    Worded,
)
from sxsim.processes import AutoregressiveGrowth, Grown, GrowthModel

DRIFT, SIGMA, AHEAD = 0.05, 0.1, 4
YEAR = LAST + AHEAD


def level_at_least() -> Case:
    """P(y >= 125) = Phi((4 drift - log 1.25) / (2 sigma))."""
    return _case("level_at_least", "a level by a year", reaches("y", 125.0, YEAR), _above(125.0))


def level_at_most() -> Case:
    """P(y <= 110)."""
    return _case(
        "level_at_most", "an upper bound by a year", stays_below("y", 110.0, YEAR), 1 - _above(110.0)
    )


def level_within() -> Case:
    """P(110 <= y <= 140) is a difference."""
    promise = reaches("y", Between(lower=110.0, upper=140.0), YEAR)
    return _case("level_within", "a range", promise, _above(110.0) - _above(140.0))


def published_precision() -> Case:
    """Figures in steps of 5: 122.5 is published as 125."""
    promise = Condition(
        indicator="y",
        relation=Relation.AT_LEAST,
        level=Number(value=125.0),
        years=(YEAR,),
        precision=5.0,
    )
    return _case("published_precision", "a level at the published precision", promise, _above(122.5))


def published_precision_of_a_range() -> Case:
    """Figures in steps of 5: 107.5 to 142.5 is published as 110 to 140."""
    promise = Condition(
        indicator="y",
        relation=Relation.WITHIN,
        level=Between(lower=110.0, upper=140.0),
        years=(YEAR,),
        precision=5.0,
    )
    answer = _above(107.5) - _above(142.5)
    return _case("published_precision_of_a_range", "a range at the published precision", promise, answer)


def fuzzy_word() -> Case:
    """A word that somebody takes to mean 120."""
    promise = reaches("y", Worded(word="基本", threshold=120.0), YEAR)
    return _case("fuzzy_word", "a word with a threshold", promise, _above(120.0))


def share() -> Case:
    """From 40 to at least 50 percent on the log odds."""
    need = np.log(50.0 / 50.0) - np.log(40.0 / 60.0)
    model = model_of(walk(drift=0.08, sigma=0.15, last=40.0, carrier=Odds(lower=0.0, upper=100.0)))
    answer = _above_by(need, 0.08, 0.15)
    return _case("share", "a share on the log odds", reaches("y", 50.0, YEAR), answer, model)


def balance() -> Case:
    """From -20 to at least 0 where a year's shock has a standard deviation of 0.1 times 100."""
    model = model_of(walk(last=-20.0, carrier=Linear(scale=100.0)))
    return _case(
        "balance", "a balance, which may be negative", reaches("y", 0.0, YEAR), _above_by(0.2), model
    )


def whole_number() -> Case:
    """Of a count the whole part is published: 5 to 7 is everything from 5 up to 8."""
    model = model_of(walk(last=5.5, carrier=Count()))
    answer = _above(5.0, last=5.5) - _above(8.0, last=5.5)
    promise = reaches("y", Between(lower=5.0, upper=7.0), YEAR)
    return _case("whole_number", "a count, which is published as its whole part", promise, answer, model)


def remembered_growth() -> Case:
    """Growth of which half is left: a shock counts 1, 1.5, 1.75, 1.875 by the end of 1 to 4 years."""
    law = AutoregressiveGrowth(drift=DRIFT, phi=0.5, sigma=SIGMA, excess=0.04)
    grown = Grown(name="y", carrier=walk().carrier, law=law, last_value=100.0, last_year=LAST)
    responses = np.cumsum(0.5 ** np.arange(AHEAD))
    mean = AHEAD * DRIFT + 0.04 * (0.5 ** np.arange(1, AHEAD + 1)).sum()
    margin = (mean - np.log(1.25)) / (SIGMA * np.sqrt((responses**2).sum()))
    return _case(
        "remembered_growth",
        "growth that lasts",
        reaches("y", 125.0, YEAR),
        float(special.ndtr(margin)),
        model_of(grown),
        source="Hyndman et al. (2008), https://doi.org/10.1007/978-3-540-71918-2",
    )


def shock() -> Case:
    """A fall by 8 percent in 2014 that stays."""
    blow = Shock(id="blow", label="Blow", effects=(_fall(),), year=LAST + 2)
    scenario = Scenario(id="fall", label="Fall", changes=(blow,))
    answer = _above(125.0 / 0.92)
    return _case(
        "shock", "a scenario that moves all paths alike", reaches("y", 125.0, YEAR), answer, scenario=scenario
    )


def random_event() -> Case:
    """A fall by 8 percent in one year in ten, at most once: with or without it in four years."""
    event = RandomEvent(id="blow", label="Blow", effects=(_fall(),), probability=0.1)
    scenario = Scenario(id="perhaps", label="Perhaps a fall", changes=(event,))
    spared = 0.9**AHEAD
    return _case(
        "random_event",
        "a scenario that moves each path differently",
        reaches("y", 125.0, YEAR),
        spared * _above(125.0) + (1 - spared) * _above(125.0 / 0.92),
        scenario=scenario,
    )


CASES = (
    level_at_least,
    level_at_most,
    level_within,
    published_precision,
    published_precision_of_a_range,
    fuzzy_word,
    share,
    balance,
    whole_number,
    remembered_growth,
    shock,
    random_event,
)


def _above(level: float, last: float = 100.0) -> float:
    """P(the walk from the last value is at least at a level after four years)."""
    return _above_by(np.log(level / last))


def _above_by(need: float, drift: float = DRIFT, sigma: float = SIGMA) -> float:
    return float(special.ndtr((AHEAD * drift - need) / (sigma * np.sqrt(AHEAD))))


def _fall() -> Effect:
    return Effect(indicator="y", size=-8.0, unit=EffectUnit.PERCENT)


def _case(
    name: str,
    shows: str,
    promise: Promise,
    answer: float,
    model: GrowthModel | None = None,
    **more: object,
) -> Case:
    return Case(
        name=name,
        shows=shows,
        model=model or model_of(walk(drift=DRIFT, sigma=SIGMA)),
        targets=(target(promise),),
        answer=answer,
        error=ROUNDING,
        computed="normal distribution function",
        **more,  # type: ignore[arg-type]
    )
