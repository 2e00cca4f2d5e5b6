"""The main numbers of the bundled plan, which change only together with a line in CHANGELOG.md."""

from __future__ import annotations

import numpy as np
import pytest

import sxsim as sx

# Closed form: probability under trend and as planned, then 5 %, 50 % and 95 % quantile of 2020 under trend.
EXACT = {
    "H1": ((0.058392, 0.494823), (0.971882, 1.61156, 2.59732)),
    "H2": ((0.757499, 0.501558), (4144.93, 16793.6, 68041.1)),
    "H3": ((0.873472, 0.502146), (150.528, 714.896, 3395.22)),
    "S3": ((0.116317, 0.116317), (131.794, 311.666, 737.027)),
    "S5": ((0.073511, 0.073511), (193.901, 477.831, 1177.52)),
}
# Integrals: known to the error that the result itself states, 1e-6 to 1e-5, but the same for one seed.
PROXY = (0.487403, 0.487403)
HEADLINE_JOINT = (0.040497, 0.143499)
JOINT = (0.000736, 0.002846)


def two_scenarios():
    plan = sx.load_plan("shanxi-2014")
    two = [plan.scenario(name) for name in ("trend", "as_planned")]
    return sx.run(plan, scenarios=two, draws=50_000, rng=0)


@pytest.fixture(scope="module")
def tree():
    return two_scenarios()


@pytest.fixture(scope="module")
def odds(tree):
    return tree["attainment"].to_dataset()


@pytest.mark.parametrize("target", EXACT)
def test_closed_forms(odds, target):
    probability, quantiles = EXACT[target]
    one = odds.sel(target=target)
    assert set(one["route"].values) == {"exact"}
    np.testing.assert_allclose(one["probability"], probability, rtol=0, atol=1e-6)
    found = [float(one[name].sel(scenario="trend")) for name in ("low", "median", "high")]
    np.testing.assert_allclose(found, quantiles, rtol=1e-5)


def test_quasi_random_numbers(odds):
    assert set(odds["route"].sel(target="H4-proxy").values) == {"separation of variables"}
    np.testing.assert_allclose(odds["probability"].sel(target="H4-proxy"), PROXY, rtol=0, atol=5e-6)
    np.testing.assert_allclose(odds["headline_joint"], HEADLINE_JOINT, rtol=0, atol=1e-5)
    np.testing.assert_allclose(odds["joint"], JOINT, rtol=0, atol=5e-6)


def test_the_odds_are_where_the_planners_could_have_seen_them(odds):
    trend = odds["probability"].sel(scenario="trend")
    assert 0.02 <= trend.sel(target="H1") <= 0.45
    assert 0.50 <= trend.sel(target="H2") <= 0.995
    assert (odds["headline_joint_lower"] <= odds["headline_joint"]).all()
    assert (odds["headline_joint"] <= odds["headline_joint_upper"]).all()


def test_what_really_happened(odds):
    verdicts = odds["outcome"].to_series()
    assert verdicts[["H1", "H2", "H3", "H4-proxy"]].tolist() == ["missed", "hit", "hit", "missed"]
    assert odds["outcome_value"].sel(target=["H1", "H2"]).values.tolist() == [1.2, 16471.0]


def test_simulated_futures_agree(odds):
    assessed = odds.where(odds["reason"] == "", drop=True)
    distance = abs(assessed["simulated_probability"] - assessed["probability"])
    assert (distance <= 4 * assessed["simulated_standard_error"]).all()


def test_which_targets_were_assessed(odds):
    assert odds["target"].where(odds["reason"] == "", drop=True).values.tolist() == [
        "H1",
        "H2",
        "H3",
        "H4-proxy",
        "S3",
        "S5",
    ]
    assert odds.attrs["headline_joint_targets"] == "H1, H2, H3"


def test_the_same_seed_gives_the_same_bits(tree):
    again = two_scenarios()
    for name in ("attainment", "forecast"):
        assert again[name].to_dataset().identical(tree[name].to_dataset())
