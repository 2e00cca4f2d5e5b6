"""The words of what stands behind the odds in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from sxsim.reporting.language import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class DetailWords:
    """The labels of one language; names in braces are filled in."""

    when: str
    first: str
    never: str
    stays: str
    together: str
    some: str
    given: str
    missed: str
    without: str
    bottleneck: str
    share: str
    only: str
    short: str
    median: str
    low: str
    high: str
    errors: str
    first_chart: str
    in_year: str
    so_far: str
    chart: str
    probability: str


ENGLISH = DetailWords(
    when="When is each target hit for the first time? Under {scenario}",
    first="first in {year}",
    never="never",
    stays="for good by {year}",
    together="How many of {targets} are hit?",
    some="at least {count}",
    given="If another target is missed, how likely is this one?",
    missed="{target} missed",
    without="whatever the others",
    bottleneck="Where not all of them are hit, who is it?",
    share="among the missed",
    only="the only one missed",
    short="How far short, where it is missed? (in its units)",
    median="median",
    low="5 % of cases below",
    high="5 % of cases above",
    errors="Numerical standard errors: at most {error}",
    first_chart="first hit in that year",
    in_year="hit in that year",
    so_far="hit at some time by then",
    chart="When is it hit? Under {scenario}",
    probability="probability, %",
)

CHINESE = DetailWords(
    when="各目标首次达到的年份（情景：{scenario}）",
    first="{year}年首次",
    never="从未",
    stays="{year}年起保持",
    together="{targets}中有几项达到？",
    some="至少{count}项",
    given="若另一目标未达到，本目标达到的概率",
    missed="{target}未达到",
    without="不论其他",
    bottleneck="未能全部达到时，是哪一项？",
    share="在未达到之列",
    only="唯一未达到",
    short="未达到时差多少？（按目标单位）",
    median="中位数",
    low="5%的情形低于",
    high="5%的情形高于",
    errors="数值标准误：最多{error}",
    first_chart="当年首次达到",
    in_year="当年达到",
    so_far="至当年曾经达到",
    chart="何时达到？（情景：{scenario}）",
    probability="概率（%）",
)


def detail_words(lang: Language) -> DetailWords:
    """Return the words of a language."""
    return ENGLISH if lang is Language.EN else CHINESE
