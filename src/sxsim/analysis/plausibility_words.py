"""A path's plausibility in plain words, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sxsim import labels

_BANDS = (
    (0.2, "well within what the fit expects", "完全在拟合的预期之内"),
    (0.05, "towards the edge of what the fit expects", "接近拟合预期的边缘"),
    (0.01, "unusual for the fit", "按拟合属于少见"),
    (0.0, "so unusual that the fit hardly allows for it", "按拟合几乎不会出现"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What was found of one member: its name and attributes, the last figure, tail and quantile."""

    name: str
    known: Mapping[Any, Any]
    value: float
    year: int
    tail: float
    last: float


def in_english(found: Verdict) -> str:
    """Say it in one sentence."""
    if np.isnan(found.tail):
        return "Without any figure nothing can be said."
    label, tail = found.known.get(labels.LONG_NAME, found.name), _percent(found.tail)
    return (
        f"{label}: {_band(found.tail)[1]}. A path at least as unusual has a probability of {tail}; "
        f"{_percent(found.last)} of what {found.year} may bring lie at or below {found.value:g}."
    )


def in_chinese(found: Verdict) -> str:
    """Say it in one sentence."""
    if np.isnan(found.tail):
        return "没有任何数据，无法判断。"
    label, tail = found.known.get(labels.LONG_NAME_ZH, found.name), _percent(found.tail)
    return (
        f"{label}：{_band(found.tail)[2]}。出现同样或更不寻常路径的概率为{tail}；"
        f"{found.year}年的可能取值中有{_percent(found.last)}不高于{found.value:g}。"
    )


def _band(tail: float) -> tuple[float, str, str]:
    return next(band for band in _BANDS if tail >= band[0])


def _percent(share: float) -> str:
    """Percent with as many digits as it deserves."""
    for limit, text in ((0.001, "<0.1 %"), (0.1, f"{100 * share:.1f} %"), (0.9, f"{100 * share:.0f} %")):
        if share < limit:
            return text
    return f"{100 * share:.1f} %" if share <= 0.999 else ">99.9 %"
