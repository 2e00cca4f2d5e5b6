from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import HistoryError, ModelError

YEARS = np.arange(2003, 2013)
FIGURES = 100 * np.exp([0.0, 0.09, 0.21, 0.26, 0.41, 0.47, 0.62, 0.66, 0.81, 0.84])
SIGMA = sx.Parameter(name="sigma", symbol="sigma", unit="log", low=0.0)
DRIFT = sx.Parameter(name="drift", symbol="mu", unit="log per year")
KEPT = sx.Parameter(name="kept", symbol="k", unit="share", low=0.0, high=1.0, belief=(2.0, 2.0))


@dataclass(frozen=True, kw_only=True)
class Swing(sx.PathProcess):
    """Part of last year's shock comes back."""

    drift: float = sx.FREE
    sigma: float = sx.FREE
    kept: float = sx.FREE

    parameters: ClassVar = (DRIFT, SIGMA, KEPT)

    def begin(self, level):
        return level, np.zeros(level.shape)

    def step(self, state, shock):
        level, last = state
        shock = self.sigma * shock
        return level + self.drift + shock + self.kept * last, shock


def history(values=FIGURES):
    return xr.Dataset({"y": ("year", values)}, coords={"year": YEARS})


def test_free_parameters_are_learned_and_the_memory_goes_on():
    model = sx.fit(history(), family=Swing())
    law = model["y"].law
    assert sorted(law.draws) == ["drift", "kept", "sigma"]
    assert law.draws["kept"].min() >= 0
    assert law.draws["kept"].max() <= 1
    level, last = law.states[0]
    possible = law.weights[0] > 0  # others cannot have led through the history, and are never picked
    assert possible.sum() > 200
    assert level[possible] == pytest.approx(np.log(FIGURES[-1]), abs=1e-9)
    traced = np.zeros(256)
    for change in np.diff(np.log(FIGURES)):
        traced = change - law.draws["drift"][0] - law.draws["kept"][0] * traced
    assert last[possible] == pytest.approx(traced[possible], abs=1e-9)
    pick = np.array([0.0, 0.5, 1.0 - 1e-12])
    place = np.searchsorted(np.cumsum(law.weights[0])[:-1], pick, side="right")
    first = law.paths(float(np.log(FIGURES[-1])), np.zeros((1, 3)), pick)[0]
    expected = np.log(FIGURES[-1]) + law.draws["drift"][0] + law.draws["kept"][0] * traced
    assert first == pytest.approx(expected[place], abs=1e-9)


def test_what_was_assumed_is_said():
    notes = str(sx.fit_report(sx.fit(history(), family=Swing())))
    assert "grows as Swing with drift" in notes
    assert "ASSUMPTION: kept is beta(2, 2) between 0 and 1 beforehand" in notes


def test_what_is_given_stays_and_all_may_be_given():
    given = sx.fit(history(), family=Swing(kept=0.3, sigma=0.05))
    assert sorted(given["y"].law.draws) == ["drift"]
    known = Swing(kept=0.3, sigma=0.05, drift=0.08)
    paths = sx.simulate(sx.fit(history(), family=known), horizon=2, draws=50, rng=1).y
    assert np.isfinite(paths).all()
    assert len(np.unique(paths)) == 100


def test_members_of_a_batch_have_their_own_parameters_and_years():
    values = np.stack([FIGURES, 3.0 * FIGURES**1.2, np.concatenate([[np.nan] * 2, FIGURES[2:]])])
    data = xr.Dataset({"y": (("region", "year"), values)}, coords={"year": YEARS, "region": list("abc")})
    law = sx.fit(data, family=Swing())["y"].law
    assert law.weights.shape == (3, 256)
    assert len(law.states) == 3
    for member, figures in enumerate(values):
        possible = law.weights[member] > 0
        assert law.states[member][0][possible] == pytest.approx(np.log(figures[-1]), abs=1e-9)


def test_a_missing_year_is_refused():
    values = FIGURES.copy()
    values[[3, 5]] = np.nan
    with pytest.raises(
        HistoryError,
        match=r"Swing cannot be fitted to 'y', where 2 years are missing: a step goes .* Fill the gap",
    ):
        sx.fit(history(values), family=Swing())


def test_what_nothing_is_believed_of_is_refused():
    @dataclass(frozen=True, kw_only=True)
    class Blind(Swing):
        parameters: ClassVar = (DRIFT, SIGMA)

    message = (
        r"Blind cannot learn kept: nothing is believed of it beforehand\. Give a number, or describe it as"
    )
    with pytest.raises(ModelError, match=message):
        sx.fit(history(), family=Blind())


def test_a_process_without_a_step_is_refused():
    @dataclass(frozen=True, kw_only=True)
    class Whole(sx.PathProcess):
        sigma: float = sx.FREE
        parameters: ClassVar = (SIGMA,)

        def simulate(self, start, innovations):
            return start + np.cumsum(self.sigma * innovations, axis=0)

    with pytest.raises(
        ModelError, match=r"Whole cannot be fitted to 'y': only its own author knows how\. Write"
    ):
        sx.fit(history(), family=Whole())
