from __future__ import annotations

import numpy as np
import pytest

from sxsim.fitting import DriftPrior, fit
from sxsim.plan import Break, Noise, Partial, Reading, Release
from sxsim.reporting.phrases import in_chinese


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("figures older than the last 12 are not used: 3", "只用最近12个数据，更早的3个未用"),
        ("by its bounds, 332.3 to 377.3 in 2020", "据上下界判断，2020年在332.3至377.3之间"),
        ("between 1 and 2 in 2020", "2020年在1至2之间"),
        ("there is no series 'x'", "没有序列x"),
        (
            "last known for 2011: the years to 2012 are simulated too",
            "最近的数据是2011年，此后至2012年为模拟",
        ),
        ("its level 120 lies outside the range (0, 100) of 'x'", "目标值120超出x的取值范围（0至100）"),
        ("'x' or its level was not observed in 2011", "2011年没有x或其目标水平的数据"),
        (
            "the series 'x' cannot be used: it has no figure up to 2012; the first is for 2018",
            "序列x无法使用：2012年及以前没有数据，最早的是2018年",
        ),
        (
            "it is computed from 'x': it is computed from 'y': it has no figure at all",
            "由x计算得出：由y计算得出：没有任何数据",
        ),
        (
            "it reads 'x' in 2012, of which the history holds no figure",
            "需要x在2012年的数据，而历史中没有",
        ),
        ("the series 'x' cannot be used: somebody said so", "序列x无法使用：somebody said so"),
        (
            "ASSUMPTION: growth learned from x (4 figures), extra spread 0.03 a year",
            "假设：增速借自x（4个数据），每年另加离散度0.03",
        ),
        (
            "ASSUMPTION: growth learned from x (4 figures), extra spread 0.03 a year, "
            "estimated from 2 common changes",
            "假设：增速借自x（4个数据），每年另加离散度0.03（由2个共同年份的变化估计）",
        ),
        (
            "members share 37% of the variance of a year's shock, seen in 14 years",
            "各成员共有年度冲击方差的37%，依据14年的数据",
        ),
        (
            "a logistic curve between known bounds is a random walk of the log odds",
            "上下限已知时，逻辑斯蒂曲线即对数几率的随机游走",
        ),
        (
            DriftPrior(growth=0.06, spread=0.02).note(),
            "假设：长期年增速+0.06，离散度0.02（均为链接尺度），取代由其他序列得到的判断",
        ),
    ],
)
def test_remarks_of_sxsim_are_translated(english, chinese):
    assert in_chinese(english) == chinese


def test_remarks_are_translated_piece_by_piece():
    text = (
        "1 figures on a bound (2010) were moved inside by 0.5; figures older than the last 12 are not used: 2"
    )
    assert in_chinese(text) == "1个位于边界的数据（2010）向内移动0.5；只用最近12个数据，更早的2个未用"


def test_words_of_others_stay_as_they_are():
    assert in_chinese("No base; no year.") == "No base; no year."


def test_every_remark_of_the_fit_is_known(shanxi):
    fitted = shanxi["fit"].to_dataset()
    remarks = {piece for notes in fitted["notes"].values for piece in str(notes).split("; ") if piece}
    assert len(remarks) >= 3
    assert [remark for remark in remarks if in_chinese(remark) == remark] == []


def test_every_remark_on_how_figures_are_read_is_known(table):
    values = 10.0 * 1.05 ** np.arange(12.0)
    later = np.where(np.arange(12) > 7, values * np.array([1.0, 1.02] * 6), np.nan)
    data = table(y=values, z=values[::-1], few=np.append(np.full(9, np.nan), [1.0, 1.1, 1.3]), w=later)
    data["few"].attrs.update(bridge_from="z", noise_relative=0.1)
    data["w"].attrs["role"] = "vintage"
    part = Partial(year=2013, value=12.0, share=0.75, spread=0.02)
    readings = [
        Reading(
            noise=(Noise(relative=0.02), Noise(absolute=0.1, years=(2003,))),
            breaks=(Break(year=2008, relative=0.1), Break(year=1990, relative=0.1)),
            outliers=(2005, 2006),
            partial=part,
            restated="w",
        ),
        Reading(noise=Noise(relative=0.02, years=(2004,)), restated="w", decided_by=Release.RESTATED),
        Reading(restated="z"),
    ]
    models = [fit(data, reading={"y": reading}) for reading in readings]
    models.append(fit(data.drop_vars("few"), until=2011, reading={"y": Reading(partial=part)}))
    thin = fit(data.assign(w=data["w"].where(data["w"].year > 2010)), reading={"y": Reading(restated="w")})
    remarks = {note for model in [*models, thin] for one in model.indicators for note in one.evidence.notes}
    assert len(remarks) >= 12
    assert [note for note in remarks if in_chinese(note) == note] == []
    assert [note for note in remarks if "; " in note] == []
