from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

import sxsim as sx
from sxsim.errors import HistoryError, ModelError
from sxsim.processes.one_year import Counted
from sxsim.processes.stepping import picked

SIGMA = sx.Parameter(name="sigma", symbol="sigma", unit="log", low=0.0)


@dataclass(frozen=True, kw_only=True)
class Step(sx.PathProcess):
    """Whatever is written between the lines of a test."""

    sigma: float = sx.FREE
    way: object = None

    parameters: ClassVar = (SIGMA,)

    def step(self, state, shock):
        return self.way(state, self.sigma * shock)


def own(way, sigma=0.1):
    return Step(sigma=sigma, way=way)


def grown(law):
    return sx.Grown(name="y", carrier=sx.Log(), law=law, last_value=10.0, last_year=2012)


PLAIN = own(lambda level, shock: level + shock)


def test_a_state_is_a_level_or_begins_with_one():
    @dataclass(frozen=True, kw_only=True)
    class Echo(sx.PathProcess):
        """Every shock comes back once, a year later."""

        parameters: ClassVar = ()

        def begin(self, level):
            return level, np.zeros(level.shape)

        def step(self, state, shock):
            level, last = state
            return level + shock + last, shock

    e = np.array([[1.0, 0.0], [0.0, 2.0]])
    assert PLAIN.simulate(np.zeros(2), e) == pytest.approx(np.array([[0.1, 0.0], [0.1, 0.2]]))
    assert Echo().simulate(np.zeros(2), e).tolist() == [[1.0, 0.0], [2.0, 2.0]]
    assert Echo().residuals(np.zeros(2), np.array([[1.0, 0.0], [2.0, 2.0]])) == pytest.approx(e, abs=1e-12)


def test_begin_and_level_may_say_otherwise():
    @dataclass(frozen=True, kw_only=True)
    class Stock(sx.PathProcess):
        """The state is the amount itself, of which a tenth wears out."""

        parameters: ClassVar = ()

        def begin(self, level):
            return np.exp(level)

        def step(self, state, shock):
            return 0.9 * state + np.exp(0.1 * shock)

        def level(self, state):
            return np.log(state)

    levels = Stock().simulate(np.log([10.0]), np.zeros((2, 1)))
    assert np.exp(levels).ravel() == pytest.approx([10.0, 10.0])
    assert Stock().residuals(np.log([10.0]), levels) == pytest.approx(np.zeros((2, 1)), abs=1e-12)


def test_quantiles_are_those_of_a_fixed_simulation():
    law = PLAIN.one_year(2, 0.0)
    assert isinstance(law, Counted)
    assert law.quantiles(0.9) == pytest.approx(0.1 * np.sqrt(2.0) * 1.2816, abs=1e-3)


def test_without_a_step_nothing_follows():
    @dataclass(frozen=True, kw_only=True)
    class Empty(sx.PathProcess):
        parameters: ClassVar = ()

    for use in (Empty().simulate, Empty().residuals, Empty().loglik):
        with pytest.raises(
            ModelError, match=r"Empty has no step\. Write step\(self, state, shock\), or simul"
        ):
            use(np.zeros(1), np.zeros((1, 1)))


def test_a_field_cannot_hide_a_method():
    @dataclass(frozen=True, kw_only=True)
    class Stairs(sx.PathProcess):
        level: float
        parameters: ClassVar = ()

    with pytest.raises(
        ModelError, match=r"Stairs has a field 'level', which hides the method of that name\. Call"
    ):
        Stairs(level=1.0)


def test_free_parameters_are_not_walked():
    free = Step(way=lambda level, shock: level + shock)
    for use in (free.simulate, free.residuals, free.loglik):
        with pytest.raises(ModelError, match=r"Step has no value for sigma"):
            use(np.zeros(1), np.zeros((1, 1)))
    with pytest.raises(ModelError, match=r"sigma=-1\.0 is outside its domain \[0, inf\] \(log\)"):
        Step(sigma=-1.0)


@pytest.mark.parametrize(
    ("way", "shape"),
    [
        (lambda level, shock: level[:2] + shock[:2], r"\(2,\)"),
        (lambda level, shock: float(level[0]), r"\(\)"),
        (lambda level, shock: (level + shock)[None], r"\(1, 3\)"),
        (lambda level, shock: None, r"\(\)"),
    ],
    ids=["cut", "one number", "an axis more", "nothing returned"],
)
def test_refuses_a_step_of_another_shape(way, shape):
    message = (
        rf"Step\.step returns levels of shape {shape} in year 1, for shocks of shape \(3,\)\. Return array"
    )
    with pytest.raises(ModelError, match=message):
        own(way).simulate(np.zeros(3), np.zeros((2, 3)))


def test_refuses_what_is_not_a_number_with_its_year():
    def odd(level, shock):
        return np.where(level < 0.15, level + shock, np.nan)

    message = r"Step\.step leads from the level 0\.2 to nan in year 3\. Keep to where its formula holds"
    with pytest.raises(ModelError, match=message):
        own(odd).simulate(np.zeros(2), np.array([[0.0, 1.0], [0.0, 1.0], [0.0, 0.0]]))
    with pytest.raises(ModelError, match=r"leads from the level 0 to inf in year 1\. "):
        own(lambda level, shock: level + np.inf).simulate(np.zeros(1), np.zeros((1, 1)))


def test_a_step_cannot_change_what_it_was_given():
    def greedy(level, shock):
        level += shock
        return level

    with pytest.raises(ValueError, match="read-only"):
        own(greedy).simulate(np.zeros(2), np.zeros((1, 2)))


@pytest.mark.parametrize(
    ("way", "year"),
    [
        (lambda level, shock: level - shock, 1),
        (lambda level, shock: level + shock**2, 1),
        (lambda level, shock: level + np.where(level > np.log(10.0), -shock, shock), 2),
    ],
    ids=["falling", "folded", "after good years"],
)
def test_a_model_refuses_a_step_that_falls(way, year):
    message = (
        rf"Step\.step is not increasing in the shock: in year {year} a shock of .* leads to .* Write it so"
    )
    with pytest.raises(ModelError, match=message):
        grown(own(way))


def test_a_history_refuses_a_step_that_falls():
    folded = own(lambda level, shock: level + shock**2)
    with pytest.raises(
        ModelError, match=r"in year 1 a shock of -8\.5 leads to 0\.7225, one of -7\.5 to 0\.5625\."
    ):
        folded.residuals(np.zeros(1), np.full((1, 1), 0.2))


@pytest.mark.parametrize(
    "way",
    [
        lambda level, shock: level + shock - shock.mean(),
        lambda level, shock: level + np.sort(shock),
        lambda level, shock: level + shock + 0.01 * level.size,
    ],
    ids=["mean", "sort", "size"],
)
def test_a_model_refuses_draws_that_know_each_other(way):
    message = r"Step\.step lets a draw depend on the other draws\. Compute elementwise: no mean, sum, sort"
    with pytest.raises(ModelError, match=message):
        grown(own(way))


def test_a_model_takes_a_sound_step():
    model = sx.GrowthModel(indicators=(grown(PLAIN),), last_year=2012)
    assert sx.simulate(model, horizon=2, draws=10, rng=0).y.shape == (1, 10, 2)


def test_a_level_out_of_reach_is_refused():
    with pytest.raises(
        ModelError, match=r"Step cannot reach the level 3 in year 2 of its history by any shock"
    ):
        PLAIN.residuals(np.zeros(1), np.array([[0.1], [3.0]]))
    jump = own(lambda level, shock: level + shock + (shock > 0.05))
    with pytest.raises(ModelError, match=r"cannot reach the level 0\.5 in year 1 of its history"):
        jump.residuals(np.zeros(1), np.full((1, 1), 0.5))


def test_a_missing_year_is_refused():
    with pytest.raises(HistoryError, match=r"Step has no figure in year 2 of its history\. Fill the gap"):
        PLAIN.residuals(np.zeros(1), np.array([[0.1], [np.nan]]))


def test_a_point_mass_has_numbers_but_no_density():
    rare = own(lambda level, shock: level + np.maximum(shock - 0.1, 0.0))
    levels = np.array([[0.0], [0.05]])
    e = rare.residuals(np.zeros(1), levels)
    assert rare.simulate(np.zeros(1), e) == pytest.approx(levels, abs=1e-12)
    assert float(e[1, 0]) == pytest.approx(1.5, abs=1e-12)
    message = (
        r"Step has no density in year 1 of its history: its level stands still whatever the shock\. Write log"
    )
    with pytest.raises(ModelError, match=message):
        rare.loglik(np.zeros(1), levels)


def test_far_shocks_may_overflow_where_nobody_draws_them():
    wild = own(lambda level, shock: level + np.sinh(9e2 * shock), sigma=0.1)
    assert wild.residuals(np.zeros(1), np.full((1, 1), 0.2)) == pytest.approx(
        np.full((1, 1), np.arcsinh(0.2) / 90.0), rel=1e-9
    )


def test_a_level_out_of_reach_has_no_likelihood():
    far = np.array([[0.1, 0.1], [3.0, 0.2]])
    fit = PLAIN.loglik(np.zeros(2), far)
    assert fit[0] == -np.inf
    assert fit[1] == pytest.approx(2.0 * (-0.5 - np.log(0.1 * np.sqrt(2.0 * np.pi))), abs=1e-9)


def test_states_are_picked_whatever_they_are_made_of():
    place = np.array([1, 1, 0])
    state = (np.array([0.0, 5.0]), (np.array([1.0, 2.0]), np.array(7.0)))
    first, (second, third) = picked(state, place)
    assert (first.tolist(), second.tolist(), float(third)) == ([5.0, 5.0, 0.0], [2.0, 2.0, 1.0], 7.0)


@pytest.mark.parametrize("frozen", [False, True])
def test_a_model_refuses_a_process_that_can_change(frozen):
    @dataclass(frozen=frozen, kw_only=True)
    class Loose(sx.PathProcess):
        table: list
        parameters: ClassVar = ()

        def step(self, state, shock):
            return state + shock

    with pytest.raises(ModelError, match=r"Loose can change \(unhashable.*nothing .* Make it a frozen data"):
        grown(Loose(table=[1.0]))


def test_a_process_describes_its_parameters():
    @dataclass(frozen=True, kw_only=True)
    class Silent(sx.PathProcess):
        pass

    with pytest.raises(
        ModelError, match=r"Silent does not describe its parameters\. Give the class parameters ="
    ):
        Silent()
