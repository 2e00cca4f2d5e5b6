"""Tables and keys of a plan file for levers and whatever else a scenario can take."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sxsim.io.toml_values import (
    NAMES,
    Key,
    WrongValueError,
    choice,
    figure,
    figures,
    flag,
    integer,
    integers,
    names,
    number,
    size,
    text,
    texts,
    word,
)
from sxsim.plan import (
    EffectUnit,
    LinearRamp,
    PowerReturns,
    Proportional,
    Ramp,
    Returns,
    SaturatingReturns,
    SCurveRamp,
    SteadyTrack,
    StepRamp,
    StraightTrack,
    Track,
)

RAMPS: Mapping[str, tuple[Callable[..., Ramp], str]] = {
    "step": (StepRamp, ""),
    "linear": (LinearRamp, "ramp_years"),
    "s-curve": (SCurveRamp, "ramp_years"),
}
RETURNS: Mapping[str, tuple[Callable[..., Returns], str]] = {
    "proportional": (Proportional, ""),
    "power": (PowerReturns, "returns_exponent"),
    "saturating": (SaturatingReturns, "returns_half"),
}
TRACKS: Mapping[str, Callable[..., Track]] = {"straight": StraightTrack, "steady": SteadyTrack}

_ID = {"id": NAMES["id"]}
_NAMED = {"id": NAMES["id"], "label": NAMES["label"]}
_ORIGIN = {"origin": Key(read=text, required=True)}
_UNIT = Key(read=choice(EffectUnit, "unit"), required=True)
_RAMP = {"ramp": Key(read=word("ramp", RAMPS)), "ramp_years": Key(read=integer)}

PULL: Mapping[str, Key] = {
    "lever": Key(read=names, required=True),
    "start": Key(read=integer),
    "end": Key(read=integer),
    "dose": Key(read=number),
    "delay": Key(read=integer),
    **_RAMP,
}


def _pulls(value: object) -> object:
    """Inline tables, or `[[scenario.pulls]]`; the keys of each are checked where its scenario is known."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise WrongValueError(
            "is not a list of tables",
            'Write it as in [{ lever = "L1", start = 2014 }] or [[scenario.pulls]].',
        )
    return tuple(value)


CHANGE_TABLES: Mapping[str, Mapping[str, Key]] = {
    "lever": {
        **NAMES,
        "text": Key(read=text),
        "lines": Key(read=integers),
        "targets": Key(read=texts),
        "lead_units": Key(read=texts),
        "delay": Key(read=integer),
        **_RAMP,
        "fade": Key(read=number),
        "returns": Key(read=word("kind of returns", RETURNS)),
        "returns_exponent": Key(read=number),
        "returns_half": Key(read=number),
        "cost": Key(read=number),
        "cost_unit": Key(read=text),
        "dose_unit": Key(read=text),
    },
    "effect": {
        "lever": Key(read=names),
        "shock": Key(read=names),
        "event": Key(read=names),
        "indicator": Key(read=text, required=True),
        "size": Key(read=size, required=True),
        "unit": _UNIT,
        **_ORIGIN,
    },
    "shock": {**_NAMED, "year": Key(read=integer, required=True), "recovery": Key(read=number)},
    "event": {
        **_NAMED,
        "probability": Key(read=number, required=True),
        "first_year": Key(read=integer),
        "last_year": Key(read=integer),
        "recovery": Key(read=number),
        "once": Key(read=flag),
        **_ORIGIN,
    },
    "rule": {
        **_NAMED,
        "target": Key(read=text),
        "watched": Key(read=text),
        "track": Key(read=word("track", TRACKS)),
        "track_from": Key(read=figure),
        "track_to": Key(read=figure),
        "years": Key(read=integers, required=True),
        "gain": Key(read=number, required=True),
        "at_most": Key(read=number),
        "indicator": Key(read=text),
        "unit": _UNIT,
        "lag": Key(read=integer),
        "delay": Key(read=integer),
        "lasts": Key(read=integer),
        **_RAMP,
        "above": Key(read=flag),
        **_ORIGIN,
    },
    "transmission": {
        **_ID,
        "source": Key(read=text, required=True),
        "target": Key(read=text, required=True),
        "elasticity": Key(read=number, required=True),
        "lag": Key(read=integer),
        **_ORIGIN,
    },
    "revision": {
        **_ID,
        "target": Key(read=text, required=True),
        "value": Key(read=size, required=True),
        "year": Key(read=integer, required=True),
        "probability": Key(read=number),
        **_ORIGIN,
    },
    "given": {
        **_ID,
        "indicator": Key(read=text, required=True),
        "figures": Key(read=figures),
        "growth": Key(read=number),
        "until": Key(read=integer),
        **_ORIGIN,
    },
    "volatility": {
        **_ID,
        "indicators": Key(read=texts),
        "factor": Key(read=number, required=True),
        "start": Key(read=integer, required=True),
        "end": Key(read=integer),
        **_ORIGIN,
    },
    "correlation": {
        **_ID,
        "indicators": Key(read=texts),
        "share": Key(read=number, required=True),
        **_ORIGIN,
    },
    "linked": {
        **_ID,
        "levers": Key(read=texts, required=True),
        "correlation": Key(read=number, required=True),
    },
    "scenario": {
        **NAMES,
        "story": Key(read=text),
        "extends": Key(read=text),
        "as_planned": Key(read=flag),
        "pulls": Key(read=_pulls),
        "shocks": Key(read=texts),
        "events": Key(read=texts),
        "rules": Key(read=texts),
        "transmissions": Key(read=texts),
        "revisions": Key(read=texts),
        "given": Key(read=texts),
        "volatilities": Key(read=texts),
        "correlations": Key(read=texts),
        "linked": Key(read=texts),
        "without": Key(read=texts),
    },
}
