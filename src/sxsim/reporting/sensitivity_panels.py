"""What moves each probability: which bars a picture has, or lines a text, the largest movers first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.labels import FACTOR, SCENARIO, TARGET
from sxsim.reporting import numbers
from sxsim.reporting.bars import Bar, BarPanel
from sxsim.reporting.language import Language

_POINT, _TENTH = 1.0, 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class SensitivityWords:
    """The words of one language: what is moved, by how much, and the rest."""

    title: str
    scale: str
    joint: str
    panel: str
    moved: Mapping[str, str]
    change: str


_ENGLISH = SensitivityWords(
    title="What moves the probability? Scenario: {scenario}",
    scale="percentage points of probability (linear; bars of error: numerical)",
    joint="All targets together: {p}",
    panel="{target}: {p}",
    moved={
        "yearly growth": "1 point more growth a year: {owner}",
        "size of the yearly shocks": "10 % larger yearly shocks: {owner}",
        "last figure": "last figure 10 % higher: {owner}",
        "level that is asked for": "10 % more asked for: {owner}",
        "strength of a lever": "lever 10 % stronger: {owner}",
        "correlation, towards moving as one": "a tenth of the way to moving as one",
        "correlation, towards independence": "a tenth of the way to independence",
    },
    change="{points:+.{digits}f}",
)
_CHINESE = SensitivityWords(
    title="哪些因素影响概率？情景：{scenario}",
    scale="概率变化（百分点，线性近似；误差线为数值误差）",
    joint="全部目标同时实现：{p}",
    panel="{target}：{p}",
    moved={
        "yearly growth": "年增速提高1个百分点：{owner}",
        "size of the yearly shocks": "年度冲击增大10%：{owner}",
        "last figure": "最近数据高10%：{owner}",
        "level that is asked for": "目标值提高10%：{owner}",
        "strength of a lever": "措施力度增强10%：{owner}",
        "correlation, towards moving as one": "相关性向完全同步靠近十分之一",
        "correlation, towards independence": "相关性向相互独立靠近十分之一",
    },
    change="{points:+.{digits}f}",
)


def sensitivity_words(lang: Language) -> SensitivityWords:
    """Return the words of a language."""
    return _ENGLISH if lang is Language.EN else _CHINESE


@dataclass(frozen=True, kw_only=True, slots=True)
class Movers:
    """What is shown.

    Attributes
    ----------
    scenario
        Id of the scenario.
    panels
        One for each target, or one for all together.
    """

    scenario: str
    panels: tuple[BarPanel, ...]


def movers(
    data: xr.Dataset,
    *,
    scenario: str | None,
    targets: Sequence[str] | None,
    joint: bool,
    most: int,
    lang: Language,
) -> Movers:
    """Choose what is shown; the arguments are those of :func:`sxsim.sensitivity_chart`."""
    if "derivative" not in data or set(data["derivative"].dims) != {SCENARIO, FACTOR, TARGET}:
        raise RequestError(
            "This is no sensitivity of targets without a batch.",
            "Give what sx.sensitivity returned, one member of a batch at a time.",
        )
    words = sensitivity_words(lang)
    chosen = _known(SCENARIO, [scenario], data)[0] if scenario else str(data[SCENARIO].values[0])
    one = data.sel({SCENARIO: chosen})
    assessed = one[TARGET].values[np.isfinite(one["probability"].values)].tolist()
    listed = assessed if targets is None else _known(TARGET, targets, data)
    if joint and "joint_derivative" not in one:
        raise RequestError("All together was not asked for.", "Call sx.sensitivity(..., joint=True).")
    if joint:
        return Movers(scenario=chosen, panels=(_panel(one, "joint_", words, most, lang),))
    panels = tuple(_panel(one.sel({TARGET: name}), "", words, most, lang) for name in listed)
    return Movers(scenario=chosen, panels=panels)


def _known(dim: str, names: Sequence[str], data: xr.Dataset) -> list[str]:
    known = [str(name) for name in data[dim].values]
    for name in names:
        if name not in known:
            raise UnknownNameError(f"There is no {dim} {name!r}.", nearest(name, known))
    return list(names)


def _panel(one: xr.Dataset, prefix: str, words: SensitivityWords, most: int, lang: Language) -> BarPanel:
    kinds = one["kind"].values.tolist()
    move = np.array([_POINT if kind == "yearly growth" else _TENTH for kind in kinds])
    points, errors = (
        100.0 * move * one[f"{prefix}{name}"].values for name in ("derivative", "derivative_error")
    )
    size = np.abs(np.nan_to_num(points))
    order = [int(place) for place in np.argsort(-size, kind="stable") if size[place] > 0.0][:most]
    p = float(one["joint" if prefix else "probability"])
    error = float(one["joint_standard_error" if prefix else "standard_error"])
    shown = numbers.percent(p, error=error, sign=lang.words.percent_sign)
    if prefix:
        title = words.joint.format(p=shown)
    else:
        label = lang.choose(str(one["label"].item()), str(one["label_zh"].item()))
        title = words.panel.format(target=label or one[TARGET].item(), p=shown)
    bars = tuple(
        Bar(
            name=words.moved[kinds[place]].format(owner=_owner(one, place, lang)),
            value=float(points[place]),
            error=0.5 * float(errors[place]),
            said=_said(float(points[place]), words),
        )
        for place in order
    )
    return BarPanel(title=title, bars=bars)


def _owner(one: xr.Dataset, place: int, lang: Language) -> str:
    english, chinese = (str(one[name].values[place]) for name in ("owner_label", "owner_label_zh"))
    return lang.choose(english, chinese) or str(one["owner"].values[place])


def _said(points: float, words: SensitivityWords) -> str:
    """Two digits that say something, whatever the size."""
    digits = min(max(1 - math.floor(math.log10(abs(points))), 1), 4)
    return words.change.format(points=points, digits=digits)
