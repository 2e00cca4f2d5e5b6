"""The words of a backtest in both languages: one field each, so that no language can leave one out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sxsim.reporting.language import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class BacktestWords:
    """The labels of one language; names in braces are filled in.

    Attributes
    ----------
    models, events
        Names of the forecasters and events that sxsim itself names.
    """

    question: str
    how: str
    worth: str
    alone: str
    forecasts: str
    model: str
    crps: str
    difference: str
    skill: str
    mase: str
    smape: str
    range_of: str
    below: str
    forecasts_note: str
    paths: str
    energy: str
    variogram: str
    paths_note: str
    series_title: str
    series: str
    cases: str
    targets: str
    targets_note: str
    event: str
    brier: str
    miscalibration: str
    by_chance: str
    discrimination: str
    uncertainty: str
    log_loss: str
    bins: str
    bins_note: str
    between: str
    of: str
    failed: str
    nothing: str
    figure_title: str
    announced: str
    happened: str
    band: str
    all_series: str
    plus_minus: str
    models: Mapping[str, str]
    events: Mapping[str, str]


ENGLISH = BacktestWords(
    question="Would it have been right? Forecasts made in earlier years, and what came.",
    how="Refitted at {origins} origins ({first} to {last}) with what was known then, up to {horizon} years"
    " ahead.",
    worth="Origins that share years ahead count for less: these are worth {count} independent ones. Every"
    " error (+-) is one standard error clustered by origin. All forecasters are scored on the same cases.",
    alone="With one origin nobody can say how much the years that came matter: there is no error.",
    forecasts="Forecasts",
    model="forecaster",
    crps="CRPS",
    difference="less {reference}",
    skill="skill",
    mase="MASE",
    smape="sMAPE",
    range_of="in {level} % range",
    below="below median",
    forecasts_note="CRPS and MASE in units of the mean yearly change of the history, lower is better. A share"
    " in a range should be its level, below the median 50 %.",
    paths="All years ahead together",
    energy="energy score",
    variogram="variogram score",
    paths_note="Whole paths on the scale of growth, lower is better. The variogram score asks only whether"
    " the years move together as they should.",
    series_title="CRPS series by series",
    series="series",
    cases="cases",
    targets="Targets set by the own past growth x -1, 0.5, 1 and 1.5",
    targets_note="Brier = miscalibration - discrimination + uncertainty. Miscalibration should be no more"
    " than an honest forecaster shows by chance, were the cases independent.",
    event="asked for",
    brier="Brier",
    miscalibration="miscalibration",
    by_chance="by chance",
    discrimination="discrimination",
    uncertainty="uncertainty",
    log_loss="log loss",
    bins="How often it happened when the probability announced for the last year was ...",
    bins_note="Number of cases in brackets.",
    between="{low}-{high} %",
    of="{share} ({cases})",
    failed="Left unanswered, and for none counted: {list}.",
    nothing="There was nothing to compare.",
    figure_title="How often it happened, and what had been announced",
    announced="probability announced",
    happened="share that happened",
    band="{level} % of curves if it were right",
    all_series="all series",
    plus_minus="{value} +- {error}",
    models={
        "default": "default fit",
        "random walk": "random walk, shipped prior",
        "random walk, plugged in": "random walk, plugged in",
        "naive": "naive",
        "same prior": "fit with the prior of the world",
    },
    events={
        "level": "level in the last year",
        "every_year": "path in every year",
        "ceiling": "ceiling in the last year",
        "all": "all of them",
    },
)

CHINESE = BacktestWords(
    question="当年预测得准吗？以往各年作出的预测与实际结果的对照",
    how="在{origins}个起点（{first}至{last}年）各用当时已知的数据重新拟合，向前预测至多{horizon}年。",
    worth="预测年份有重叠的起点按比例折算，合计相当于{count}个独立起点；误差（±）为按起点聚类的一个标准误。"
    "各方法在完全相同的样本上评分。",
    alone="只有一个起点，无法判断年份之间的差异，因此没有误差。",
    forecasts="预测",
    model="方法",
    crps="CRPS",
    difference="与{reference}之差",
    skill="改进",
    mase="MASE",
    smape="sMAPE",
    range_of="落入{level}%区间",
    below="低于中位数",
    forecasts_note="CRPS与MASE以历史年均变动幅度为单位，越小越好；落入区间的比重应等于区间的概率，低于中位数应为50%。",
    paths="未来各年合在一起",
    energy="能量分数",
    variogram="变差分数",
    paths_note="在增长尺度上对整条路径评分，越小越好；变差分数只看各年之间的联动是否得当。",
    series_title="各序列的CRPS",
    series="序列",
    cases="样本",
    targets="以自身以往增速的-1、0.5、1和1.5倍设定的目标",
    targets_note="布赖尔分数 = 失准 - 区分 + 不确定；失准不应超过如实预测者在样本相互独立时偶然出现的程度。",
    event="目标",
    brier="布赖尔分数",
    miscalibration="失准",
    by_chance="偶然",
    discrimination="区分",
    uncertainty="不确定",
    log_loss="对数损失",
    bins="末年目标所报概率在下列范围内时，实际实现的比重",
    bins_note="括号内为样本数。",
    between="{low}-{high}%",
    of="{share}（{cases}）",
    failed="未能给出预测、因而各方法均不计入的样本：{list}。",
    nothing="没有可以对照的数据。",
    figure_title="所报概率与实际实现的比重",
    announced="所报概率",
    happened="实际实现的比重",
    band="若概率无误，{level}%的曲线落在此带内",
    all_series="全部序列",
    plus_minus="{value} ± {error}",
    models={
        "default": "默认拟合",
        "random walk": "随机游走（自带先验）",
        "random walk, plugged in": "随机游走（代入估计值）",
        "naive": "朴素预测",
        "same prior": "与模拟世界同一先验的拟合",
    },
    events={
        "level": "末年达到该水平",
        "every_year": "每年都不低于该路径",
        "ceiling": "末年不超过该水平",
        "all": "全部目标",
    },
)


def backtest_words(lang: Language) -> BacktestWords:
    """Return the words of a language."""
    return ENGLISH if lang is Language.EN else CHINESE
