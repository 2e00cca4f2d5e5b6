from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis.exact import exact_answer
from sxsim.analysis.integrals.integral import integrate
from sxsim.analysis.integrals.separation import Sampled
from sxsim.analysis.integrals.system import system_of
from sxsim.analysis.question import ask
from sxsim.fitting import fit, learned_prior
from sxsim.simulation import Twin
from sxsim.streams import Seed

STEPS = np.array([0.05, 0.12, -0.03, 0.08, 0.1, 0.02, 0.15, 0.04])


@pytest.fixture
def learned(table):
    return fit(table(y=np.exp(STEPS.cumsum()), z=np.exp(STEPS[::-1].cumsum())), prior=learned_prior())


def prepared(model, *targets, twin=Twin.NONE):
    rows = [row for target in targets for row in ask(target, model).rows]
    return Sampled.of(system_of(rows, model, {}, 0), twin)


def value(integral, points=4096):
    found = integrate([integral], points=points, replicates=16, seed=Seed(entropy=2))
    return found.value[0], found.error[0]


def test_coordinates_are_counted_by_what_is_not_known(learned, hand, aim):
    several = (aim("A", level=2.1, years=(2014, 2016)), aim("B", of="z", level=2.1))
    assert prepared(learned, *several).dims == 2 + 1 + 2 + 2
    assert prepared(learned, *several, twin=Twin.PARAMETERS).dims == 2 + 1 + 2 + 5
    assert prepared(learned, *several, twin=Twin.CELLS).dims == 2 + 2 * (1 + 2) + 5
    assert prepared(hand(), aim(level=120.0)).dims == 0
    assert prepared(hand(), aim(level=120.0, years=(2014, 2016))).dims == 1


def test_one_condition_is_the_closed_form(learned, aim):
    target = aim(level=2.1)
    p, error = value(prepared(learned, target))
    expected = exact_answer(ask(target, learned).rows[0], learned["y"], 0.0, 2012)
    assert abs(p - expected.probability[0]) < 4 * error
    assert error < 1e-4


def test_two_worlds_give_the_parts_of_the_closed_form(learned, aim):
    """P(both) less p^2 is what drift, sigma and cells have in common, or cells alone: 4 errors of each."""
    target = aim(level=2.1)
    expected = exact_answer(ask(target, learned).rows[0], learned["y"], 0.0, 2012)
    p, parameter, model = (
        float(x[0]) for x in (expected.probability, expected.variance_parameter, expected.variance_model)
    )
    both, error = value(prepared(learned, target, twin=Twin.PARAMETERS))
    assert abs(both - p**2 - parameter - model) < 4 * error
    both, error = value(prepared(learned, target, twin=Twin.CELLS))
    assert abs(both - p**2 - model) < 4 * error
