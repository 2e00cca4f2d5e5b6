from __future__ import annotations

import numpy as np
import pytest

from sxsim.errors import HistoryError, ModelError, PlanError, UnknownNameError
from sxsim.fitting import DriftPrior, fit, fit_report
from sxsim.identities import Identity
from sxsim.plan import Reading, Release
from sxsim.processes import DampedTrend, derive

RD = 3.0 * 1.12 ** np.arange(12.0) * np.tile([1.0, 1.02, 0.97], 4)
GDP = 200.0 * 1.08 ** np.arange(12.0) * np.tile([1.0, 0.99], 6)
RATIO = Identity(indicator="ratio", expression="100 * rd / gdp")
EVERYTHING = [Identity(indicator=name, expression="x") for name in ("rd", "gdp", "ratio", "other")]
CHANGE = Identity(indicator="change", expression="ratio - ratio[-1]")


@pytest.fixture
def parts(table):
    return table(rd=RD, gdp=GDP, ratio=np.round(100 * RD / GDP, 2), other=GDP)


def test_what_is_derived_is_not_fitted_even_with_figures(parts):
    model = fit(parts, identities=[CHANGE, RATIO])
    assert (model.names, model.derived) == (("gdp", "other", "rd"), ("ratio", "change"))
    assert dict(model.absent) == {}
    np.testing.assert_array_equal(model.history.ratio, parts.ratio)


def test_one_identity_needs_no_brackets(parts):
    assert fit(parts, identities=RATIO).derived == fit(parts, identities=iter([RATIO])).derived == ("ratio",)


def test_the_parts_are_fitted_as_they_would_be_alone(parts):
    model = fit(parts, identities=[RATIO]).select(("ratio",))
    alone = fit(parts[["rd", "gdp"]])
    assert [one.last_value.tolist() for one in model.indicators] == [
        one.last_value.tolist() for one in alone.indicators
    ]
    assert model["rd"].marginal(3).quantiles(0.9) == alone["rd"].marginal(3).quantiles(0.9)
    values = {"rd": np.array([[12.0, 13.0]]), "gdp": np.array([[500.0, 510.0]])}
    assert derive(model, values)["ratio"].tolist() == [[100 * 12.0 / 500.0, 100 * 13.0 / 510.0]]


def test_what_lacks_a_part_is_absent_with_the_reason(parts):
    lost = parts.assign(rd=parts.rd.where(parts.year > 2010))
    model = fit(lost, until=2010, identities=[CHANGE, RATIO])
    reason = "it is computed from 'rd': it has no figure up to 2010; the first is for 2011"
    assert model.derived == ()
    assert model.absent["ratio"] == reason
    assert model.absent["change"] == f"it is computed from 'ratio': {reason}"
    told = parts.assign(rd=parts.rd.assign_attrs(role="vintage"))
    assert "its role is vintage" in fit(told, identities=[RATIO]).absent["ratio"]


def test_what_lacks_an_early_figure_is_absent_with_the_year(parts):
    short = parts.drop_vars("ratio")
    model = fit(short, identities=[RATIO, CHANGE])
    assert model.derived == ("ratio",)
    assert dict(model.absent) == {"change": "it reads 'ratio' in 2012, of which the history holds no figure"}


def test_a_reason_reaches_those_that_read_only_years_before(parts):
    echo = Identity(indicator="a_echo", expression="other + lost[-1]")
    lost = Identity(indicator="lost", expression="lost[-1] + rd")
    without = parts.assign(lost=parts.gdp, rd=parts.rd.assign_attrs(role="bound"))
    model = fit(without, identities=[echo, lost])
    assert model.derived == ()
    assert model.absent["a_echo"] == f"it is computed from 'lost': {model.absent['lost']}"


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"identities": [RATIO, RATIO]}, PlanError, r"identity ratio: it is defined twice"),
        (
            {"identities": [Identity(indicator="x", expression="rdd[-1] + gdp")]}, UnknownNameError,
            r"The identity 'x = rdd\[-1\] \+ gdp' reads 'rdd', which is not in the model\. Did you mean",
        ),
        (
            {"identities": [RATIO], "family": {"ratio": DampedTrend()}}, ModelError,
            r"^family= names 'ratio', which an identity defines\. A quantity is fitted or derived: leave",
        ),
        (
            {"identities": [RATIO], "drift_prior": {"ratio": DriftPrior(growth=0.1, spread=0.1)}}, ModelError,
            r"^drift_prior= names 'ratio', which an identity defines",
        ),
        (
            {"identities": EVERYTHING},
            HistoryError, r"holds no figure that can be fitted",
        ),
    ],
)  # fmt: skip
def test_refuses(parts, given, error, message):
    with pytest.raises(error, match=message):
        fit(parts, **given)


def test_growth_cannot_be_borrowed_from_what_is_derived(parts):
    borrowed = parts.assign(
        other=parts.other.where(parts.year > 2010).assign_attrs(bridge_from="ratio", bridge_sd=0.1)
    )
    with pytest.raises(HistoryError, match="'other' learns its growth from 'ratio', which is not fitted"):
        fit(borrowed, identities=[RATIO])


def test_past_years_are_judged_by_the_figures_its_reading_names(parts):
    restated = parts.assign(ratio_restated=parts.ratio + 0.1)
    reading = {"ratio": Reading(restated="ratio_restated", decided_by=Release.RESTATED)}
    model = fit(restated, reading=reading, identities=[RATIO])
    np.testing.assert_array_equal(model.history.ratio, restated.ratio_restated)


def test_a_bridge_of_what_is_derived_is_not_looked_at(parts):
    bridged = parts.assign(ratio=parts.ratio.assign_attrs(bridge_from="nowhere", bridge_sd=0.1))
    assert "computed, not fitted" in str(fit_report(fit(bridged, identities=[RATIO])))


def test_the_report_says_what_is_computed_and_assumed(parts):
    spent = Identity(indicator="spent", expression="0.62 * gdp", assumption="the share stays")
    remarks = fit_report(fit(parts, identities=[RATIO, spent])).remarks
    assert "computed, not fitted: ratio = 100 * rd / gdp" in remarks
    assert "computed, not fitted: spent = 0.62 * gdp (ASSUMPTION: the share stays)" in remarks
