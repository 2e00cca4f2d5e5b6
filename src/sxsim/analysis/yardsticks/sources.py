"""Where the formulas were published."""

from __future__ import annotations

SCIENCE = (
    "Ministry of Science and Technology, 全国科技进步统计监测报告 (2008), calculation of the indices,"
    " 100 being the upper limit"
)
HUBEI = (
    "the rule 时间过半、任务过半 of mid-term evaluations, as in"
    " 湖北省国民经济和社会发展第十三个五年规划纲要实施情况中期评估报告 (2018)"
)
ESCAP = "ESCAP, Asia and the Pacific SDG progress assessment methodology, current status index"
RURAL = "农村全面小康测评方法及指标说明: 实现程度, from the starting value to the target value"
ENERGY = (
    "National Bureau of Statistics, progress of the energy target of the 11th five-year plan, as worked out"
    " by the Statistics Bureau of Qinghai, 关于节能目标完成情况的计算方法 (2009)"
)
EUROSTAT = (
    "Eurostat, Sustainable development in the European Union: monitoring report on progress towards the SDGs"
    " in an EU context (2021), as restated by Statistics Canada, Progress Measurement Methodology"
)
UNICEF = (
    "UNICEF, Technical Note: How to calculate Average Annual Rate of Reduction (AARR) of Underweight"
    " Prevalence (2007); increases (AARI) as in the Global Nutrition Report (2014)"
)
NUTRITION = "de Onis et al. (2013), Maternal & Child Nutrition 9, doi:10.1111/mcn.12075"
CHART = "United Nations Statistics Division, SDG Progress Chart 2023, Technical Note"
