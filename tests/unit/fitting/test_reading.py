from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim.errors import HistoryError, ModelError, UnknownNameError
from sxsim.fitting import Prior, fit, fit_prior, fit_report
from sxsim.fitting.history import read_history
from sxsim.fitting.reading import slope
from sxsim.links import Linear, Log, Odds
from sxsim.plan import Break, Noise, Partial, Reading, Release
from sxsim.processes import MeasuredPosterior

YEARS = np.arange(2001, 2013)
VALUES = 10.0 * np.exp(np.random.default_rng(5).normal(0.06, 0.05, 12).cumsum())
PERCENT = {"kind": "share", "units": "% of GDP"}


def read(data, **reading):
    door = read_history(data, reading={"y": Reading(**reading)})
    return next(s for s in door.series if s.name == "y")


@pytest.mark.parametrize("carrier", [Log(), Odds(lower=0.0, upper=30.0), Linear(scale=4.0)])
def test_slopes_are_those_of_the_link(carrier):
    step = 1e-6
    values = np.array([2.0, 11.0, 25.0])
    expected = (carrier.forward(values + step) - carrier.forward(values - step)) / (2 * step)
    np.testing.assert_allclose(slope(carrier, values), expected, rtol=1e-6)


def test_errors_go_to_the_link_scale(table):
    data = table(y=VALUES)
    np.testing.assert_allclose(read(data, noise=Noise(relative=0.03)).measured.noise, 0.03)
    by_unit = read(data, noise=Noise(absolute=0.5, years=(2003, 2005))).measured.noise[0]
    expected = np.where(np.isin(YEARS, [2003, 2005]), 0.5 / VALUES, 0.0)
    np.testing.assert_allclose(by_unit, expected)
    share = table(y=VALUES, attrs={"y": PERCENT})
    found = read(share, noise=Noise(absolute=0.5)).measured.noise[0]
    np.testing.assert_allclose(found, 0.5 * (1 / VALUES + 1 / (100 - VALUES)))


def test_errors_of_one_year_add_up(table):
    noise = read(
        table(y=VALUES), noise=(Noise(relative=0.03), Noise(relative=0.04, years=(2004,)))
    ).measured.noise
    assert noise[0, 3] == pytest.approx(0.05)
    assert noise[0, 4] == pytest.approx(0.03)


def test_errors_may_stand_in_a_variable_of_their_own(table):
    errors = np.where(YEARS < 2006, 0.4, np.nan)
    data = table(y=VALUES, y_sd=errors, attrs={"y_sd": {"role": "noise"}})
    series = read(data, noise=Noise(variable="y_sd"))
    np.testing.assert_allclose(series.measured.noise[0], np.nan_to_num(errors / VALUES))
    assert "its role is noise" in fit(data).absent["y_sd"]


def test_a_batch_has_an_error_for_every_figure(panel):
    errors = xr.full_like(panel["y"], 0.3).assign_attrs(role="noise")
    data = panel.assign(y_sd=errors.transpose("year", "province"))
    model = fit(data, reading={"y": Reading(noise=Noise(variable="y_sd"))})
    law = model["y"].law
    assert isinstance(law, MeasuredPosterior)
    assert len(law.weights) == 3
    alone = fit(data.isel(province=[1]), reading={"y": Reading(noise=Noise(variable="y_sd"))})[
        "y"
    ].law.marginal(2)
    levels = [0.05, 0.5, 0.95]
    np.testing.assert_allclose(
        law.marginal(2).quantiles(levels)[:, 1], alone.quantiles(levels)[:, 0], atol=1e-5
    )


def test_a_break_shifts_the_first_figure_of_the_new_definition(table):
    steps = read(table(y=VALUES), breaks=Break(year=2006, absolute=2.0)).measured.steps[0]
    np.testing.assert_allclose(steps, np.where(YEARS == 2006, 2.0 / VALUES[5], 0.0))
    holes = np.where(YEARS == 2006, np.nan, VALUES)
    steps = read(table(y=holes), breaks=Break(year=2006, relative=0.1)).measured.steps[0]
    np.testing.assert_allclose(steps, np.where(YEARS == 2006, 0.1, 0.0))


def test_outliers_are_missing_years(table):
    odd = np.where(YEARS == 2006, 99.0, VALUES)
    without = fit(table(y=np.where(YEARS == 2006, np.nan, VALUES)))
    read_out = fit(table(y=odd), reading={"y": Reading(outliers=2006)})
    for step in (1, 5):
        np.testing.assert_array_equal(
            read_out["y"].law.marginal(step).location, without["y"].law.marginal(step).location
        )
    assert "not used, named as outliers: 2006" in read_out["y"].evidence.notes
    assert read_out["y"].evidence.points[0] == 11


def test_an_outlier_at_the_end_moves_the_start_back(table):
    model = fit(table(y=VALUES), reading={"y": Reading(outliers=2012)})
    assert (model["y"].last_years()[0], model.last_year) == (2011, 2012)
    assert float(np.ravel(model["y"].last_value)[0]) == VALUES[-2]


def test_a_part_of_the_next_year_is_a_figure_of_it(table):
    part = Partial(year=2013, value=0.75 * 15.0, share=0.75, spread=0.03)
    model = fit(table(y=VALUES), reading={"y": Reading(partial=part)})
    law = model["y"].law
    assert (law.lead, model.last_year, model["y"].last_years()[0]) == (1, 2012, 2012)
    low, middle, high = law.marginal(1).quantiles([0.025, 0.5, 0.975])[:, 0]
    assert middle == pytest.approx(np.log(15.0 / VALUES[-1]), abs=0.03)
    assert high - low < 2 * 1.96 * 0.03 * 1.05
    assert "is read as 15" in str(fit_report(model))


def test_a_part_of_the_year_after_until_is_used_and_later_parts_are_not(table):
    part = Partial(year=2013, value=11.0, share=0.75, spread=0.03)
    for until in (2012, 2013):
        model = fit(table(y=VALUES), until=until, reading={"y": Reading(partial=part)})
        assert (model.last_year, model["y"].law.lead) == (until, 1)
    early = fit(table(y=VALUES), until=2011, reading={"y": Reading(partial=part)})["y"]
    assert not isinstance(early.law, MeasuredPosterior)
    assert "the part of 2013 lies more than a year after 2011 and is not used" in early.evidence.notes


def restated(table, **more):
    later = np.where(np.isin(YEARS, [2006, 2008, 2009, 2010]), VALUES * np.exp(0.04), np.nan)
    later[7] = VALUES[7] * np.exp(-0.02)
    return table(y=VALUES, y_new=later, attrs={"y_new": {"role": "vintage"}, **more})


def test_releases_differ_by_what_years_with_both_show(table):
    series = read(restated(table), restated="y_new", decided_by=Release.RESTATED)
    spread = np.sqrt((3 * 0.04**2 + 0.02**2) / 3)
    known = np.isin(YEARS, [2006, 2008, 2009, 2010])
    np.testing.assert_allclose(series.measured.noise[0], np.where(known, 0.0, spread))
    np.testing.assert_allclose(series.values[0, 5], VALUES[5] * np.exp(0.04))
    assert series.measured.release_sd == 0.0
    first = read(restated(table), restated="y_new")
    assert first.measured.release_sd == pytest.approx(spread)
    assert "forecast are first releases" in first.notes[0]


def test_first_releases_to_come_scatter_more_than_restated_figures(table):
    data = restated(table)
    wide = fit(data, reading={"y": Reading(restated="y_new")})["y"].law
    narrow = fit(data, reading={"y": Reading(restated="y_new", decided_by=Release.RESTATED)})["y"].law
    np.testing.assert_array_equal(wide.marginal(3).location, narrow.marginal(3).location)
    squares = wide.marginal(3).spread ** 2 - narrow.marginal(3).spread ** 2
    np.testing.assert_allclose(squares, wide.release_sd**2)


def test_first_releases_scatter_where_every_figure_was_restated(table):
    later = VALUES * np.exp(np.where(YEARS % 2, 0.02, -0.02))
    data = table(y=VALUES, y_new=later, attrs={"y_new": {"role": "vintage"}})
    spread = 0.02 * np.sqrt(12 / 11)
    assert read(data, restated="y_new").measured.release_sd == pytest.approx(spread)
    assert read(data, restated="y_new", decided_by=Release.RESTATED).measured is None


def test_past_years_are_judged_by_the_release_that_decides(table):
    data = restated(table)
    reading = {"y": Reading(restated="y_new", decided_by=Release.RESTATED)}
    judged = fit(data, reading=reading).history["y"]
    assert judged.dims == ("year",)
    assert float(judged.sel(year=2006)) == pytest.approx(VALUES[5] * np.exp(0.04))
    assert float(judged.sel(year=2007)) == VALUES[6]
    first = fit(data, reading={"y": Reading(restated="y_new")}).history["y"]
    np.testing.assert_array_equal(first, VALUES)


def test_two_restated_years_say_too_little(table):
    later = np.where(YEARS > 2010, VALUES * 1.02, np.nan)
    data = table(y=VALUES, y_new=later, attrs={"y_new": {"role": "vintage"}})
    series = read(data, restated="y_new")
    assert series.measured is None
    np.testing.assert_array_equal(series.values[0], VALUES)
    assert "restated for 2 years: too few, first releases stand as they are" in series.notes


def test_attributes_say_the_same_as_a_reading(table):
    attrs = {"noise_relative": 0.03, "break_relative": [0.1], "break_relative_years": [2006]}
    said = fit(table(y=VALUES, attrs={"y": attrs}))["y"]
    given = fit(
        table(y=VALUES),
        reading={"y": Reading(noise=Noise(relative=0.03), breaks=Break(year=2006, relative=0.1))},
    )["y"]
    np.testing.assert_array_equal(said.law.state, given.law.state)
    assert said.evidence.notes == given.evidence.notes
    replaced = fit(table(y=VALUES, attrs={"y": attrs}), reading={"y": Reading()})["y"]
    assert not isinstance(replaced.law, MeasuredPosterior)


def test_the_history_of_a_model_says_how_it_was_read(table):
    data = table(y=VALUES, attrs={"y": {"outlier_years": [2003], "units": "cases"}})
    reading = Reading(noise=(Noise(relative=0.02), Noise(relative=0.03, years=(2004,))))
    model = fit(data, reading={"y": reading})
    assert "outlier_years" not in model.history["y"].attrs
    assert model.history["y"].attrs["units"] == "cases"
    np.testing.assert_array_equal(fit(model.history)["y"].law.state, model["y"].law.state)
    assert data["y"].attrs == {"outlier_years": [2003], "units": "cases"}


def test_the_report_explains_figures_with_errors(table):
    part = Partial(year=2013, value=11.0, share=0.75, spread=0.03)
    reading = {"y": Reading(noise=Noise(relative=0.02), breaks=Break(year=2006, relative=0.3), partial=part)}
    model = fit(table(y=np.where(YEARS < 2006, 0.01 * VALUES, VALUES)), reading=reading)
    row = fit_report(model).data.sel(indicator="y")
    law = model["y"].law
    assert float(row.sigma) == pytest.approx(float((law.weights * law.sigma).sum()))
    assert float(row.effective_figures) == pytest.approx(float(law.changes[0]))
    assert 0 < float(row.own_variance_share) < 1
    assert "%" in str(row.shapes.item())
    assert "beyond what the prior has cells for" not in str(row.distrust.item())
    early = fit(table(y=VALUES), until=2011, reading={"y": Reading(partial=part)})
    assert "is not used" in str(fit_report(early))


def test_attributes_survive_netcdf(table, tmp_path):
    attrs = {"noise_absolute": [0.3], "noise_absolute_years": [2003], "outlier_years": [2005, 2006]}
    data = table(y=VALUES, attrs={"y": attrs})
    data.to_netcdf(tmp_path / "history.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "history.nc", engine="h5netcdf") as back:
        again = fit(back.load())["y"]
    np.testing.assert_array_equal(again.law.state, fit(data)["y"].law.state)


def test_breaks_outside_the_figures_are_named_and_left_alone(table):
    model = fit(table(y=VALUES), until=2010, reading={"y": Reading(breaks=Break(year=2011, relative=0.1))})
    assert "the break of 2011 lies outside the figures and is not used" in model["y"].evidence.notes


def test_a_break_after_the_last_figure_widens_the_start(table):
    row = np.append(VALUES[:-1], np.nan)
    data = table(y=row, z=VALUES)
    calm = fit(data)["y"].law.marginal(1)
    moved = fit(data, reading={"y": Reading(breaks=Break(year=2012, relative=0.5))})["y"].law
    np.testing.assert_allclose(moved.start * moved.sigma**2, 0.25, rtol=1e-9)
    low, high = moved.marginal(1).quantiles([0.025, 0.975])[:, 0]
    assert high - low > 2 * 1.96 * 0.5 > np.ptp(calm.quantiles([0.025, 0.975])[:, 0])


def test_an_error_that_leaves_nothing_leaves_a_gap(table):
    dim = fit(table(y=VALUES), reading={"y": Reading(noise=Noise(relative=20.0, years=(2005,)))})["y"]
    assert dim.evidence.points[0] == 11
    only = fit(
        table(y=VALUES),
        reading={"y": Reading(noise=(Noise(relative=20.0, years=(2005,)), Noise(relative=1e-9)))},
    )["y"]
    gap = fit(
        table(y=np.where(YEARS == 2005, np.nan, VALUES)), reading={"y": Reading(noise=Noise(relative=1e-9))}
    )["y"]
    np.testing.assert_allclose(only.law.state, gap.law.state, atol=1e-12)


def test_short_series_are_random_walks(table):
    law = fit(table(y=VALUES[-3:]), reading={"y": Reading(noise=Noise(relative=0.02))})["y"].law
    assert law.shape_words(0) == "random walk 100%"
    bare = fit(table(y=VALUES[-3:]))["y"].law.marginal(3)
    dim = fit(table(y=VALUES[-3:]), reading={"y": Reading(noise=Noise(relative=1e-7))})["y"].law.marginal(3)
    for level in (-0.1, 0.1, 0.4):
        value = np.array([level])
        assert dim.at_least(value)[0] == pytest.approx(bare.at_least(value)[0], abs=5e-3)


def test_a_prior_given_by_hand_is_used(table):
    prior = Prior(drift=0.3, years=1e6, shape=3.0, spread=0.05)
    law = fit(table(y=VALUES), prior=prior, reading={"y": Reading(noise=Noise(relative=0.02))})["y"].law
    assert law.marginal(1).quantiles(0.5)[0, 0] > 0.25
    balance = table(y=VALUES - 15.0, attrs={"y": {"kind": "balance"}})
    flat = fit(balance, prior=prior, reading={"y": Reading(noise=Noise(absolute=0.5))})["y"].law
    assert abs(flat.prior_drift).max() == 0.0


def test_breaks_do_not_enter_the_innovations(table):
    jump = np.where(YEARS < 2006, VALUES, 3 * VALUES)
    broken = fit(table(y=jump, z=VALUES[::-1]), reading={"y": Reading(breaks=Break(year=2006, relative=2.0))})
    whole = fit(table(y=VALUES, z=VALUES[::-1]))
    assert broken.correlation[0, 1] == pytest.approx(whole.correlation[0, 1], abs=0.1)
    assert fit(table(y=jump, z=VALUES[::-1])).correlation[0, 1] != pytest.approx(
        whole.correlation[0, 1], abs=0.1
    )


def test_a_bridge_lends_growth_from_noisy_figures(table):
    own = np.append(np.full(11, np.nan), 4.0)
    attrs = {"y": {"bridge_from": "z", "bridge_sd": 0.02, "noise_relative": 0.1}}
    model = fit(table(y=own, z=VALUES, attrs=attrs), reading={"z": Reading(noise=Noise(relative=0.05))})
    assert isinstance(model["y"].law, MeasuredPosterior)
    assert (model["y"].law.start == 0).all()
    assert any("taken as it stands" in note for note in model["y"].evidence.notes)


def test_the_prior_of_a_panel_leaves_outliers_out():
    rng = np.random.default_rng(3)
    values = np.exp((rng.normal(0.05, 0.02, (40, 1)) + rng.normal(0, 0.1, (40, 15))).cumsum(axis=1))
    years = np.arange(2000, 2015)
    clean = xr.Dataset({"y": (("series", "year"), np.where(years == 2007, np.nan, values))}, {"year": years})
    odd = xr.Dataset({"y": (("series", "year"), values, {"outlier_years": [2007]})}, {"year": years})
    assert fit_prior(odd).spread == fit_prior(clean).spread


@pytest.mark.parametrize(
    ("attrs", "reading", "message"),
    [
        ({}, {"noise": Noise(variable="gone")}, r"'y' is read with 'gone', which is not in the history"),
        ({}, {"restated": "gone"}, r"'y' is read with 'gone', which is not in the history"),
    ],
)
def test_refuses_companions_that_are_not_there(table, attrs, reading, message):
    with pytest.raises(UnknownNameError, match=message):
        fit(table(y=VALUES, attrs={"y": attrs}), reading={"y": Reading(**reading)})


@pytest.mark.parametrize(
    ("attrs", "reading", "message"),
    [
        (
            {"kind": "balance"},
            {"noise": Noise(relative=0.1)},
            r"'y' is a balance and has no relative size such as 0\.1\. Give absolute=",
        ),
        (
            PERCENT,
            {"partial": Partial(year=2013, value=1.0, share=0.5, spread=0.1)},
            r"'y' is not an amount that adds up over a year, so part of 2013 says nothing",
        ),
        (
            {},
            {"partial": Partial(year=2014, value=1.0, share=0.5, spread=0.1)},
            r"'y': part of 2014 is known, but its last full figure is for 2012\. Give the part of 2013",
        ),
        ({}, {"outliers": tuple(YEARS)}, r"'y' has no figure but outliers \(2001, .*\)\. Keep at least one"),
        ({}, {"restated": "low"}, r"'low' restates 'y' as -1, outside \(0, inf\)\. Correct the figure"),
        ({}, {"noise": Noise(variable="low")}, r"'low' holds the standard error -1\. Give numbers from zero"),
    ],
)
def test_refuses_what_does_not_fit_the_variable(table, attrs, reading, message):
    data = table(y=VALUES, low=-np.ones(12), attrs={"y": attrs, "low": {"role": "vintage"}})
    with pytest.raises(HistoryError, match=message):
        fit(data, reading={"y": Reading(**reading)})


def test_refuses_errors_that_leave_no_figure(table):
    with pytest.raises(HistoryError, match=r"'y' has no figure whose error is below 10 on the link scale"):
        fit(table(y=VALUES), reading={"y": Reading(noise=Noise(relative=30.0))})


def test_refuses_an_endless_break_after_the_last_figure(table):
    data = table(y=np.append(VALUES[:-1], np.nan), z=VALUES)
    message = r"'y': the break of 2012 lies after the last figure; its size is unknown\. Give its spread"
    with pytest.raises(HistoryError, match=message):
        fit(data, reading={"y": Reading(breaks=Break(year=2012, relative=np.inf))})


def test_refuses_parts_and_companions_of_another_batch(panel):
    part = Partial(year=2013, value=1.0, share=0.5, spread=0.1)
    with pytest.raises(HistoryError, match=r"'y' has a batch; one part of 2013 cannot be for all of it"):
        fit(panel, reading={"y": Reading(partial=part)})
    flat = panel.assign(sd=panel["y"].isel(province=0, drop=True).assign_attrs(role="noise"))
    with pytest.raises(HistoryError, match=r"'y' and 'sd' differ in their dimensions"):
        fit(flat, reading={"y": Reading(noise=Noise(variable="sd"))})


def test_refuses_readings_of_nothing(table):
    with pytest.raises(HistoryError, match=r"does not say which variable it is for\. Give one per name"):
        fit(table(y=VALUES), reading=Reading(outliers=2005))
    with pytest.raises(UnknownNameError, match=r"reading= names 'yy', .* Did you mean 'y'\?"):
        fit(table(y=VALUES), reading={"yy": Reading()})


def test_refuses_a_flat_prior(table):
    with pytest.raises(ModelError, match=r"'y' has figures with errors, which a flat prior cannot weigh"):
        fit(table(y=VALUES), prior=Prior.flat(), reading={"y": Reading(noise=Noise(relative=0.1))})
