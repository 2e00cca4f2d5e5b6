"""The words of a replay in both languages: one field each, so that no language can leave one out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sxsim.reporting.language import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplayWords:
    """The labels of one language; names in braces are filled in.

    Attributes
    ----------
    alerts
        Names of the alerts, by their values.
    """

    question: str
    how: str
    matrix: str
    legend: str
    really: str
    as_of: str
    probability: str
    error: str
    alert: str
    change: str
    passing: str
    news: str
    figure: str
    median: str
    level: str
    in_year: str
    detail_note: str
    change_note: str
    headline: str
    everything: str
    of_targets: str
    resolved: str
    resolved_note: str
    silent: str
    silent_then: str
    record: str
    thresholds: str
    probability_axis: str
    latest: str
    level_line: str
    moving_level: str
    median_line: str
    alerts: Mapping[str, str]


ENGLISH = ReplayWords(
    question="How likely was each target, as it could be known in each year?",
    how="As of a year: fitted anew to the figures up to that year and nothing later.",
    matrix="Probability in percent, as of each year ({scenario})",
    legend="{on} on track (from {on_track}), {risk} at risk (from {at_risk}), {off} off track; the thresholds"
    " are a convention. {unsure} = within the numerical error of one. {nothing} = cannot say.",
    really="really",
    as_of="as of",
    probability="probability",
    error="num. error",
    alert="alert",
    change="change",
    passing="by passing",
    news="by news",
    figure="last figure",
    median="median in {year}",
    level="level",
    in_year="{value} ({year})",
    detail_note="Median: forecast for the year asked for.",
    change_note=" Changes in points: by passing = had every new figure been the median forecast for it (a"
    " year less to go, one figure more to learn from); by news = the rest.",
    headline="headline",
    everything="all",
    of_targets="{set}: these together, {targets}; numerical error at most {error}.",
    resolved="Share of the uncertainty about the outcome that the figures of each year to come will settle",
    resolved_note="Rows: as of. 100 % in the year that decides. +- one standard error.",
    silent="Nothing could be said in any year",
    silent_then="as of {years}: {reason}",
    record="sxsim {version}, seed {seed}, plan {plan}, digest {digest}; figures: {release}",
    thresholds="on track from {on_track}, at risk from {at_risk}: a convention",
    probability_axis="probability",
    latest="last figure known",
    level_line="level asked for",
    moving_level="level asked for: it moves (median)",
    median_line="median forecast for the year asked for",
    alerts={
        "on track": "on track",
        "at risk": "at risk",
        "off track": "off track",
        "met": "MET",
        "missed": "MISSED",
        "cannot say": "cannot say",
    },
)

CHINESE = ReplayWords(
    question="站在每一年、只用当时已知的数据来看，各项目标实现的可能性有多大？",
    how="各年均只用截至当年的数据重新拟合，不用此后的任何数据。",
    matrix="各年所见的实现概率，百分比（{scenario}）",
    legend="{on} 进展正常（{on_track}及以上），{risk} 有风险（{at_risk}及以上），{off} 偏离目标；界限是约定。"
    "{unsure} 表示在数值误差范围内接近界限，{nothing} 表示无法判断。",
    really="实际结果",
    as_of="截至",
    probability="实现概率",
    error="数值误差",
    alert="提示",
    change="变化",
    passing="时间推移",
    news="新数据",
    figure="最新数据",
    median="{year}年中位数",
    level="要求水平",
    in_year="{value}（{year}）",
    detail_note="中位数：对目标年的预测。",
    change_note="变化以百分点计：时间推移=假如新数据恰为此前预测的中位数（剩余年份减少，可学的数据增加）；新数据=其余部分。",
    headline="主要目标同时",
    everything="全部同时",
    of_targets="{set}：{targets}，数值误差至多{error}。",
    resolved="今后各年数据将消除的结果不确定性比重",
    resolved_note="各行为站在哪一年；决定结果的那一年为100%。±为一个标准误。",
    silent="各年均无法判断",
    silent_then="截至{years}年：{reason}",
    record="sxsim {version}，种子{seed}，规划{plan}，校验码{digest}；数据口径：{release}",
    thresholds="{on_track}及以上为进展正常，{at_risk}及以上为有风险（约定的界限）",
    probability_axis="实现概率",
    latest="当时最新数据",
    level_line="要求水平",
    moving_level="要求水平（本身变动，中位数）",
    median_line="对目标年的预测中位数",
    alerts={
        "on track": "进展正常",
        "at risk": "有风险",
        "off track": "偏离目标",
        "met": "已实现",
        "missed": "未实现",
        "cannot say": "无法判断",
    },
)


def replay_words(lang: Language) -> ReplayWords:
    """Return the words of a language."""
    return ENGLISH if lang is Language.EN else CHINESE
