from __future__ import annotations

import numpy as np
import pytest

from sxsim.fitting import fit, fit_report, walk_prior
from sxsim.links import Log
from sxsim.processes import Grown, GrowthModel, RandomWalk

GROWING = [1.0, 1.1, 1.25, 1.3, 1.5, 1.7, 1.75, 2.0]


@pytest.fixture
def model(table):
    return fit(
        table(
            long=GROWING,
            pair=[np.nan] * 5 + [3.0, 4.0, np.nan],
            lent=[np.nan] * 7 + [3.0],
            empty=[np.nan] * 8,
            attrs={"lent": {"bridge_from": "long", "bridge_sd": 0.04}},
        ),
        prior=walk_prior(),
    )


def test_the_text_has_a_line_for_every_variable(model):
    lines = str(fit_report(model)).splitlines()
    assert [line.split(":")[0] for line in lines] == ["lent", "long", "pair", "empty"]
    lent, long, pair, empty = lines
    assert "8 figures 2005-2012, growth +" in long
    assert long.endswith("own figures lead, drawn towards the prior")
    assert "2 figures 2010-2011" in pair
    assert "lean on the prior; last known for 2011" in pair
    assert "an assumption; ASSUMPTION: growth learned from long (8 figures), extra spread 0.04" in lent
    assert empty == "empty: left out, it has no figure at all"


def test_the_text_tells_growth_spread_and_shares(model):
    row = fit_report(model).data.sel(indicator="long")
    line = next(line for line in str(fit_report(model)).splitlines() if line.startswith("long"))
    assert f"growth {float(row.growth):+.1%} a year, yearly shock {float(row.sigma):.1%}" in line
    assert (
        f"drift {float(row.own_drift_share):.0%} and of the variance {float(row.own_variance_share):.0%}"
        in line
    )


def test_the_numbers_are_those_of_the_model(model):
    report = fit_report(model)
    assert report.data.indicator.values.tolist() == ["lent", "long", "pair"]
    row, law = report.data.sel(indicator="long"), model["long"].law
    assert (int(row.points), int(row.first_year), int(row.last_year), float(row.last_value)) == (
        8,
        2005,
        2012,
        2.0,
    )
    assert float(row.growth) == pytest.approx(law.drift[0])
    assert float(row.sigma) == pytest.approx(np.sqrt(law.rate[0] / law.shape[0]))
    assert float(row.dof) == pytest.approx(2 * law.shape[0])
    assert (
        report.data["growth"].attrs["units"] == report.data["sigma"].attrs["units"] == "link scale per year"
    )
    assert report.absent == {"empty": "it has no figure at all"}


def test_hand_made_indicators_are_listed_as_such():
    walk = RandomWalk(drift=0.06, sigma=0.08)
    grown = Grown(name="y", carrier=Log(), law=walk, last_value=5.0, last_year=2012)
    report = fit_report(GrowthModel(indicators=(grown,), last_year=2013))
    assert "growth +6.0% a year, yearly shock 8.0%" in str(report)
    assert str(report).endswith("parameters set by hand")
    assert float(report.data.sel(indicator="y").last_value) == 5.0
    assert np.isinf(report.data.sel(indicator="y").dof)


def test_a_notebook_shows_the_same_text_safely(table):
    report = fit_report(fit(table(**{"a<b": GROWING})))
    assert report._repr_html_().startswith("<pre>a&lt;b: 8 figures")


def test_a_batch_has_no_row(panel):
    report = fit_report(fit(panel.assign(single=("year", panel.y.values[0]))))
    assert report.data.indicator.values.tolist() == ["single"]


def test_a_model_of_batches_alone_has_an_empty_report(panel):
    report = fit_report(fit(panel))
    assert report.data.sizes["indicator"] == 0
    assert str(report) == ""
