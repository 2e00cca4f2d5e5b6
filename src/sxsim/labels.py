"""Dimension names, their order, and attribute names: written here and nowhere else."""

from __future__ import annotations

YEAR = "year"
DRAW = "draw"
SCENARIO = "scenario"
TARGET = "target"
QUANTILE = "quantile"
LEVEL = "level"
ORIGIN = "origin"
MOMENT = "moment"
INDICATOR = "indicator"
CHANGE = "change"
LEVER = "lever"
COUNT = "count"
GIVEN = "given"
MEASURE = "measure"
FACTOR = "factor"
VIEW = "view"
INPUT = "input"
OUTCOME = "outcome"
ENTRY = "entry"
AS_OF = "as_of"
FUTURE = "future"
PROBABILITY = "probability"
DOSE = "dose"

PATH_DIMS = (SCENARIO, DRAW, YEAR)
ODDS_DIMS = (SCENARIO, TARGET)
FORECAST_DIMS = (QUANTILE, YEAR)

UNITS = "units"
LONG_NAME = "long_name"
LONG_NAME_ZH = "long_name_zh"
SOURCE = "source"
KIND = "kind"
ROLE = "role"
LOWER = "lower"
UPPER = "upper"
BRIDGE_FROM = "bridge_from"
BRIDGE_SD = "bridge_sd"
ASSUMPTION = "assumption"
DEFINITION = "definition"
BREAKS = "breaks"
CAPPED = "capped"
FIXED_DRAWS = "fixed_draws"

PLAN = "plan"
PLAN_DIGEST = "plan_digest"

NATIONAL_SUFFIX = "_national"
