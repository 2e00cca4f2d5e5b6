"""Scores of forecasts and of probabilities, with labels kept and one way of averaging.

Every score takes labelled arrays and returns one number per case; ``dim=`` averages, as in xarray: ``()``
over nothing, a name or names over those, ``...`` or None over everything. ``weights=`` weighs the cases.
Cases without a number are left out of an average. Scores are negatively oriented: lower is better.
"""

from sxsim.analysis.scores.closed import crps_normal as crps_normal
from sxsim.analysis.scores.closed import crps_student_t as crps_student_t
from sxsim.analysis.scores.closed import log_score as log_score
from sxsim.analysis.scores.clustered import clustered_mean as clustered_mean
from sxsim.analysis.scores.ensemble import crps_draws as crps_draws
from sxsim.analysis.scores.ensemble import pit as pit
from sxsim.analysis.scores.ensemble import pit_distance as pit_distance
from sxsim.analysis.scores.ensemble import pit_draws as pit_draws
from sxsim.analysis.scores.event import brier as brier
from sxsim.analysis.scores.event import corp as corp
from sxsim.analysis.scores.event import log_loss as log_loss
from sxsim.analysis.scores.histogram import pit_histogram as pit_histogram
from sxsim.analysis.scores.law import law_scores as law_scores
from sxsim.analysis.scores.multivariate import energy as energy
from sxsim.analysis.scores.multivariate import variogram as variogram
from sxsim.analysis.scores.point import mase as mase
from sxsim.analysis.scores.point import mean_absolute_change as mean_absolute_change
from sxsim.analysis.scores.point import msis as msis
from sxsim.analysis.scores.point import owa as owa
from sxsim.analysis.scores.point import smape as smape
from sxsim.analysis.scores.quantile import central as central
from sxsim.analysis.scores.quantile import coverage as coverage
from sxsim.analysis.scores.quantile import crps_quantiles as crps_quantiles
from sxsim.analysis.scores.quantile import interval_score as interval_score
from sxsim.analysis.scores.quantile import pinball as pinball
from sxsim.analysis.scores.reliability import reliability as reliability
from sxsim.analysis.scores.reliability import reliability_table as reliability_table
from sxsim.analysis.scores.updates import updates as updates

__all__ = [
    "brier",
    "central",
    "clustered_mean",
    "corp",
    "coverage",
    "crps_draws",
    "crps_normal",
    "crps_quantiles",
    "crps_student_t",
    "energy",
    "interval_score",
    "law_scores",
    "log_loss",
    "log_score",
    "mase",
    "mean_absolute_change",
    "msis",
    "owa",
    "pinball",
    "pit",
    "pit_distance",
    "pit_draws",
    "pit_histogram",
    "reliability",
    "reliability_table",
    "smape",
    "updates",
    "variogram",
]
