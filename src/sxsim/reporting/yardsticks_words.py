"""The words of the official progress measures in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sxsim.analysis.yardsticks import Need, OutlookVerdict, PaceVerdict, ScheduleVerdict
from sxsim.reporting.language import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class YardstickWords:
    """The labels of one language; names in braces are filled in.

    Attributes
    ----------
    verdicts, reasons
        What the measures say, and which piece is missing, by the words of the result.
    """

    title: str
    stands: str
    no_figure: str
    is_base: str
    counts_from: str
    no_base: str
    asks: str
    by_year: str
    a_year: str
    ours: str
    settled: str
    without: str
    nothing: str
    earlier: str
    note: str
    verdicts: Mapping[str, str]
    reasons: Mapping[str, str]


_VERDICTS = (*ScheduleVerdict, *PaceVerdict, *OutlookVerdict)

ENGLISH = YardstickWords(
    title="What the official progress measures say, with the figures known by {year}",
    stands="{figure} in {year}",
    no_figure="no figure is known",
    is_base=", which is the base",
    counts_from=", counted from {base} in {year}",
    no_base=", no base is known",
    asks="; asks for {goal}",
    by_year="{level} by {year}",
    a_year="{rate} a year",
    ours="probability under {scenario}, figures to {until}",
    settled="by published figures",
    without="left out: {count} of {all} measures ({reason})",
    nothing="No measure can be computed:",
    earlier="Most measures need a figure after the base year: ask for a later year.",
    note="The measures are arithmetic on base, figure and goal, without uncertainty. Formula and source of"
    " each stand beside it in the result.",
    verdicts={str(verdict.value): str(verdict.value) for verdict in _VERDICTS},
    reasons={need.value: need.value for need in Need},
)

CHINESE = YardstickWords(
    title="官方进度评价（按截至{year}年的数据）",
    stands="{year}年为{figure}",
    no_figure="尚无数据",
    is_base="（基期值）",
    counts_from="，基期{year}年为{base}",
    no_base="，无基期值",
    asks="；目标：{goal}",
    by_year="最迟{year}年{level}",
    a_year="每年{rate}",
    ours="本模型概率（{scenario}，数据至{until}年）",
    settled="由已公布数据判定",
    without="未计算：{all}项中的{count}项（{reason}）",
    nothing="无法计算任何一项：",
    earlier="多数评价需要基期之后的数据：请选较晚的年份。",
    note="各项评价只是对基期值、现值和目标值的算术，不含不确定性。每项的公式和出处见结果数据。",
    verdicts={
        ScheduleVerdict.REACHED.value: "已达期末目标",
        ScheduleVerdict.ON_SCHEDULE.value: "达到进度要求",
        ScheduleVerdict.BEHIND.value: "滞后于进度要求",
        PaceVerdict.SIGNIFICANT.value: "显著进展",
        PaceVerdict.MODERATE.value: "中等进展",
        PaceVerdict.INSUFFICIENT.value: "进展不足",
        PaceVerdict.AWAY.value: "背离目标",
        OutlookVerdict.ON_TRACK.value: "已达到或有望达到",
        OutlookVerdict.FAIR.value: "有进展，需加快",
        OutlookVerdict.STAGNATION.value: "停滞或倒退",
    },
    reasons={
        Need.LEVEL.value: "条件不是单一指标的上限或下限",
        Need.NUMBER.value: "目标水平不是固定数值",
        Need.FIGURE.value: "届时尚无数据",
        Need.ONE_YEAR.value: "要求每年达到，而非到某年达到",
        Need.BASE.value: "没有基期值",
        Need.SINCE.value: "届时尚无基期之后的数据",
        Need.WAY.value: "基期已达到目标",
        Need.SINGLE.value: "指标分多个成员统计",
        Need.GOAL_ABOVE_ZERO.value: "目标水平不为正",
        Need.BASE_ABOVE_ZERO.value: "基期值不为正",
        Need.FIGURE_ABOVE_ZERO.value: "现值不为正",
        Need.FIGURE_NOT_BELOW_ZERO.value: "现值为负",
        Need.ALL_ABOVE_ZERO.value: "基期以来有数据不为正",
        Need.AHEAD.value: "目标年份已过",
        Need.FROM_BELOW.value: "出处只对正指标作出规定",
    },
)


def yardstick_words(lang: Language) -> YardstickWords:
    """Return the words of a language."""
    return ENGLISH if lang is Language.EN else CHINESE
