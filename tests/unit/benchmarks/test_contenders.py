from __future__ import annotations

import pytest
from side_by_side.everybody import RATIOS, contenders

EVERYBODY = {one.name: one for one in contenders(2**14)}


@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_agrees_with_the_closed_form(name):
    """Within five Monte Carlo errors, or ``checked`` raises; a bare fill has nothing to count."""
    one = EVERYBODY[name]
    pytest.importorskip(one.needs)
    run = one.checked()
    assert (run(one.draws) is None) == (one.truth is None or name == "QuantLib")


def test_every_line_compares_two_of_them():
    assert {name for line in RATIOS for name in (line.above, line.below)} == set(EVERYBODY)
    assert len({line.key for line in RATIOS}) == len(RATIOS)
