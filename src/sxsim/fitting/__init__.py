"""History to GrowthModel."""

from sxsim.fitting.drift_prior import DriftPrior as DriftPrior
from sxsim.fitting.fit import fit as fit
from sxsim.fitting.learned import LearnedPrior as LearnedPrior
from sxsim.fitting.learned import learned_prior as learned_prior
from sxsim.fitting.learned import read_learned_prior as read_learned_prior
from sxsim.fitting.prior import fit_prior as fit_prior
from sxsim.fitting.prior import walk_prior as walk_prior
from sxsim.fitting.report import FitReport as FitReport
from sxsim.fitting.report import fit_report as fit_report
from sxsim.fitting.walk import Prior as Prior
