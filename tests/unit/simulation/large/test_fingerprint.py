from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import xarray as xr

from sxsim.analysis import forecast
from sxsim.fitting import fit
from sxsim.simulation.large.fingerprint import fingerprint


def test_equal_contents_have_equal_fingerprints(panel):
    model = fit(panel)
    first = fingerprint(model)
    assert fingerprint(fit(panel)) == first
    assert fingerprint(pickle.loads(pickle.dumps(model))) == first
    forecast(model, horizon=2)
    assert fingerprint(model) == first, "it does not change by use"


def test_every_change_of_a_model_shows(hand):
    known = hand("a", "b")
    others = [
        hand("a", "c"),
        hand("a", "b", sigma=np.nextafter(0.1, 1)),
        hand("a", "b", last_value=101.0),
        hand("a", "b", last_year=2011),
        hand("a", "b", correlation=np.array([[1.0, 0.5], [0.5, 1.0]])),
        replace(known, history=xr.Dataset(attrs={"plan": "x"})),
    ]
    assert len({fingerprint(model) for model in (known, *others)}) == 7


def test_kinds_and_borders_are_told_apart():
    things = [
        1,
        1.0,
        "1",
        (1,),
        [1],
        (1, 1),
        ((1,), 1),
        {"a": 1},
        {1: "a"},
        np.array([1]),
        np.array([1.0]),
        None,
    ]
    things += [np.array([[1]]), ("ab", "c"), ("a", "bc"), {1, 2}, np.array(["a"], object)]
    assert len({fingerprint(thing) for thing in things}) == len(things)
