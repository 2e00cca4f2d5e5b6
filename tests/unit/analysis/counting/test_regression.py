from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis.counting.regression import improved


def moments(*masks):
    table = np.concatenate([np.ones((1, len(masks[0]))), np.array(masks, float)])
    return (table @ table.T)[None, None]


def draws(count=4000, seed=3):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((3, count))
    return x[0] + 0.3 * x[1] > 0.2, x[0] > 0.1, x[2] > 0


def call(hits, events, means, errors=None):
    means = np.asarray(means, float)[None, None]
    errors = np.zeros_like(means) if errors is None else np.asarray(errors, float)[None, None]
    return improved(moments(hits, *events), means, errors)


def test_it_is_least_squares():
    hits, one, other = draws()
    found = call(hits, [one, other], [0.45, 0.5])
    design = np.stack([np.ones(hits.size), one - 0.45, other - 0.5], axis=1)
    slope, rest, *_ = np.linalg.lstsq(design, hits.astype(float))
    assert found.probability.item() == pytest.approx(slope[0], abs=1e-12)
    expected = np.sqrt(rest[0] / hits.size / (hits.size - 3) + 1 / hits.size**2)
    assert found.sampling.item() == pytest.approx(expected, rel=1e-9)


def test_one_event_stratifies_afterwards():
    """For a single event the regression is the mean of the two shares, weighed as known."""
    hits, one, _ = draws()
    found = call(hits, [one], [0.45])
    expected = 0.45 * hits[one].mean() + 0.55 * hits[~one].mean()
    assert found.probability.item() == pytest.approx(expected, abs=1e-12)


def test_an_event_that_is_the_question_answers_it():
    hits, *_ = draws()
    found = call(hits, [hits], [0.42])
    assert found.probability.item() == pytest.approx(0.42, abs=1e-12)
    assert found.sampling.item() == pytest.approx(1 / hits.size, rel=1e-6)


def test_the_same_event_twice_is_once():
    hits, one, _ = draws()
    once, twice = call(hits, [one], [0.45]), call(hits, [one, one], [0.45, 0.45])
    assert twice.probability.item() == pytest.approx(once.probability.item(), abs=1e-12)


def test_events_that_never_or_always_happen_tell_nothing():
    hits, one, _ = draws()
    never = np.zeros_like(one)
    found = call(hits, [one, never, ~never], [0.45, 0.001, 0.999])
    assert found.probability.item() == pytest.approx(call(hits, [one], [0.45]).probability.item(), abs=1e-12)


def test_what_is_not_known_exactly_adds_its_error():
    hits, one, _ = draws()
    found = call(hits, [one], [0.45], [0.01])
    slope = hits[one].mean() - hits[~one].mean()
    assert found.floor.item() == pytest.approx(0.01 * slope, rel=1e-9)


@pytest.mark.parametrize("hits", [19, 20])
def test_ten_hits_for_every_event_are_needed(hits):
    table = np.zeros(4000, bool)
    table[:hits] = True
    _, one, _ = draws()
    found = call(table, [one], [0.45])
    assert found.used.item() == (hits >= 20)
    if hits < 20:
        assert found.probability.item() == hits / 4000
        assert found.sampling.item() == pytest.approx(np.sqrt(hits * (4000 - hits) / 4000**3 + 1 / 4000**2))


def test_an_event_nobody_knows_is_not_used():
    hits, one, _ = draws()
    found = call(hits, [one], [np.nan])
    assert not found.used.item()
    assert found.probability.item() == hits.mean()
    assert found.floor.item() == 0.0


def test_a_probability_stays_one():
    hits, one, _ = draws()
    found = call(hits | one, [one], [0.999])
    assert found.probability.item() <= 1.0
    assert call(hits & one, [one], [0.0]).probability.item() >= 0.0
