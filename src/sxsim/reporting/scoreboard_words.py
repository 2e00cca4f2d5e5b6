"""The words of a scoreboard in both languages: one field each, so that no language can leave one out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sxsim.reporting.language import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreboardWords:
    """The labels of one language; names in braces are filled in.

    Attributes
    ----------
    grouped
        Names of what targets are grouped by.
    """

    title: str
    under: str
    grouped: Mapping[str, str]
    targets: str
    assessed: str
    expected: str
    expected_range: str
    all_hit: str
    between: str
    outcome: str
    hit_and_missed: str
    unknown: str
    total: str
    unassigned: str
    note: str
    range_note: str
    bound_note: str
    led: str
    line: str
    alone: str
    shared: str
    reached: Mapping[str, str]
    not_assessed: str
    open: str


_ENGLISH = ScoreboardWords(
    title="Who is in charge of what is likely to be hit? Seen with the data until {until}",
    under="Scenario: {scenario}",
    grouped={"lead unit": "lead unit", "chapter": "chapter"},
    targets="targets",
    assessed="assessed",
    expected="hits expected",
    expected_range="{value} ({low} to {high})",
    all_hit="all assessed hit",
    between="{low} to {high}",
    outcome="known outcomes",
    hit_and_missed="{hits} hit, {misses} missed",
    unknown="-",
    total="all targets, each once",
    unassigned="no {grouped} named",
    note="Hits expected: the sum of the probabilities of what can be assessed; the rest is not in it. A "
    "target that several lead stands under each of them and once in the last line.",
    range_note="In brackets: the number of hits in 90 % of the simulated futures.",
    bound_note="All assessed hit: without a model only the bounds that hold for any dependence are known.",
    led="Who leads what (probabilities under {scenario})",
    line="{target} ({chance})",
    alone="{entry}: {targets}",
    shared="{target} with {others}",
    reached={"hit": "hit", "missed": "missed", "unknown": "outcome unknown"},
    not_assessed="Not assessed",
    open="not assessed",
)

_CHINESE = ScoreboardWords(
    title="谁负责的目标有望实现？（依据截至{until}年的数据）",
    under="情景：{scenario}",
    grouped={"lead unit": "牵头单位", "chapter": "章节"},
    targets="目标数",
    assessed="可评估",
    expected="预期实现数",
    expected_range="{value}（{low}至{high}）",
    all_hit="可评估的全部实现",
    between="{low}至{high}",
    outcome="已知结果",
    hit_and_missed="实现{hits}项，未实现{misses}项",
    unknown="-",
    total="全部目标，每项计一次",
    unassigned="未写明{grouped}",
    note="预期实现数：可评估目标的概率之和，其余目标不计入。多个单位共同牵头的目标在各单位名下均列出，"
    "合计行只计一次。",
    range_note="括号内：90%的模拟情形中实现的目标数。",
    bound_note="可评估的全部实现：没有模型时，只知道对任何相关关系都成立的上下界。",
    led="分工（概率属于情景{scenario}）",
    line="{target}（{chance}）",
    alone="{entry}：{targets}",
    shared="{target}与{others}共同牵头",
    reached={"hit": "已实现", "missed": "未实现", "unknown": "结果未知"},
    not_assessed="未评估",
    open="未评估",
)


def words_of(lang: Language) -> ScoreboardWords:
    """Return the words of one language.

    Examples
    --------
    >>> words_of(Language.EN).total
    'all targets, each once'
    """
    return _ENGLISH if lang is Language.EN else _CHINESE
