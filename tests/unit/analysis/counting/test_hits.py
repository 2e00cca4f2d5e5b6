from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis import Hits, attainment
from sxsim.errors import RequestError
from sxsim.fitting import fit
from sxsim.plan import TREND, PlannedGrowth, Relation, Scenario
from sxsim.simulation import MonteCarlo, simulate

FASTER = Scenario(
    id="faster",
    label="Faster",
    changes=(PlannedGrowth(indicator="y", base_value=2.0, base_year=2012, growth=0.2),),
)


def test_hits_are_those_of_the_paths_and_of_attainment(model, aim):
    targets = [
        aim("A", level=2.5),
        aim("B", level=2.4, years=(2014, 2016), relation=Relation.AT_MOST),
        aim("C", level="z", years=(2013, 2016)),
        aim("P", of="z", level=2.5, proxy_for="A"),
        aim("E", of="empty"),
    ]
    kept = simulate(model, (TREND, FASTER), draws=5000, rng=7, keep=Hits(targets))
    odds = attainment(model, targets, scenarios=(TREND, FASTER), method=MonteCarlo(draws=5000), rng=7)
    np.testing.assert_array_equal(kept.hits, np.round(odds.probability * 5000))
    np.testing.assert_allclose(kept.probability, odds.probability, rtol=1e-12)
    np.testing.assert_allclose(kept.standard_error, odds.standard_error, rtol=1e-12)
    np.testing.assert_array_equal(kept.joint, np.round(odds.joint * 5000))
    np.testing.assert_allclose(kept.joint_standard_error, odds.joint_standard_error, rtol=1e-12)
    assert kept.reason.values.tolist() == odds.reason.values.tolist()
    assert kept.attrs["draws"] == 5000


def test_hits_of_a_batch_keep_its_dimensions(panel, aim):
    kept = simulate(fit(panel), draws=500, rng=7, keep=Hits([aim("A", level=9.0), aim("B", level=8.0)]))
    assert kept.hits.dims == ("scenario", "target", "province")
    assert kept.joint.dims == ("scenario", "province")
    assert np.isnan(kept.hits.sel(province="c")).all()
    assert (kept.joint.sel(province="a") <= kept.hits.sel(province="a").min()).all()


def test_one_target_may_stand_alone(model, aim):
    assert simulate(model, draws=10, rng=1, keep=Hits(aim(level=2.2))).hits.shape == (1, 1)


def test_other_indicators_are_not_drawn(model, aim):
    assert Hits([aim(level=2.2)]).names(model) == ("y",)


def test_refuses_what_cannot_be_counted(model, aim):
    with pytest.raises(RequestError, match=r"Hits\(\(\)\) has no target\. Give plan\.targets"):
        Hits([])
    with pytest.raises(RequestError, match=r"No target can be assessed: the series 'empty' cannot be used"):
        simulate(model, draws=10, keep=Hits([aim("E", of="empty")]))
    with pytest.raises(RequestError, match=r"The run ends in 2013, a target asks for 2015\. Choose a later"):
        simulate(model, until=2013, draws=10, keep=Hits([aim(level=2.2)]))
    with pytest.raises(RequestError, match=r"No target can be assessed: there is no series 'y'"):
        simulate(model, draws=10, indicators=["z"], keep=Hits([aim(level=2.2)]))
    with pytest.raises(RequestError, match=r"No target can be assessed: all years are past\. Give others"):
        simulate(model, horizon=1, draws=10, keep=Hits([aim(level=1.2, years=(2011,))]))
