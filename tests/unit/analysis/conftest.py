from __future__ import annotations

import numpy as np
import pytest

from sxsim.fitting import fit, walk_prior

GROWING = [1.0, 1.1, 1.25, 1.3, 1.5, 1.7, 1.75, 2.0]
SLOWER = [1.5, 1.6, 1.55, 1.7, 1.9, 1.85, 2.0, 2.1]


@pytest.fixture
def model(table):
    """Two amounts to 2012, `y` at 2.0 and `z` at 2.1, and a variable without any figure."""
    return fit(table(y=GROWING, z=SLOWER, empty=[np.nan] * 8), prior=walk_prior())


@pytest.fixture
def balances(table):
    """Two balances, each with a scale of its own."""
    return fit(table(y=[-1.0, 2.0, 1.0, 3.0, 2.5], z=[-4.0, 2.0, 1.0, -3.0, 2.0]), prior=walk_prior())
