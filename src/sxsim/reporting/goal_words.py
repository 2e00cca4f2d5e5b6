"""The words of inverse questions in both languages: one field each, so that no language can leave one out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sxsim.reporting.language import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalWords:
    """The labels of one language; names in braces are filled in.

    Attributes
    ----------
    statuses, reached
        Names of what becomes of a question, and of what a year has to show.
    """

    growth: str
    dose: str
    earliest: str
    largest: str
    trade: str
    trend: str
    stated: str
    past: str
    past_one: str
    noted: str
    times: str
    total: str
    wanted: str
    needed: str
    beyond: str
    logs: str
    grew_less: str
    amount: str
    error: str
    chance: str
    year: str
    level: str
    asked_for: str
    status: str
    after: str
    falls_back: str
    none: str
    points: str
    a_year: str
    together: str
    beside: str
    warning: str
    supposed: str
    assumed: str
    not_assessed: str
    figure: str
    figure_scale: str
    figure_share: str
    figure_past: str
    figure_stated: str
    figure_trend: str
    figure_wanted: str
    trade_figure: str
    trade_enough: str
    trade_never: str
    statuses: Mapping[str, str]
    reached: Mapping[str, str]


ENGLISH = GoalWords(
    growth="How much growth would it take, seen with the data until {until}? ({scenario})",
    dose="How much of lever {lever} ({label}) would it take, seen with the data until {until}? ({scenario})",
    earliest="By which year, seen with the data until {until}? ({scenario}; {reached})",
    largest="How far can one go, seen with the data until {until}? ({scenario})",
    trade="How much of {second} does it take beside {first} for {share}? ({scenario})",
    trend="trend {rate}",
    stated="the plan states {rate}",
    past="{years} past years: {low} to {high}",
    past_one="one past year: {low}",
    noted="{label} ({note})",
    times="{number} times {name}",
    total="{number} in all",
    wanted="probability wanted",
    needed="growth needed",
    beyond="beyond the trend",
    logs="in log points",
    grew_less="past years below",
    amount="dose",
    error="num. error",
    chance="probability there",
    year="year",
    level="level",
    asked_for="asks for {level}",
    status="answer",
    after="after {until}",
    falls_back="{year} (falls short again later)",
    none="none",
    points="{points} points",
    a_year="{number} {unit}",
    together="All together",
    beside="the same extra growth for everything they ask for",
    warning="That policy can bring this about is an assumption: the figures say only what comes without it.",
    supposed="Supposed: extra growth, whatever may bring it about; nobody has measured what does.",
    assumed="Assumed: {text}.",
    not_assessed="cannot be assessed: {reason}",
    figure="Growth that would be required, and the probability it gives",
    figure_scale="average growth of the median to {year}, {unit}",
    figure_share="probability of hitting the target, %",
    figure_past="a past year",
    figure_stated="stated by the plan",
    figure_trend="trend",
    figure_wanted="wanted",
    trade_figure="Doses of two levers that give {share}",
    trade_enough="enough without {lever}",
    trade_never="not reachable within bounds",
    statuses={
        "found": "found",
        "reached already": "reached already",
        "not reachable within bounds": "not reachable within bounds",
        "cannot be assessed": "cannot be assessed",
    },
    reached={
        "in that year": "in that year",
        "in that year or in any year before it": "in that year or in any year before it",
    },
)

CHINESE = GoalWords(
    growth="需要多快的增长？依据截至{until}年的数据（情景：{scenario}）",
    dose="需要多大力度的举措{lever}（{label}）？依据截至{until}年的数据（情景：{scenario}）",
    earliest="最早哪一年实现？依据截至{until}年的数据（情景：{scenario}；{reached}）",
    largest="目标最高可定到多少？依据截至{until}年的数据（情景：{scenario}）",
    trade="要达到{share}，{first}之外还需多大力度的{second}？（情景：{scenario}）",
    trend="趋势{rate}",
    stated="规划提出{rate}",
    past="以往{years}年：{low}至{high}",
    past_one="以往一年：{low}",
    noted="{label}（{note}）",
    times="{name}的{number}倍",
    total="合计{number}",
    wanted="要求的概率",
    needed="所需增速",
    beyond="比趋势快",
    logs="对数百分点",
    grew_less="以往更慢的年份",
    amount="力度",
    error="数值误差",
    chance="相应概率",
    year="年份",
    level="水平",
    asked_for="目标为{level}",
    status="结论",
    after="{until}年以后",
    falls_back="{year}（此后又会低于要求）",
    none="无",
    points="{points}个百分点",
    a_year="{number}{unit}",
    together="全部同时实现",
    beside="所涉指标同幅加快",
    warning="政策能否做到是假设：数据只说明没有政策时的走势。",
    supposed="设定：增长额外加快，不问由何而来；没有人测量过其来源。",
    assumed="假设：{text}。",
    not_assessed="无法评估：{reason}",
    figure="所需增速与相应的实现概率",
    figure_scale="至{year}年中位数的年均增速，{unit}",
    figure_share="实现目标的概率，%",
    figure_past="以往某年",
    figure_stated="规划提出",
    figure_trend="趋势",
    figure_wanted="要求",
    trade_figure="两项举措达到{share}的力度组合",
    trade_enough="无需{lever}",
    trade_never="范围内无法达到",
    statuses={
        "found": "已求得",
        "reached already": "已达到",
        "not reachable within bounds": "范围内无法达到",
        "cannot be assessed": "无法评估",
    },
    reached={"in that year": "当年达到", "in that year or in any year before it": "当年或此前任一年达到"},
)


def goal_words(lang: Language) -> GoalWords:
    """Return the words of a language."""
    return ENGLISH if lang is Language.EN else CHINESE
