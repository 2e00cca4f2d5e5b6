"""Odd histories: a proper answer or a clear refusal each, through the whole line."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim.analysis import forecast
from sxsim.errors import HistoryError
from sxsim.fitting import fit, fit_report
from sxsim.simulation import simulate

NONE = np.nan
YEARS = np.arange(2003, 2013)
GROWING = np.array([5.0, 5.4, 5.5, 6.0, 6.2, 6.8, 7.0, 7.6, 7.9, 8.4])


def history(values, attrs=None, years=YEARS):
    return xr.Dataset({"y": ("year", np.asarray(values), attrs or {})}, coords={"year": years})


ANSWERED = {
    "constant": (np.full(10, 5.0), {}),
    "straight growth": (1.05 ** np.arange(10.0), {}),
    "two points": ([NONE] * 8 + [5.0, 6.0], {}),
    "two points far apart": ([5.0] + [NONE] * 8 + [6.0], {}),
    "one point": ([NONE] * 9 + [5.0], {}),
    "one point long ago": ([5.0] + [NONE] * 9, {}),
    "count with zeros": ([0, 0, 1, 0, 2, 1, 0, 3, 0, 2], {"kind": "count"}),
    "count that ends at zero": ([3, 1, 2, 4, 3, 1, 1, 0, 0, 0], {"kind": "count"}),
    "count with a single one": ([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], {"kind": "count"}),
    "huge count": (10**15 + 10**13 * np.arange(10), {"kind": "count"}),
    "amount with a zero": ([0.0, 1.2, 1.3, 1.1, 0.0, 1.5, 1.6, 1.4, 1.7, 1.9], {}),
    "huge": (1e300 * GROWING, {}),
    "tiny": (1e-300 * GROWING, {}),
    "below the smallest normal double": (1e-310 * GROWING, {}),
    "negative and undeclared": ([1.0, 2.0, -3.0, 4.0, 5.0, 6.0, -7.0, 8.0, 9.0, 10.0], {}),
    "huge balance": (1e300 * np.array([1.0, -1.0, 2.0, -2.0, 1.5, -0.5, 1.0, -1.0, 0.5, 0.2]), {}),
    "constant balance": (np.full(10, 4.0), {"kind": "balance"}),
    "share on both its bounds": ([0, 0.2, 1, 0.5, 0.3, 0.4, 0.6, 0.5, 1, 0], {"kind": "share"}),
    "whole numbers": (np.array([5, 5, 6, 6, 7, 7, 8, 8, 9, 9], np.int8), {}),
    "single precision": (GROWING.astype(np.float32), {}),
    "half precision": (GROWING.astype(np.float16), {}),
    "objects with None": (np.array([None, *GROWING[1:]], object), {}),
}


@pytest.mark.parametrize("case", ANSWERED)
def test_an_odd_history_has_a_proper_answer(case):
    values, attrs = ANSWERED[case]
    model = fit(history(values, attrs))
    fan = forecast(model, horizon=6, quantiles=(0.025, 0.5, 0.975)).y
    assert np.isfinite(fan).all()
    assert (fan.diff("quantile") >= 0).all()
    carrier = model["y"].carrier
    assert ((fan >= carrier.lower) & (fan <= carrier.upper)).all()
    level = float(fan.sel(quantile=0.5, year=2018)) or 1.0
    up, down = (forecast(model, horizon=6, **{side: level}).y for side in ("at_least", "at_most"))
    assert ((up > 0) & (up < 1)).all()
    assert (up + down >= 1 - 1e-9).all()
    paths = simulate(model, horizon=6, draws=200, rng=0).y
    assert np.isfinite(paths).all()
    report = fit_report(model)
    assert str(report).startswith("y: ")
    assert "nan" not in str(report) + report._repr_html_()


REFUSED = {
    "all missing": ([NONE] * 10, {}, r"no figure that can be fitted \(y: it has no figure at all\)"),
    "zeros": ([0.0] * 10, {}, r"\(y: all its figures stand on a bound: nothing tells how far"),
    "zero counts": ([0] * 10, {"kind": "count"}, r"\(y: all its figures stand on a bound"),
    "full shares": ([1.0] * 10, {"kind": "share"}, r"\(y: all its figures stand on a bound"),
    "shares on either bound": ([0, 1] * 5, {"kind": "share"}, r"\(y: all its figures stand on a bound"),
    "zero balances": ([0.0] * 10, {"kind": "balance"}, r"\(y: all its figures are zero: nothing tells"),
    "a negative amount": ([1, 2, -3, 4] + [5] * 6, {"kind": "amount"}, r"'y' is -3 in 2005, outside"),
    "an infinite figure": ([1.0, np.inf] + [2.0] * 8, {}, r"'y' holds an infinite value\. Use NaN"),
    "true and false": ([True, False] * 5, {}, r"'y' does not hold numbers"),
    "complex numbers": (GROWING.astype(complex), {}, r"'y' does not hold numbers"),
    "words": (["a"] * 10, {}, r"'y' does not hold numbers"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_an_impossible_history_is_refused(case):
    values, attrs, message = REFUSED[case]
    with pytest.raises(HistoryError, match=message):
        fit(history(values, attrs))


def test_what_cannot_be_fitted_leaves_the_others_alone():
    model = fit(history(GROWING).assign(z=("year", np.zeros(10))))
    assert model.names == ("y",)
    assert model.absent["z"].startswith("all its figures stand on a bound")


@pytest.mark.parametrize("lost", [np.full(10, NONE), np.zeros(10)], ids=["missing", "zero"])
def test_a_member_that_cannot_be_fitted_has_no_answer_and_leaves_the_others_alone(lost):
    values = np.stack([GROWING, lost, GROWING[::-1]])
    coords = {"province": ["a", "b", "c"], "year": YEARS}
    model = fit(xr.Dataset({"y": (("province", "year"), values)}, coords=coords))
    chance = forecast(model, horizon=4, at_least=9.0).y
    assert np.isnan(chance.sel(province="b")).all()
    assert np.isnan(forecast(model, horizon=4).y.sel(province="b")).all()
    for province, figures in zip("ac", (GROWING, GROWING[::-1]), strict=True):
        alone = forecast(fit(history(figures)), horizon=4, at_least=9.0).y
        np.testing.assert_allclose(chance.sel(province=province), alone, rtol=1e-4)
    assert "without any figure: 1" in str(fit_report(model))
    notes = model["y"].evidence.notes
    assert any(note.startswith("members left out, all their") for note in notes) == (lost == 0).all()


def test_the_zero_of_one_member_is_moved_as_if_it_stood_alone():
    coarse, fine = np.array([0.0, 30, 40, 30, 50, 60]), np.array([0.0, 0.31, 0.4, 0.35, 0.52, 0.6])
    coords = {"province": ["a", "b"], "year": YEARS[:6]}
    model = fit(xr.Dataset({"y": (("province", "year"), np.stack([coarse, fine]))}, coords=coords))
    together = forecast(model, horizon=3, at_least=1.0).y
    for province, figures in zip("ab", (coarse, fine), strict=True):
        alone = forecast(fit(history(figures, years=YEARS[:6])), horizon=3, at_least=1.0).y
        np.testing.assert_allclose(together.sel(province=province), alone, rtol=1e-4)


@pytest.mark.parametrize("scale", [1e-200, 1e-6, 1e3, 1e200])
def test_units_do_not_matter_where_there_are_zeros(scale):
    values = np.array([0.0, 1.2, 1.3, 1.1, 0.0, 1.5, 1.6, 1.4, 1.7, 1.9])
    small = forecast(fit(history(values)), horizon=5, at_least=1.5).y
    large = forecast(fit(history(scale * values)), horizon=5, at_least=1.5 * scale).y
    np.testing.assert_allclose(large, small, rtol=1e-4)


@pytest.mark.parametrize(
    "years",
    [YEARS[::-1], YEARS.astype(float), YEARS.astype(np.uint16)],
    ids=["falling", "floats", "unsigned"],
)
def test_years_may_come_in_any_order_and_type(years):
    order = np.argsort(years)
    plain = forecast(fit(history(GROWING)), horizon=3)
    odd = np.empty(10)
    odd[order] = GROWING
    xr.testing.assert_identical(forecast(fit(history(odd, years=years)), horizon=3), plain)


def test_a_gap_of_thirty_years_is_one_change():
    years = np.r_[1970:1975, 2004:2007]
    model = fit(history([1.0, 1.1, 1.2, 1.3, 1.4, 4.0, 4.1, 4.3], years=years))
    fan = forecast(model, horizon=3).y
    assert np.isfinite(fan).all()
    # the gap grew by 3.6 % a year: one change of 29 years, not a jump
    assert 4.3 < float(fan.sel(quantile=0.5, year=2009)) < 4.3 * 1.1**3
    shock = fit_report(model).data.sigma.item()
    assert shock < 0.15


def test_a_history_is_read_and_not_written():
    values = GROWING.copy()
    values.flags.writeable = False
    held = np.asfortranarray(np.stack([values, values * 2]))[:, ::1]
    held.flags.writeable = False
    data = xr.Dataset({"y": (("province", "year"), held)}, coords={"province": ["a", "b"], "year": YEARS})
    before = data.copy(deep=True)
    fit_report(fit(data))
    xr.testing.assert_identical(data, before)
