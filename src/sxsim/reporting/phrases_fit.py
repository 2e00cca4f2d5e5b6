"""What the fit report says in English, put into Chinese."""

from __future__ import annotations

import re

from sxsim.reporting.phrases import in_chinese, kinds_in_chinese
from sxsim.reporting.words_zh import CHINESE

_HEADINGS = {
    "indicator": "指标",
    "figures": "数据",
    "members": "成员",
    "growth a year": "年增速",
    "yearly shock": "年度冲击",
    "kinds of growth": "增长形态",
    "effective cells": "有效单元",
    "own share: drift, spread": "自有比重：增速、波动",
    "one-step errors": "一步预测误差",
    "what to distrust": "需谨慎之处",
    "rests on": "依据",
    "left out": "未使用",
    "reason": "原因",
    "few figures": "数据很少",
    "last figure is old": "最近的数据较旧",
    "spread rests on few years": "波动只依据少数年份",
    "prior outweighs the figures": "先验重于自有数据",
    "growth is borrowed": "增速为借用",
    "growth beyond the prior's": "增速超出先验范围",
    "figures on a bound": "有数据位于边界",
    "far quantiles drawn in": "远端分位数被收回",
    "one year stands out": "某一年异常",
    "errors follow each other": "相邻误差相关",
    "shocks have changed": "冲击大小有变",
    "more extremes than a bell curve": "极端值多于正态",
    "too few to judge": "太少，无法判断",
    "growth is borrowed from another series": "增速借自其他序列",
    "errors have more extremes than a bell curve": "误差的极端值多于正态分布",
    "the 95 % range six years ahead is drawn in when reported: the history nearly explodes":
        "六年后的95%区间在报告时被收回：历史几近爆发式增长",
    "shocks of one year: correlated as set by hand": "同年冲击：相关系数为人工设定",
    "a dozen errors show gross departures only": "十几个误差只能显出明显的偏离",
    "a check of the one-step errors is raised by chance in a few of a hundred histories, the one of"
    " neighbours in up to one of ten": "每项误差检验在百分之几的历史中会偶然报警，相邻相关一项可达十分之一",
}  # fmt: skip

_RANGE = r"(\S+) \((\S+) to (\S+)\)"
_PATTERNS = (
    (r"(\d+) figures? (\d+)", r"\1个数据，\2年"),
    (r"(\d+) figures (\d+)-(\d+)", r"\1个数据，\2—\3年"),
    (r"(\d+) figures? (\S+), growth (\S+) a year, yearly shock (\S+), own share of the drift (\S+) and of the"
     r" variance (\S+)", r"\1个数据（\2年），年增速\3，年度冲击\4，自有数据在增速中占\5、在波动中占\6"),
    (r"(\d+) members", r"\1个成员"),
    (r"without any figure: (\d+)", r"\1个没有数据"),
    (rf"figures {_RANGE}", r"数据\1个（\2至\3）"),
    (rf"growth {_RANGE} a year", r"年增速\1（\2至\3）"),
    (rf"yearly shock {_RANGE}", r"年度冲击\1（\2至\3）"),
    (rf"own share of the drift {_RANGE}", r"自有数据在增速中占\1（\2至\3）"),
    (rf"own share of the variance {_RANGE}", r"在波动中占\1（\2至\3）"),
    (rf"effective cells {_RANGE}", r"有效单元\1个（\2至\3）"),
    (_RANGE, r"\1（\2至\3）"),
    (r"grows as ([^(]+)", r"增长形态：\1"),
    (r"only (\d+) figures?: how growth goes on is wide open", r"只有\1个数据：今后增速很不确定"),
    (r"the last figure is (\d+) years old", r"最近的数据距今\1年"),
    (r"the yearly shock rests on about (\S+) changes", r"年度冲击约只依据\1次变化"),
    (r"(\S+) of what is believed of the drift is the prior's", r"对增速的判断有\1来自先验"),
    (r"grew by (\S+) a year, beyond what the prior has cells for \((\S+)\)",
     r"年均增长\1，超出先验所含范围（\2）"),
    (r"(\d+) figures stand on a bound, at a distance set by convention", r"\1个数据位于边界，其距离只是约定"),
    (r"(\d+) stands out by (\S+) yearly shocks \((.+) of such histories have one as large\)",
     r"\1年异常：\2倍年度冲击（同类历史中\3有这样大的）"),
    (r"errors of neighbouring years correlate by (\S+)", r"相邻年份误差相关\1"),
    (r"the last (\d+) changes are calmer than those before", r"最近\1次变化比此前平稳"),
    (r"the last (\d+) changes are wilder than those before", r"最近\1次变化比此前剧烈"),
    (r"(\d+) in all, the largest (\S+) yearly shocks in (\d+) \((.+) of such histories have one as large\)",
     r"共\1个，最大在\3年，为\2倍年度冲击（同类历史中\4有这样大的）"),
    (r"neighbours correlate by (\S+) \(chance: (\S+)\)", r"相邻相关\1（偶然可达\2）"),
    (r"the last (\d+) are (\S+) times as large as those before \(chance: (\S+) to (\S+)\)",
     r"最近\1个为此前的\2倍（偶然可在\3至\4）"),
    (r"(\S+) against a bell curve \(chance: (\S+) to (\S+), low if there are more extremes\)",
     r"与正态相比\1（偶然可在\2至\3，越低极端值越多）"),
    (r"shocks of one year: (\d+) indicators, (\d+) of (\d+) pairs observed in common years \(none\)",
     r"同年冲击：\1个指标，\3对中\2对有共同年份"),
    (r"shocks of one year: (\d+) indicators, (\d+) of (\d+) pairs observed in common years \((\d+) to (\d+)"
     r" each, median (\d+)\)", r"同年冲击：\1个指标，\3对中\2对有共同年份（各\4至\5年，中位数\6年）"),
    (r"mean correlation (\S+), 80 % between (\S+) and (\S+)", r"平均相关\1，80%区间\2至\3"),
    (r"computed, not fitted: (.+) \(ASSUMPTION: (.+)\)", r"由恒等式计算，不作拟合：\1（假设：\2）"),
    (r"computed, not fitted: (.+)", r"由恒等式计算，不作拟合：\1"),
    (r"assumed independent of each other, because their dimensions differ: (.+)",
     r"维度不同，假定相互独立：\1"),
)  # fmt: skip


def fit_in_chinese(text: str) -> str:
    """Translate what the fit report says, piece by piece between semicolons; leave names as they are.

    Examples
    --------
    >>> fit_in_chinese("only 3 figures: how growth goes on is wide open")
    '只有3个数据：今后增速很不确定'
    """
    return "；".join(_piece(piece) for piece in text.split("; ")) if text else text


def _piece(text: str) -> str:
    known = _HEADINGS.get(text) or CHINESE.rungs.get(text)
    if known:
        return known
    if counted := re.fullmatch(r"(\d+) x (.+)", text):
        return f"{counted[1]}个：{_piece(counted[2])}"
    for pattern, chinese in _PATTERNS:
        if found := re.fullmatch(pattern, text):
            said = (
                found.expand(chinese)
                .replace("less than", "不到")
                .replace("nearly all", "几乎全部")
                .replace("no batch", "无批次")
            )
            return kinds_in_chinese(said)
    return kinds_in_chinese(in_chinese(text))
