from __future__ import annotations

import math

import pytest

from sxsim.reporting import Language, effect_text


@pytest.mark.parametrize(
    ("difference", "error", "said"),
    [
        (0.121, 0.002, "adds 12.1 ± 0.2 points"),
        (-0.121, 0.0203, "takes away 12.1 ± 2.0 points"),
        (0.00123, 0.00004, "adds 0.123 ± 0.004 points"),
        (0.121, 0.0, "adds 12.1 points"),
        (0.121, 1e-7, "adds 12.100 points"),
        (0.0, 0.0, "changes less than 0.1 points"),
        (0.001, 0.002, "changes at most 0.5 points, either way"),
        (-0.001, 0.002, "changes at most 0.5 points, either way"),
        (1.0, 0.00001, "adds 99.9 points"),
        (-1.0, 0.0, "takes away 99.9 points"),
        (math.nan, math.nan, "-"),
    ],
)
def test_effects_in_words(difference, error, said):
    assert effect_text(difference, error) == said


def test_effects_in_chinese():
    assert effect_text(-0.121, 0.002, lang=Language.ZH) == "降低12.1±0.2个百分点"
    assert effect_text(0.0, 0.0, lang=Language.ZH) == "变化不到0.1个百分点"
    assert effect_text(0.001, 0.002, lang=Language.ZH) == "升降不超过0.5个百分点"
