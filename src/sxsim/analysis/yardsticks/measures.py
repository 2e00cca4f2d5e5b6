"""The measures: what each is called, its formula, where the formula was published, and what it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sxsim.analysis.yardsticks import formulas, sources, verdicts
from sxsim.analysis.yardsticks.course import Array, Course
from sxsim.analysis.yardsticks.needs import Need
from sxsim.analysis.yardsticks.verdicts import Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Yardstick:
    """One official measure of progress: a formula somebody publishes, not one of ours.

    Parameters
    ----------
    name
        Its label along the dimension ``measure``.
    label, label_zh
        How people call it.
    units
        "1" for shares and ratios, "1/year" for rates, or the scale of an index.
    formula
        In symbols: y the figure of year t, b the base of year s, g the goal of year e, d = +1 for a goal to
        be reached from below and -1 from above.
    source
        Who published it, and where.
    needs
        Pieces without which there is no value, in the order they are asked for.
    compute, judge
        The value of every target and year, and the verdict its source gives it, if any.

    Examples
    --------
    >>> import sxsim as sx
    >>> [one.formula for one in sx.YARDSTICKS if one.name == "required_growth"]
    ['(g / b)^(1 / (e - s)) - 1']
    """

    name: str
    label: str
    label_zh: str
    units: str
    formula: str
    source: str
    needs: tuple[Need, ...] = field(repr=False)
    compute: Callable[[Course], Array] = field(repr=False)
    judge: Callable[[Array, Course], Words] | None = field(default=None, repr=False)


_LEVEL = (Need.LEVEL, Need.NUMBER)
_SHARE = (
    *(*_LEVEL, Need.SINGLE, Need.FIGURE, Need.FROM_BELOW),
    *(Need.GOAL_ABOVE_ZERO, Need.FIGURE_NOT_BELOW_ZERO),
)
_AHEAD = (
    *(*_LEVEL, Need.ONE_YEAR, Need.SINGLE, Need.FIGURE, Need.AHEAD),
    *(Need.GOAL_ABOVE_ZERO, Need.FIGURE_ABOVE_ZERO),
)
_WAY = (*_LEVEL, Need.ONE_YEAR, Need.SINGLE, Need.BASE, Need.WAY)
_TIME = (*_LEVEL, Need.ONE_YEAR, Need.SINGLE, Need.BASE, Need.FIGURE, Need.SINCE)
_SO_FAR = (*_TIME, Need.WAY)
_GROWTH = (*_SO_FAR, Need.GOAL_ABOVE_ZERO, Need.BASE_ABOVE_ZERO, Need.FIGURE_ABOVE_ZERO)


def _actual(course: Course) -> Array:
    return formulas.annual_growth(course.base, course.figure, course.elapsed)


def _required(course: Course) -> Array:
    return formulas.annual_growth(course.base, course.goal, course.span)


def _straight(course: Course) -> Array:
    return formulas.straight_share(course.base, course.figure, course.goal)


def _steady(course: Course) -> Array:
    return formulas.steady_share(course.base, course.figure, course.goal)


def _time(course: Course) -> Array:
    return np.divide(course.elapsed, course.span)


def _trend(course: Course) -> Array:
    used = np.isfinite(course.trend_values)
    return course.direction * formulas.trend_growth(course.trend_years, course.trend_values, used)


def _from_now(course: Course) -> Array:
    return course.direction * formulas.annual_growth(course.figure, course.goal, course.left)


def _outlook(course: Course) -> Array:
    return formulas.extrapolated_share(course.base, course.figure, course.goal, course.elapsed, course.left)


def _on_schedule(ratio: Array, course: Course) -> Words:
    return verdicts.schedule(ratio, course.reached)


YARDSTICKS = (
    Yardstick(
        name="achievement",
        label="achievement degree",
        label_zh="实现程度",
        units="1",
        formula="min(y / g, 1)",
        source=sources.SCIENCE,
        needs=_SHARE,
        compute=lambda course: formulas.share_of_level(course.figure, course.goal),
    ),
    Yardstick(
        name="time_share",
        label="time elapsed",
        label_zh="时间进度",
        units="1",
        formula="(t - s) / (e - s)",
        source=sources.HUBEI,
        needs=_TIME,
        compute=_time,
    ),
    Yardstick(
        name="straight_share",
        label="way done, straight track",
        label_zh="目标完成进度（直线）",
        units="1",
        formula="(y - b) / (g - b)",
        source=f"{sources.RURAL}; a tenth of the index of {sources.ESCAP}",
        needs=_SO_FAR,
        compute=_straight,
    ),
    Yardstick(
        name="straight_time_ratio",
        label="way done over time elapsed, straight track",
        label_zh="时间进度比（直线）",
        units="1",
        formula="[(y - b) / (g - b)] / [(t - s) / (e - s)]",
        source=sources.HUBEI,
        needs=_SO_FAR,
        compute=lambda course: _straight(course) / _time(course),
        judge=_on_schedule,
    ),
    Yardstick(
        name="steady_share",
        label="way done, steady growth",
        label_zh="目标完成进度（等速）",
        units="1",
        formula="ln(y / b) / ln(g / b)",
        source=sources.ENERGY,
        needs=_GROWTH,
        compute=_steady,
    ),
    Yardstick(
        name="steady_time_ratio",
        label="way done over time elapsed, steady growth",
        label_zh="时间进度比（等速）",
        units="1",
        formula="[ln(y / b) / ln(g / b)] / [(t - s) / (e - s)]",
        source=sources.HUBEI,
        needs=_GROWTH,
        compute=lambda course: _steady(course) / _time(course),
        judge=_on_schedule,
    ),
    Yardstick(
        name="current_status",
        label="current status index (ESCAP)",
        label_zh="现状指数（亚太经社会）",
        units="0 at the base, 10 at the goal",
        formula="10 d (y - b) / |g - b|",
        source=sources.ESCAP,
        needs=_SO_FAR,
        compute=lambda course: formulas.current_status(
            course.base, course.figure, course.goal, course.direction
        ),
    ),
    Yardstick(
        name="actual_growth",
        label="actual growth since the base (CAGR)",
        label_zh="基期以来年均增速",
        units="1/year",
        formula="(y / b)^(1 / (t - s)) - 1",
        source=sources.EUROSTAT,
        needs=(*_TIME, Need.BASE_ABOVE_ZERO, Need.FIGURE_ABOVE_ZERO),
        compute=_actual,
    ),
    Yardstick(
        name="required_growth",
        label="growth required from the base (CAGR)",
        label_zh="基期起所需年均增速",
        units="1/year",
        formula="(g / b)^(1 / (e - s)) - 1",
        source=sources.EUROSTAT,
        needs=(*_WAY, Need.GOAL_ABOVE_ZERO, Need.BASE_ABOVE_ZERO),
        compute=_required,
    ),
    Yardstick(
        name="pace_ratio",
        label="actual over required growth (Eurostat)",
        label_zh="实际与所需增速之比（欧盟统计局）",
        units="1",
        formula="d [(y / b)^(1 / (t - s)) - 1] / |(g / b)^(1 / (e - s)) - 1|",
        source=sources.EUROSTAT,
        needs=_GROWTH,
        compute=lambda course: formulas.pace_ratio(_actual(course), _required(course), course.direction),
        judge=lambda ratio, _: verdicts.pace(ratio),
    ),
    Yardstick(
        name="trend_rate",
        label="trend towards the goal (AARR, AARI)",
        label_zh="趋势年均变化率（朝向目标为正）",
        units="1/year",
        formula="d (exp(slope of ln y on the year, from s to t) - 1)",
        source=sources.UNICEF,
        needs=(*_TIME, Need.ALL_ABOVE_ZERO),
        compute=_trend,
    ),
    Yardstick(
        name="required_rate",
        label="rate required from now on (AARR, AARI)",
        label_zh="今后所需年均变化率（朝向目标为正）",
        units="1/year",
        formula="d ((g / y)^(1 / (e - t)) - 1)",
        source=f"{sources.NUTRITION}; {sources.ENERGY}",
        needs=_AHEAD,
        compute=_from_now,
    ),
    Yardstick(
        name="extrapolated_share",
        label="way done by the target year at this growth (UN)",
        label_zh="按现增速到期完成进度（联合国）",
        units="1",
        formula="(y (y / b)^((e - t) / (t - s)) - b) / (g - b)",
        source=sources.CHART,
        needs=_GROWTH,
        compute=_outlook,
        judge=lambda share, course: verdicts.outlook(share, course.reached),
    ),
)
"""Every measure of :func:`sxsim.yardsticks`, in the order of its sheet."""
