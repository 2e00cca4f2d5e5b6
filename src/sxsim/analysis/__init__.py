"""Questions put to a model by the best allowed route, or to finished paths."""

from sxsim.analysis.attainment import attainment as attainment
from sxsim.analysis.compare import compare as compare
from sxsim.analysis.counting import Hits as Hits
from sxsim.analysis.difference import difference as difference
from sxsim.analysis.effects import lever_effects as lever_effects
from sxsim.analysis.experiments import experiment_table as experiment_table
from sxsim.analysis.forecast import QUANTILES as QUANTILES
from sxsim.analysis.forecast import forecast as forecast
from sxsim.analysis.importance import FirstOrder as FirstOrder
from sxsim.analysis.importance import Pawn as Pawn
from sxsim.analysis.importance import input_importance as input_importance
from sxsim.analysis.plausibility import plausibility as plausibility
from sxsim.analysis.sensitivity import sensitivity as sensitivity
from sxsim.analysis.yardsticks import YARDSTICKS as YARDSTICKS
from sxsim.analysis.yardsticks import OutlookVerdict as OutlookVerdict
from sxsim.analysis.yardsticks import PaceVerdict as PaceVerdict
from sxsim.analysis.yardsticks import ScheduleVerdict as ScheduleVerdict
from sxsim.analysis.yardsticks import Yardstick as Yardstick
from sxsim.analysis.yardsticks import yardsticks as yardsticks
