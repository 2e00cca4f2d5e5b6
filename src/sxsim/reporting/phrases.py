"""Remarks that fitting and judging write in English, put into Chinese."""

from __future__ import annotations

import re

_CHINESE = (
    (r"ASSUMPTION: growth learned from (\S+) \((\d+) figures\), extra spread (\S+) a year",
     r"假设：增速借自\1（\2个数据），每年另加离散度\3"),
    (r"ASSUMPTION: growth learned from (\S+) \((\d+) figures\), extra spread (\S+) a year, "
     r"estimated from (\d+) common changes",
     r"假设：增速借自\1（\2个数据），每年另加离散度\3（由\4个共同年份的变化估计）"),
    (r"ASSUMPTION: the definition changes in (\d+) by an unknown shift, spread (\S+) on the link scale, "
     r"forecasts go on in the new one",
     r"假设：口径自\1年起改变，移动量未知（链接尺度上的离散度\2），预测沿用新口径"),
    (r"ASSUMPTION: (\S+) in part of (\d+), usually (\S+) of the year \(spread (\S+)\), is read as (\S+)",
     r"假设：\2年部分时段为\1，通常占全年\3（离散度\4），全年按\5理解"),
    (r"known errors of figures (\S+): (\S+(?: to \S+)?) on the link scale",
     r"\1年数据的已知误差：\2（链接尺度）"),
    (r"not used, named as outliers: (.+?)", r"按异常年份不用：\1"),
    (r"the break of (\d+) lies outside the figures and is not used", r"\1年的口径变化在数据之外，未用"),
    (r"the part of (\d+) lies more than a year after (\d+) and is not used",
     r"\1年的部分数据晚于\2年一年以上，未用"),
    (r"restated for (\d+) years, first releases depart from that by (\S+) on the link scale, "
     r"forecast are first releases", r"\1个年份有修订值，初次发布值与其相差\2（链接尺度），预测初次发布值"),
    (r"restated for (\d+) years, first releases depart from that by (\S+) on the link scale, "
     r"forecast are restated figures", r"\1个年份有修订值，初次发布值与其相差\2（链接尺度），预测修订值"),
    (r"restated for (\d+) years: too few, first releases stand as they are",
     r"仅\1个年份有修订值，太少，采用初次发布值"),
    (r"ASSUMPTION: long-run growth (\S+) a year with spread (\S+) on the link scale, "
     r"instead of what other series taught",
     r"假设：长期年增速\1，离散度\2（均为链接尺度），取代由其他序列得到的判断"),
    (r"members share (\S+) of the variance of a year's shock, seen in (\d+) years",
     r"各成员共有年度冲击方差的\1，依据\2年的数据"),
    (r"a logistic curve between known bounds is a random walk of the log odds",
     r"上下限已知时，逻辑斯蒂曲线即对数几率的随机游走"),
    (r"its last figure is taken as it stands: errors of a bridged series are not used",
     r"借用增速的序列以最近数据为准，不计其误差"),
    (r"figures older than the last (\d+) are not used: (\d+)", r"只用最近\1个数据，更早的\2个未用"),
    (r"last known for (\d+): the years to (\d+) are simulated too", r"最近的数据是\1年，此后至\2年为模拟"),
    (r"(\d+) figures on a bound \(([^)]*)\) were moved inside by (\S+)",
     r"\1个位于边界的数据（\2）向内移动\3"),
    (r"the series '([^']+)' cannot be used: (.+)", r"序列\1无法使用：\2"),
    (r"there is no series '([^']+)'", r"没有序列\1"),
    (r"it has no figure at all", r"没有任何数据"),
    (r"all its figures are zero: nothing tells the size of its changes", r"数据全为零：无从得知变化的大小"),
    (r"all its figures stand on a bound: nothing tells how far it is from there, or how it grows",
     r"数据全部位于边界：无从得知离边界多远、如何增长"),
    (r"members left out, all their figures stand on a bound: (\d+)", r"\1个成员的数据全部位于边界，未使用"),
    (r"it has no figure up to (\d+); the first is for (\d+)", r"\1年及以前没有数据，最早的是\2年"),
    (r"it has no figure up to (\d+)", r"\1年及以前没有数据"),
    (r"it is computed from '([^']+)': (.+)", r"由\1计算得出：\2"),
    (r"it reads '([^']+)' in (\d+), of which the history holds no figure",
     r"需要\1在\2年的数据，而历史中没有"),
    (r"its role is (\w+), which is not fitted", r"其角色为\1，不参与拟合"),
    (r"its level (\S+) lies outside the range \((\S+), (\S+)\) of '([^']+)'",
     r"目标值\1超出\4的取值范围（\2至\3）"),
    (r"'([^']+)' or its level was not observed in (\d+)", r"\2年没有\1或其目标水平的数据"),
    (r"ASSUMPTION: compared as published, in steps of (\S+)", r"假设：按公布精度\1比较"),
    (r"ASSUMPTION: compared as published, in steps of (\S+) and (\S+)", r"假设：按公布精度\1、\2比较"),
    (r"ASSUMPTION: '(.+?)' is read as (\S+)", r"假设：“\1”按\2理解"),
    (r"ASSUMPTION: a direction, read as above (\d+) in (\d+)", r"假设：只有方向，按\2年不低于\1年理解"),
    (r"ASSUMPTION: a direction, read as below (\d+) in (\d+)", r"假设：只有方向，按\2年不高于\1年理解"),
    (r"it says '(.+?)', and no threshold says what that means", r"原文为“\1”，没有数值说明其含义"),
    (r"growth of (\S+) a year is asked of '([^']+)', which may be negative",
     r"要求\2每年增长\1，而它可能为负"),
    (r"by its bounds, (\S+) to (\S+) in (\d+)", r"据上下界判断，\3年在\1至\2之间"),
    (r"between (\S+) and (\S+) in (\d+)", r"\3年在\1至\2之间"),
    (r"the plan states no condition that can be tested", r"规划没有给出可检验的条件"),
    (r"(\S+) to (\S+), most likely (\S+)", r"\1至\2，最可能\3"),
    (r"(\S+) to (\S+)", r"\1至\2"),
    (r"about (\S+)", r"约\1"),
    (r"(\S+) in (\d+)", r"\2年\1"),
    (r"grows as (.+) \((\d+) effective cells\)", r"增长形态：\1（有效单元\2个）"),
)  # fmt: skip

_SHAPES = {
    "random walk": "随机游走",
    "quickly damped growth": "快速衰减的增长",
    "gradually damped growth": "逐渐衰减的增长",
    "slowly damped growth": "缓慢衰减的增长",
    "noise around a level": "围绕水平的噪声",
    "local trend with noise": "带噪声的局部趋势",
    "returning level": "回归的水平",
    ", ": "、",
}


def in_chinese(text: str) -> str:
    """Translate what is known, piece by piece between semicolons; leave the rest.

    Examples
    --------
    >>> in_chinese("between 330 and 370 in 2020")
    '2020年在330至370之间'
    >>> in_chinese("said by somebody else")
    'said by somebody else'
    """
    for pattern, chinese in _CHINESE:
        if found := re.fullmatch(pattern, text):
            return found.expand(chinese) if "(.+)" not in pattern else _nested(found, chinese)
    pieces = text.split("; ")
    translated = [in_chinese(piece) for piece in pieces] if len(pieces) > 1 else pieces
    return text if translated == pieces else "；".join(translated)


def _nested(found: re.Match[str], chinese: str) -> str:
    """Translate each group as a phrase of its own."""
    first, last = (kinds_in_chinese(in_chinese(group)) for group in found.groups())
    return chinese.replace(r"\1", first).replace(r"\2", last)


def kinds_in_chinese(text: str) -> str:
    """Translate the names of kinds of growth inside a text."""
    for english, chinese in _SHAPES.items():
        text = text.replace(english, chinese)
    return text
