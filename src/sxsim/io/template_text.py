"""The commented plan that `write_template` writes: an invented town, three indicators, two scenarios."""

from __future__ import annotations

HISTORY_NAME = "@HISTORY@"

PLAN_TEXT = """\
# A plan for sxsim. Every figure here is invented: replace them by your own, then run
#     sxsim audit THIS_FILE      does the plan's own arithmetic close?
#     sxsim run THIS_FILE        how likely is each target?
# Keys that do not apply are left out. Unknown keys are refused, with the nearest known one.

[plan]
id = "example-town"
title = "Example town's clean energy plan 2024-2030"
title_zh = "示例市清洁能源行动计划(2024—2030年)"
publisher = "Example town government"
published = "2024-03-01"
start = 2024                      # first and last year of the plan
end = 2030
base_year = 2023                  # the year the plan counts from
fit_until = 2023                  # last year a model may learn from
source = "invented for this template"
history = [@HISTORY@]      # CSV or XLSX beside this file; columns indicator,year,value,source,note

# Indicators: what is measured. kind is share, ratio, amount, stock, flow, count or balance.
[[indicator]]
id = "renewable_share"
label = "Renewable share of electricity"
label_zh = "可再生能源发电占比"
kind = "share"
units = "% of generation"         # a share whose units start with "%" runs to 100, any other to 1
definition = "Hydro, wind, solar and biomass generation over all generation in the year"

[[indicator]]
id = "green_investment"
label = "Green investment"
label_zh = "绿色投资额"
kind = "amount"
units = "million yuan"
definition = "Completed investment in clean energy, current prices"

[[indicator]]
id = "charging_points"
label = "Public charging points"
label_zh = "公共充电桩保有量"
kind = "stock"
units = "points"
definition = "Public charging points in service at the end of the year"

# An indicator may be computed from others instead of being fitted: a ratio, a stock and its flows, a sum of
# parts. name[-1] is the figure of the year before; a certificate of three years leaves with certified[-3].
#     [[identity]]
#     indicator = "points_per_million"
#     expression = "1000000 * charging_points / population"

# Targets: what is promised. A level is value; lower and upper; benchmark (times); since and growth; or word.
# Its years are year, every_year, by_year or total_over. all_of, any_of, or at_least with of combine others.
[[target]]
id = "T1"
label = "Renewable share reaches 55 %"
label_zh = "可再生能源发电占比达到55%以上"
text = "the renewable share rises by 4 % a year from 42.2 % in 2023, to 55 % or more by 2030"
group = "headline"                # headline or secondary
indicator = "renewable_share"
relation = ">="                   # ">=", "<=" or "within"
value = 55
year = 2030
unit = "%"
base_value = 42.2
base_year = 2023
stated_growth = 0.04              # a fraction: 0.04 is 4 percent a year
lead_units = ["energy"]

[[target]]
id = "T2"
label = "Green investment of 8,000 million yuan every year"
label_zh = "每年绿色投资不低于80亿元"
text = "strive for 8 billion yuan of green investment in each year of the plan"
indicator = "green_investment"
relation = ">="
value = 8000
every_year = [2024, 2030]         # must hold in every one of these years
unit = "million yuan"
strength = "best effort"          # binding, plain, best effort or fuzzy
lead_units = ["energy"]

[[target]]
id = "T3"
label = "400 public charging points"
label_zh = "公共充电桩达到400个"
text = "from 169 public charging points in 2023, growing by 13.2 % a year, to 400 by 2030"
indicator = "charging_points"
relation = ">="
value = 400
year = 2030
unit = "points"
base_value = 169
base_year = 2023
stated_growth = 0.132

# More kinds, to be uncommented:
# [[target]]
# id = "T4"
# label = "50,000 million yuan of green investment in all"
# label_zh = "绿色投资累计达到500亿元"
# indicator = "green_investment"
# relation = ">="
# value = 50000
# total_over = [2024, 2029]
#
# [[target]]
# id = "T5"
# label = "Two of three"
# label_zh = "三项中实现两项"
# at_least = 2
# of = ["T1", "T3", "T4"]

# What the government can do, and who is in charge.
[[lever]]
id = "L1"
label = "Clean energy fund"
label_zh = "清洁能源专项资金"
text = "set up a clean energy fund"
targets = ["T1", "T2"]
lead_units = ["energy"]
delay = 1                         # years from the start to the first effect
ramp = "linear"                   # step, linear or s-curve
ramp_years = 3                    # full effort in the third year
cost = 150                        # of one dose in a year of full effort
cost_unit = "million yuan a year"
dose_unit = "the fund as announced"

# What one dose of the lever does at full effort: a number or a range, and where it comes from.
[[effect]]
lever = "L1"
indicator = "green_investment"
size = "100 to 400, most likely 250"
unit = "units"                    # those of the indicator; or "percent of the level", "units a year",
                                  # "percentage points of yearly growth", "log points a year"
origin = "invented for this template"

[[unit]]
id = "energy"
label = "Energy bureau"
label_zh = "市能源局"

# Scenarios share the same random world, so their differences are due to the scenarios alone.
[[scenario]]
id = "trend"
label = "Trend"
label_zh = "趋势延续"
story = "The indicators go on as their own history suggests."

[[scenario]]
id = "as_planned"
label = "As planned"
label_zh = "按计划增长"
story = "The median follows the plan's own stated growth; the uncertainty stays."
as_planned = true

# A scenario names what it takes: levers to pull, rows of [[shock]], [[event]], [[rule]], [[transmission]],
# [[revision]], [[given]]. It may extend another, and then only differences are written. To pull the lever:
# [[scenario]]
# id = "fund"
# label = "Clean energy fund"
# label_zh = "设立清洁能源专项资金"
# story = "The fund starts with the plan and is doubled; all else goes on."
# pulls = [{ lever = "L1", start = 2024, dose = 2 }]
"""

_YEARS = range(2009, 2024)
_FIGURES = {
    "renewable_share": (
        21.5,
        22.5,
        23.9,
        24.6,
        26.0,
        28.0,
        29.7,
        32.5,
        33.1,
        34.7,
        35.6,
        36.3,
        37.8,
        39.8,
        42.2,
    ),
    "green_investment": (
        3400,
        3837,
        4184,
        4290,
        4602,
        4835,
        5093,
        5616,
        5960,
        6057,
        6514,
        6901,
        7152,
        7458,
        7836,
    ),
    "charging_points": (42, 46, 51, 64, 68, 72, 79, 95, 101, 123, 127, 134, 149, 157, 169),
}


def history_text() -> str:
    """Write the invented history as CSV: one row per figure."""
    rows = [
        f"{indicator},{year},{value},invented for this template,"
        for indicator, values in _FIGURES.items()
        for year, value in zip(_YEARS, values, strict=True)
    ]
    return "\n".join(["indicator,year,value,source,note", *rows, ""])
