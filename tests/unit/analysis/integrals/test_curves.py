from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from sxsim.analysis.integrals.curves import Curves


def values(parts, place):
    """A probability and a density, steeper for a smaller part."""
    z = place / np.sqrt(parts[:, None])
    return np.stack([special.ndtr(z), np.exp(-0.5 * z**2)], axis=1)


@pytest.mark.parametrize("parts", [[0.5], [0.5, 0.5], [0.3, 0.45, 0.8]])
def test_curves_follow_the_function(parts):
    parts = np.array(parts)
    curves = Curves.of(values, parts, span=4.0, count=40, between=7)
    place = np.random.default_rng(1).uniform(-4, 4, (len(parts), 500))
    found = curves.at(place, slice(0, len(parts)))
    for k, part in enumerate(parts):
        expected = values(np.array([part]), place[k])[0]
        np.testing.assert_allclose(found[:, k], expected, atol=3e-6)


def test_some_of_the_parts_can_be_asked():
    parts = np.array([0.3, 0.45, 0.8])
    curves = Curves.of(values, parts, span=4.0, count=40, between=7)
    place = np.linspace(-3, 3, 20) * np.ones((3, 1))
    np.testing.assert_array_equal(curves.at(place, slice(0, 3))[:, 1:], curves.at(place[1:], slice(1, 3)))


def test_beyond_the_ends_they_stay():
    curves = Curves.of(values, np.array([0.5]), span=4.0, count=40, between=7)
    far, end = (
        curves.at(np.array([[-9.0, 9.0]]), slice(0, 1)),
        curves.at(np.array([[-4.0, 4.0]]), slice(0, 1)),
    )
    np.testing.assert_array_equal(far, end)
