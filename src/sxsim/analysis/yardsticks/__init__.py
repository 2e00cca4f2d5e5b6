"""Official measures of progress, each with its published formula, beside the probability."""

from sxsim.analysis.yardsticks.measures import YARDSTICKS as YARDSTICKS
from sxsim.analysis.yardsticks.measures import Yardstick as Yardstick
from sxsim.analysis.yardsticks.needs import Need as Need
from sxsim.analysis.yardsticks.sheet import yardsticks as yardsticks
from sxsim.analysis.yardsticks.verdicts import OutlookVerdict as OutlookVerdict
from sxsim.analysis.yardsticks.verdicts import PaceVerdict as PaceVerdict
from sxsim.analysis.yardsticks.verdicts import ScheduleVerdict as ScheduleVerdict
