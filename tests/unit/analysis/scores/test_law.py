from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import integrate, stats

import sxsim as sx
from sxsim.analysis.scores.law import log_density
from sxsim.errors import RequestError


@pytest.fixture
def amounts(table):
    return table(y=[10.0, 11.0, 12.5, 12.0, 13.0, 14.5, 15.0, 15.2], last=2012)


def future(*values, first=2013, **more):
    return xr.Dataset(
        {"y": ("year", np.asarray(values, float))}, coords={"year": first + np.arange(len(values))}
    )


def test_a_random_walk_is_scored_as_its_student_t(amounts):
    model = sx.fit(amounts, prior=sx.Prior(drift=0.03, years=3.0, shape=0.85, spread=0.045))
    found = sx.scores.law_scores(model, future(16.0, 18.0))
    law = model["y"].law
    for step, value in ((1, 16.0), (2, 18.0)):
        one = law.marginal(step)
        t = stats.t(one.dof[0], loc=one.location[0], scale=one.spread[0])
        change = np.log(value / 15.2)
        scored = found["y"].sel(year=2012 + step)
        assert float(scored.sel(measure="log_score")) == pytest.approx(-t.logpdf(change), rel=1e-10)
        assert float(scored.sel(measure="pit")) == pytest.approx(t.cdf(change), rel=1e-10)


def test_the_density_of_the_family_is_the_derivative_of_its_distribution(amounts):
    law = sx.fit(amounts)["y"].law.marginal(np.array([3]))
    assert law.exponent.any(), "the family should hold cells on other scales"
    for change in (-0.3, 0.05, 0.4):
        step = 1e-5
        ends = [law.at_most(np.array([change + side * step]))[0] for side in (1, -1)]
        slope = (ends[0] - ends[1]) / (2 * step)
        assert float(np.exp(log_density(law, np.array([change]))[0])) == pytest.approx(slope, rel=1e-5)
    area = integrate.quad(lambda x: np.exp(log_density(law, np.array([x]))[0]), -3, 3, limit=400)[0]
    inside = law.at_most(np.array([3.0]))[0] - law.at_most(np.array([-3.0]))[0]
    assert area == pytest.approx(inside, abs=1e-6)


def test_members_keep_their_labels_and_what_is_unknown_has_no_score(panel):
    model = sx.fit(panel, until=2011)
    found = sx.scores.law_scores(model, panel)
    assert found["y"].dims == ("measure", "year", "province")
    assert found["year"].values.tolist() == [2012]
    np.testing.assert_array_equal(found["y"].notnull().all("measure").values, [[True, True, False]])


def test_a_figure_on_its_bound_has_no_score(amounts):
    assert sx.scores.law_scores(sx.fit(amounts), future(0.0))["y"].isnull().all()


def test_nothing_to_score_is_refused(amounts):
    model = sx.fit(amounts)
    with pytest.raises(
        RequestError, match=r"Nothing to score: the model ends in 2012 and knows y\. Give later"
    ):
        sx.scores.law_scores(model, amounts)
    with pytest.raises(RequestError, match=r"Nothing to score"):
        sx.scores.law_scores(model, future(16.0).rename(y="z"))
