from __future__ import annotations

import pytest

from sxsim.errors import PlanError
from sxsim.plan import Aim, Lever, Mechanism, Place, Sector, Unit


@pytest.mark.parametrize("noun", [Aim, Lever, Mechanism, Place, Sector, Unit])
def test_every_row_needs_a_usable_id(noun):
    with pytest.raises(PlanError, match=rf"{noun.__name__.lower()} 'a b': id = 'a b' is not a usable name"):
        noun(id="a b", label="x")
    assert noun(id="a", label="x").label_zh == ""
