from __future__ import annotations

import numpy as np
import pytest

import sxsim as sx
from sxsim.errors import HistoryError, ModelError
from sxsim.processes import DrawnPaths, PathLaw
from sxsim.processes.negative_binomial import whole_counts
from sxsim.processes.normal_mixture import mixture_quantile, mixture_score
from sxsim.processes.one_year import Counted, NormalMixture, SideBySide, StudentSum
from sxsim.processes.path_process import DRAWS

COUNTS = sx.NegativeBinomial(drift=0.05, memory=0.8, mean=9.0, size=12.0)
BASS = sx.Bass(innovation=0.02, imitation=0.4, reached=0.2, sigma=0.3)
CURVE = sx.Logistic(ceiling=40.0, drift=0.2, sigma=0.1)
RISKY = sx.JumpDiffusion(drift=0.05, sigma=0.05, rate=0.2, jump=-0.3, jump_sd=0.1)
CALM, WILD = sx.RandomWalk(drift=0.08, sigma=0.02), sx.RandomWalk(drift=-0.05, sigma=0.2)


def test_which_laws_are_walked():
    assert all(isinstance(law, PathLaw) for law in (COUNTS, BASS, CURVE, RISKY))
    assert not isinstance(sx.RandomWalk(drift=0.1, sigma=0.1), PathLaw)
    assert [law.closed_form for law in (COUNTS, BASS, CURVE, RISKY)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: sx.StudentShocks(dof=0.5),
            r"dof=0\.5 is outside its domain \[1, 200\] \(degrees of freedom\)",
        ),
        (
            lambda: sx.JumpDiffusion(rate=-1.0),
            r"rate=-1\.0 is outside its domain \[0, 20\] \(jumps per year\)",
        ),
        (lambda: sx.JumpDiffusion(jump=np.nan), r"jump=nan is outside its domain"),
        (lambda: sx.Logistic(ceiling=0.0), r"ceiling=0\.0 is outside its domain"),
        (lambda: sx.NegativeBinomial(memory=0.0), r"memory=0\.0 is outside its domain \[0\.01, 1\]"),
        (lambda: sx.NegativeBinomial(mean=-1.0), r"mean=-1\.0 is outside its domain"),
        (
            lambda: sx.Bass(innovation=0.02, imitation=0.4, reached=1.0, sigma=0.1),
            r"reached=1\.0 is outside its domain",
        ),
        (
            lambda: sx.Regimes(ordinary=CALM, other=WILD, leave=1.1, recover=0.5, other_now=0.0),
            r"leave=1\.1 is outside its domain \[0, 1\] \(probability a year\)",
        ),
        (
            lambda: sx.Regimes(ordinary=sx.RandomWalk(), other=WILD, leave=0.1, recover=0.5, other_now=0.0),
            r"RandomWalk has no value for drift, sigma",
        ),
        (
            lambda: sx.Regimes(
                ordinary=sx.RandomWalk(drift=0.1, sigma=0.0),
                other=WILD,
                leave=0.1,
                recover=0.5,
                other_now=0.0,
            ),
            r"A regime has sigma=0\. Give both a spread above zero",
        ),
    ],
)
def test_refuses_impossible_parameters(make, message):
    with pytest.raises(ModelError, match=message):
        make()


@pytest.mark.parametrize(
    "law",
    [
        sx.StudentShocks(drift=0.1),
        sx.JumpDiffusion(drift=0.1),
        sx.Logistic(ceiling=40.0),
        sx.NegativeBinomial(),
    ],
    ids=lambda law: type(law).__name__,
)
def test_refuses_to_walk_with_what_was_left_free(law):
    for use in (
        lambda: law.paths(0.0, np.zeros((1, 1)), np.zeros(1)),
        lambda: law.marginal(1, np.zeros(1)),
        lambda: law.simulate(np.zeros(1), np.zeros((1, 1))),
    ):
        with pytest.raises(ModelError, match=rf"{type(law).__name__} has no value for"):
            use()


def test_a_law_stands_on_its_own_carrier():
    message = (
        r"NegativeBinomial stands on Linear\(scale=1\.0\), 'y' on Log\(\)\. Give carrier=sx\.Linear\(scale=1"
    )
    with pytest.raises(ModelError, match=message):
        sx.Grown(name="y", carrier=sx.Log(), law=COUNTS, last_value=9, last_year=2012)
    with pytest.raises(ModelError, match=r"Bass stands on Log\(\), 'y' on Odds"):
        sx.Grown(name="y", carrier=sx.Odds(), law=BASS, last_value=0.5, last_year=2012)


def test_a_history_of_adopters_rises_below_its_market():
    for levels in ([0.1, 0.1], [0.1, 0.0], [0.1, 2.0]):
        with pytest.raises(
            ModelError, match=r"falls, stands still or exceeds the market\. Check the figures"
        ):
            BASS.residuals(np.zeros(1), np.array(levels)[:, None])


def test_a_figure_stays_below_the_ceiling():
    with pytest.raises(ModelError, match=r"A figure of 40 is not below the ceiling 40\. Raise the ceiling"):
        CURVE.simulate(np.log([40.0]), np.zeros((1, 1)))


def test_beyond_the_ceiling_nothing_happens():
    law = CURVE.one_year(3, float(np.log(10.0)))
    beyond = np.log(4.0) + np.array([0.0, 0.1])
    assert law.at_least(beyond).tolist() == [0.0, 0.0]
    assert law.at_most(beyond).tolist() == [1.0, 1.0]
    still = sx.Logistic(ceiling=40.0, drift=0.2, sigma=0.0).one_year(3, float(np.log(10.0)))
    assert (float(still.at_least(0.0)), float(still.at_least(1.0))) == (1.0, 0.0)


def test_counts_are_whole_numbers():
    assert whole_counts(np.array([0.0, np.nan, 3.0]), "y").tolist() == pytest.approx(
        [0.0, np.nan, 3.0], nan_ok=True
    )
    for odd in (2.5, -1.0):
        with pytest.raises(
            HistoryError, match=rf"'y' holds {odd:g}, which is not a count\. NegativeBinomial needs"
        ):
            whole_counts(np.array([1.0, odd]), "y")


def test_a_year_not_seen_counts_nothing_and_forgets():
    seen, size, mean = COUNTS.follow(np.array([[np.nan], [4.0]]))
    ahead = sx.NegativeBinomial(drift=0.05, memory=0.8, mean=9.0 * np.exp(0.05), size=12.0 * 0.8)
    alone, size_alone, mean_alone = ahead.follow(np.array([[4.0]]))
    assert (seen[0], size[0], mean[0]) == pytest.approx((alone[0], size_alone[0], mean_alone[0]), rel=1e-12)


def test_student_shocks_have_no_density_across_a_gap():
    law = sx.StudentShocks(drift=0.0, sigma=0.1, dof=4.0)
    with pytest.raises(HistoryError, match=r"cannot be fitted across a gap of 2 years\. Fill the gap"):
        law.log_density(np.zeros(1), np.zeros(1), 2)


def test_a_fixed_simulation_is_the_same_in_every_run():
    first, again = (COUNTS.one_year(3, 9.0) for _ in range(2))
    assert isinstance(first, Counted)
    assert len(first.values) == DRAWS
    assert np.array_equal(first.values, again.values)


def test_drawn_paths_pick_the_parameters_of_each_path():
    law = DrawnPaths(
        process=sx.StudentShocks(dof=200.0),
        draws={"drift": np.array([[0.1, 0.5], [1.0, 2.0]]), "sigma": np.zeros((2, 2))},
        weights=np.array([[0.25, 0.75], [1.0, 0.0]]),
    )
    pick = np.array([0.1, 0.3, 0.9])
    assert law.paths(0.0, np.zeros((2, 3)), pick).tolist() == [[0.1, 0.5, 0.5], [0.2, 1.0, 1.0]]
    assert law.paths(5.0, np.zeros((1, 3)), pick, member=1).tolist() == [[6.0, 6.0, 6.0]]
    year = law.marginal(np.array([2, 1]), np.array([0.0, 5.0]))
    assert year.quantiles(0.5).tolist() == [[1.0, 1.0]]
    assert year.at_least(np.array([0.5, 1.5])) == pytest.approx([0.75, 0.0], abs=1e-3)
    assert not law.closed_form
    assert law.carrier is None


def test_laws_stand_side_by_side():
    one = NormalMixture(weights=np.ones(1), means=np.zeros(1), spreads=np.ones(1))
    other = StudentSum(location=1.0, scale=1.0, dof=5.0, years=1)
    pair = SideBySide(laws=(one, other))
    assert pair.quantiles([0.2, 0.5]).shape == (2, 2)
    assert pair.at_least(np.array([0.0, 1.0])) == pytest.approx([0.5, 0.5])
    assert pair.at_most(0.0)[0] == 0.5


def test_order_statistics_are_honest_about_ties():
    law = Counted(values=np.array([0.0, 1.0, 1.0, 3.0]))
    assert (float(law.at_least(1.0)), float(law.at_most(1.0))) == (0.75, 0.75)
    assert law.quantiles([0.01, 0.25, 0.26, 0.75, 0.76, 1.0]).tolist() == [0.0, 0.0, 1.0, 1.0, 3.0, 3.0]


@pytest.mark.parametrize("means", [(0.0, -0.5, -1.0), (0.0, 60.0, -3.0)])
def test_a_mixture_and_back(means):
    parts = np.array([0.6, 0.3, 0.1]), np.array(means), np.array([0.1, 0.03, 0.5])
    scores = np.linspace(-8.0, 8.0, 161)
    values = mixture_quantile(scores, *parts)
    assert (np.diff(values) > 0).all()
    assert mixture_score(values, *parts) == pytest.approx(scores, abs=1e-9)
    each = tuple(np.broadcast_to(part, (161, 3)) for part in parts)
    assert mixture_quantile(scores, *each) == pytest.approx(values, rel=1e-9, abs=1e-10)


def test_a_part_without_weight_does_not_matter():
    score = np.array([-2.0, 0.0, 2.0])
    got = mixture_quantile(score, np.array([1.0, 0.0]), np.array([0.1, 99.0]), np.array([2.0, 1.0]))
    assert got == pytest.approx(0.1 + 2.0 * score, abs=1e-9)


def test_small_counts_are_the_same_quantiles_as_large_ones(monkeypatch):
    e = np.random.default_rng(2).standard_normal((6, 500))
    added = COUNTS.simulate(np.zeros(500), e)
    monkeypatch.setattr("sxsim.processes.count_quantile._SMALL", 0.0)
    assert np.array_equal(COUNTS.simulate(np.zeros(500), e), added)


def test_large_counts_are_counted_too():
    law = sx.NegativeBinomial(drift=0.0, memory=0.9, mean=4000.0, size=900.0)
    counts = law.simulate(np.zeros(3), np.array([[-1.0, 0.0, 1.0]]))[0]
    assert (np.diff(counts) > 50).all()
    assert counts[1] == pytest.approx(4000.0, rel=0.01)
