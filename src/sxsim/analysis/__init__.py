"""Questions put to a model by the best allowed route, or to finished paths."""

from sxsim.analysis.attainment import attainment as attainment
from sxsim.analysis.compare import compare as compare
from sxsim.analysis.counting import Hits as Hits
from sxsim.analysis.difference import difference as difference
from sxsim.analysis.effects import lever_effects as lever_effects
from sxsim.analysis.forecast import QUANTILES as QUANTILES
from sxsim.analysis.forecast import forecast as forecast
from sxsim.analysis.plausibility import plausibility as plausibility
