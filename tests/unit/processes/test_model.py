from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr

from sxsim.errors import ModelError, UnknownNameError
from sxsim.links import Linear, Log, Odds
from sxsim.processes import Grown, GrowthModel, RandomWalk

WALK = RandomWalk(drift=0.1, sigma=0.2)
MIXED = np.array([[1.0, 0.5, 0.2], [0.5, 1.0, -0.3], [0.2, -0.3, 1.0]])


def grown(name="y", **values):
    return Grown(
        **({"name": name, "carrier": Log(), "law": WALK, "last_value": 5.0, "last_year": 2012} | values)
    )


def test_an_indicator_knows_its_last_level():
    one = grown(carrier=Odds(upper=100.0), last_value=50.0)
    assert (one.size, one.last_level().tolist(), one.last_years().tolist()) == (1, [0.0], [2012])
    many = grown(last_value=np.array([1.0, np.e, np.nan]), last_year=2010)
    assert many.size == 3
    np.testing.assert_allclose(many.last_level(), [0.0, 1.0, np.nan])
    assert many.last_years().tolist() == [2010] * 3


@pytest.mark.parametrize(
    ("carrier", "value", "message"),
    [
        (
            Log(),
            0.0,
            r"The last value of 'y' is 0\.0, outside \(0, inf\)\. Give a value inside, or choose another",
        ),
        (Log(), -2.0, r"'y' is -2\.0, outside \(0, inf\)"),
        (Log(), np.inf, r"'y' is inf, outside \(0, inf\)"),
        (Odds(), 1.2, r"'y' is 1\.2, outside \(0, 1\)"),
        (Odds(), np.nan, r"'y' is nan, outside \(0, 1\)"),
        (Log(), np.array([np.nan, np.nan]), r"'y' is array\(\[nan, nan\]\), outside"),
        (Log(), np.array([1.0, -1.0]), r"'y' is array\(\[ 1\., -1\.\]\), outside"),
    ],
)
def test_refuses_a_last_value_outside_the_range(carrier, value, message):
    with pytest.raises(ModelError, match=message):
        grown(carrier=carrier, last_value=value)


def test_a_balance_may_end_anywhere():
    assert grown(carrier=Linear(scale=2.0), last_value=-7.0).last_level().tolist() == [-3.5]


def test_indicators_stand_by_name_and_take_their_correlation_along():
    model = GrowthModel(indicators=tuple(grown(name) for name in "cab"), last_year=2012, correlation=MIXED)
    assert model.names == ("a", "b", "c")
    assert model.correlation.tolist() == [[1.0, -0.3, 0.5], [-0.3, 1.0, 0.2], [0.5, 0.2, 1.0]]


def test_the_given_matrix_is_not_touched():
    given = MIXED.copy()
    GrowthModel(indicators=tuple(grown(name) for name in "cab"), last_year=2012, correlation=given)
    assert (given == MIXED).all()


def test_without_a_correlation_indicators_are_independent(hand):
    assert hand("a", "b").correlation.tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_names_are_looked_up(hand):
    model = hand("patents", "papers")
    assert "papers" in model
    assert "firms" not in model
    assert model["papers"].name == "papers"
    assert repr(model) == "<GrowthModel to 2012: papers, patents>"


def test_an_unknown_name_is_answered_with_the_nearest(hand):
    with pytest.raises(UnknownNameError, match=r"^'patent' is not in the model\. Did you mean 'patents'\?$"):
        hand("patents", "papers")["patent"]
    with pytest.raises(KeyError, match=r"'zzz' is not in the model\. Known: papers, patents\."):
        hand("patents", "papers")["zzz"]


def test_a_name_left_out_is_answered_with_the_reason(hand):
    model = hand("papers", absent={"firms": "it has no figure at all"})
    with pytest.raises(
        UnknownNameError, match=r"'firms' is not in the model: it has no figure at all\. Known: papers"
    ):
        model["firms"]


def test_a_part_of_the_model_keeps_its_correlation():
    history = xr.Dataset(coords={"year": [2012]})
    model = GrowthModel(
        indicators=tuple(grown(name) for name in "abc"),
        last_year=2013,
        correlation=MIXED,
        history=history,
        absent={"d": "why not"},
    )
    part = model.select(("c", "a", "c"))
    assert part.names == ("a", "c")
    assert part.correlation.tolist() == [[1.0, 0.2], [0.2, 1.0]]
    assert (part.last_year, part.absent) == (2013, {"d": "why not"})
    assert part.history is history
    with pytest.raises(UnknownNameError, match=r"'e' is not in the model\. Known: a, b, c"):
        model.select(("a", "e"))


def test_batch_coordinates_come_from_the_history(panel):
    model = GrowthModel(
        indicators=(grown(last_value=np.array([1.0, 2.0, np.nan])), grown("z")), last_year=2012, history=panel
    )
    assert {dim: c.values.tolist() for dim, c in model.batch("y").items()} == {"province": ["a", "b", "c"]}
    assert model.batch("z") == {}


def test_a_model_travels_between_processes():
    model = GrowthModel(indicators=tuple(grown(name) for name in "abc"), last_year=2012, correlation=MIXED)
    again = pickle.loads(pickle.dumps(model))
    assert again.indicators == model.indicators
    assert (again.correlation == model.correlation).all()


@pytest.mark.parametrize(
    ("correlation", "message"),
    [
        (
            np.eye(3),
            r"The correlation has shape \(3, 3\) and 1 draws, the model 2 indicators\. Give one",
        ),
        (np.ones(2), r"The correlation has shape \(2,\) and 1 draws, the model 2 indicators"),
        (np.array([[1, 0.5], [0.4, 1]]), r"is not symmetric with ones on its diagonal\. Correct the matrix"),
        (np.array([[2, 0.5], [0.5, 2]]), r"is not symmetric with ones on its diagonal"),
        (np.array([[1, np.nan], [np.nan, 1]]), r"is not symmetric with ones on its diagonal"),
        (
            np.ones((2, 2)),
            r"correlation of a, b is singular \(smallest eigenvalue .*\)\. Take sx.nearest_correlation",
        ),
        (np.array([[1, 1.5], [1.5, 1]]), r"singular \(smallest eigenvalue -5\.0e-01\)"),
    ],
)
def test_refuses_what_is_no_correlation(hand, correlation, message):
    with pytest.raises(ModelError, match=message):
        hand("a", "b", correlation=correlation)


def test_refuses_one_name_for_two_indicators(hand):
    with pytest.raises(ModelError, match=r"Indicators stand twice in the model: a, b\. Rename one"):
        hand("b", "a", "b", "c", "a")


def test_refuses_figures_after_the_last_year():
    with pytest.raises(
        ModelError, match=r"'y' is known up to 2012, after the model's last year 2010\. Raise last_y"
    ):
        GrowthModel(indicators=(grown(),), last_year=2010)


def test_refuses_a_batch_the_history_does_not_name(panel):
    two = grown(last_value=np.array([1.0, 2.0]))
    with pytest.raises(
        ModelError, match=r"'y' has 2 members, its history names 1\. Give the history, whose coordinat"
    ):
        GrowthModel(indicators=(two,), last_year=2012)
    with pytest.raises(ModelError, match=r"'y' has 2 members, its history names 3\. Give the history"):
        GrowthModel(indicators=(two,), last_year=2012, history=panel)
