from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim.errors import HistoryError, ModelError, RequestError
from sxsim.fitting import Prior, fit, fit_prior
from sxsim.fitting.prior import prior_for, walk_prior

OWN = Prior(drift=0.1, years=2.0, shape=1.0, spread=0.2)


@pytest.fixture(scope="module")
def many():
    """Forty series of fifteen years with drifts around 0.05 and shocks of 0.1."""
    rng = np.random.default_rng(3)
    growth = rng.normal(0.05, 0.02, (40, 1)) + rng.normal(0, 0.1, (40, 15))
    values = (("series", "year"), np.exp(growth.cumsum(axis=1)))
    return xr.Dataset({"y": values}, coords={"year": np.arange(2000, 2015)})


def test_the_shipped_prior_is_read_once_and_says_where_it_comes_from():
    prior = walk_prior()
    assert prior is walk_prior()
    assert "23000 yearly series" in prior.source
    assert prior.window == 12
    assert min(prior.years, prior.shape, prior.spread) > 0


def test_everyone_climbs_the_ladder_unless_told_otherwise():
    assert prior_for("y", None) is None
    assert prior_for("y", OWN) is OWN
    assert prior_for("y", {"y": OWN}) is OWN
    assert prior_for("z", {"y": OWN}) is None


@pytest.mark.parametrize(("prior", "shown"), [("flat", "'flat'"), (3, "3"), ((0.1, 2.0), r"\(0\.1, 2\.0\)")])
def test_refuses_what_is_no_prior(table, prior, shown):
    remedy = r"Give sx\.Prior\(\.\.\.\), sx\.fit_prior\(panel\), or one per name"
    with pytest.raises(ModelError, match=rf"prior={shown} is not a Prior\. {remedy}"):
        fit(table(y=[1, 2, 3]), prior=prior)


def test_refuses_a_mapping_to_something_else(table):
    with pytest.raises(ModelError, match=r"3.* is not a Prior\. Give sx\.Prior"):
        fit(table(y=[1, 2, 3]), prior={"y": 3})


def test_a_panel_teaches_its_own_growth_and_spread(many):
    prior = fit_prior(many, source="forty made series")
    assert prior.drift == pytest.approx(0.05, abs=0.02)
    assert prior.spread == pytest.approx(0.1, abs=0.03)
    assert prior.years > 1
    assert (prior.source, prior.window) == ("forty made series", 12)


def test_a_prior_without_a_name_tells_what_it_was_learned_from(many):
    prior = fit_prior(many, lengths=(2, 3), origins=1)
    assert prior.source == "fit_prior on 80 windows of y"
    assert prior.window == 3


def test_later_years_are_not_seen(many):
    changed = many.where(many.year <= 2010, 1e6)
    options = {"until": 2010, "horizon": 2, "origins": 1, "lengths": (4,)}
    assert fit_prior(changed, **options) == fit_prior(many, **options)


def test_refuses_a_panel_that_is_too_short(many):
    message = r"The panel gives 4 windows with 5 held-out years; 20 are needed\. Give more series"
    with pytest.raises(HistoryError, match=message):
        fit_prior(many.isel(series=slice(4)), origins=1, lengths=(4,))
    with pytest.raises(HistoryError, match="The panel gives 0 windows with 15 held-out years"):
        fit_prior(many, horizon=15)


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({"horizon": 0}, r"horizon=0, origins=3, lengths=\(1, 2, 4, 8, 12\)"),
        ({"origins": -1}, r"horizon=5, origins=-1, lengths=\(1, 2, 4, 8, 12\)"),
        ({"lengths": ()}, r"horizon=5, origins=3, lengths=\(\)"),
        ({"lengths": [4, 0]}, r"horizon=5, origins=3, lengths=\(4, 0\)"),
    ],
)
def test_refuses_windows_of_nothing(many, options, shown):
    with pytest.raises(RequestError, match=rf"{shown}\. Give whole numbers of at least 1"):
        fit_prior(many, **options)
