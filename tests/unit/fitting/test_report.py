from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
import xarray as xr

from sxsim.fitting import fit, fit_report, walk_prior
from sxsim.fitting.doubt import Doubt
from sxsim.io import open_result, save
from sxsim.links import Log
from sxsim.processes import Grown, GrowthModel, RandomWalk, Rung

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
    lines = [line for line in str(fit_report(model)).splitlines()[:-2] if not line.startswith(" ")]
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


def test_a_notebook_shows_a_table_and_everything_escaped(table):
    page = fit_report(fit(table(**{"a<b": GROWING, "&c": [np.nan] * 8})))._repr_html_()
    tree = ElementTree.fromstring(page)
    head, body = tree.find("table/thead"), tree.find("table/tbody")
    assert [cell.text for cell in head.iter("th")][:3] == ["indicator", "figures", "growth a year"]
    assert ["".join(cell.itertext()) for cell in body.iter("td")][:2] == ["a<b", "8 figures 2005-2012"]
    assert "a<b" not in page
    lost = ["".join(cell.itertext()) for cell in tree.findall("table")[1].iter("td")]
    assert lost == ["&c", "it has no figure at all"]


def test_a_batch_is_summed_up(panel):
    model = fit(panel.assign(single=("year", panel.y.values[0])))
    report = fit_report(model)
    assert report.data.indicator.values.tolist() == ["single"]
    batch = report.batches.sel(indicator="y")
    assert (int(batch.members), int(batch.unseen)) == (3, 1)
    assert batch.at_rung.sel(rung=Rung.OWN.value).item() == 2
    assert batch.points.values.tolist() == pytest.approx([6, 6.2, 7, 7.8, 8])
    effective = model["y"].law.effective_cells()[:2]
    assert batch.effective_cells.sel(quantile=[0, 1]).values.tolist() == pytest.approx(sorted(effective))
    assert batch.in_doubt.sel(doubt=Doubt.SHORT.value).item() == 1
    members = report.members["y"]
    assert members.doubts.sel(doubt=Doubt.SHORT.value).values.tolist() == [False, True, False]
    assert np.isnan(members.growth.sel(province="c"))
    np.testing.assert_allclose(members.kind_share.sum("kind"), [1, 1, 0])
    for kind, share in model["y"].law.shape_shares(1).items():
        assert float(members.kind_share.sel(kind=kind, province="b")) == pytest.approx(share)
    single = report.data.sel(indicator="single")
    for name in ("growth", "sigma", "effective_cells", "largest_error", "bell_score"):
        assert float(members[name].sel(province="a")) == pytest.approx(float(single[name]), rel=1e-4)
    text = str(report)
    assert "y: 3 members; without any figure: 1; figures 7 (6 to 8); growth +" in text
    assert "2 x own figures lead, drawn towards the prior" in text
    assert "what to distrust: 1 x few figures" in text
    assert "their dimensions differ: single (no batch) / y (province)" in text
    assert "2 x own figures lead" in report._repr_html_()


def test_a_batch_in_two_dimensions_keeps_them():
    values = np.exp(0.05 * np.arange(8) + np.random.default_rng(0).normal(0, 0.05, (2, 3, 8)))
    data = xr.Dataset({"y": (("region", "sector", "year"), values)}, coords={"year": range(2005, 2013)})
    members = fit_report(fit(data)).members["y"]
    assert members.growth.dims == ("region", "sector")
    assert members.doubts.dims == ("doubt", "region", "sector")


def test_the_report_can_be_kept(panel, table, tmp_path):
    report = fit_report(fit(panel.assign(single=("year", panel.y.values[0]))))
    for name, data in (("a", report.data), ("b", report.batches), ("c", report.members["y"])):
        tree = open_result(save(xr.DataTree(data), tmp_path / f"{name}.nc"))
        xr.testing.assert_identical(tree.to_dataset(), data)


def test_hand_made_batches_and_models_without_doubt_say_nothing_more(hand):
    assert str(fit_report(hand())) == (
        "y: 1 figure 2012, growth +5.0% a year, yearly shock 10.0%, own share of the drift 100% and of the "
        "variance 100%; parameters set by hand"
    )


def test_the_text_says_how_the_errors_look(table):
    data = fit_report(fit(table(y=GROWING))).data.sel(indicator="y")
    size, year = float(data.largest_error), int(data.largest_error_year)
    said = f"7 in all, the largest {size:+.1f} yearly shocks in {year} ("
    assert str(data.residuals.item()).startswith(said)
    assert str(fit_report(fit(table(y=GROWING[:5]))).data.residuals.item()) == "too few to judge"


LONG = np.cumsum(np.r_[0.0, np.random.default_rng(8).normal(0.04, 0.03, 24)])
JUMP = LONG + 0.8 * (np.arange(25) == 12)
DOUBTS = {
    Doubt.SHORT: (np.exp(LONG[:6]), {}, {}, "only 6 figures: how growth goes on is wide open"),
    Doubt.OLD: (np.r_[np.exp(LONG[:9]), [np.nan] * 3], {}, {}, "the last figure is 3 years old"),
    Doubt.PRIOR: ([np.nan, 3.0], {}, {}, "100% of what is believed of the drift is the prior's"),
    Doubt.FAST: (np.exp(9 * LONG[:12]), {}, {}, "beyond what the prior has cells for (25%)"),
    Doubt.BOUND: (np.r_[0, 0, np.exp(LONG[:9])], {}, {}, "2 figures stand on a bound, at a distance set by"),
    Doubt.CAPPED: ([1.0, 1.0, 1.1, 1.0, 60.0, 1.1, 900.0], {}, {}, "the 95 % range six years ahead is drawn"),
    Doubt.JUMP: (np.exp(JUMP), {}, {}, "2000 stands out by"),
    Doubt.TAILS: (np.exp(JUMP), {}, {}, "errors have more extremes than a bell curve"),
    Doubt.UNEVEN: (
        np.exp(np.r_[LONG, LONG[-1] + np.cumsum([0.5, -0.4, 0.6, -0.5, 0.7, -0.6])]), {}, {},
        "changes are wilder than those before",
    ),
    Doubt.LINKED: (
        np.exp(np.cumsum(np.repeat([0.1, -0.1] * 3, 4))), {}, {"prior": replace(walk_prior(), window=None)},
        "errors of neighbouring years correlate by +0",
    ),
}  # fmt: skip


@pytest.mark.parametrize("doubt", DOUBTS, ids=lambda doubt: doubt.name)
def test_every_doubt_is_raised_where_it_should_be(table, doubt):
    values, attrs, options, sentence = DOUBTS[doubt]
    report = fit_report(fit(table(y=values, attrs={"y": attrs}), **options))
    assert sentence in str(report.data.distrust.item())
    assert f"what to distrust: {report.data.distrust.item()}" in str(report)


def test_a_spread_that_rests_on_few_years_is_said(table):
    values = np.exp(np.r_[LONG[:10], LONG[9] + np.cumsum([0.3, -0.3, 0.4])])
    data = fit_report(fit(table(y=values))).data
    assert float(data.effective_figures.item()) < 4
    assert "the yearly shock rests on about" in str(data.distrust.item())


def test_borrowed_growth_is_said(model):
    assert "growth is borrowed from another series" in str(
        fit_report(model).data.distrust.sel(indicator="lent").item()
    )


def test_a_calm_long_history_raises_no_doubt(table):
    report = fit_report(fit(table(y=np.exp(LONG))))
    assert report.data.distrust.item() == ""
    assert "what to distrust" not in str(report)
