"""sxsim: the probability that a plan hits its numeric targets."""

from sxsim import cases as cases
from sxsim.analysis import YARDSTICKS as YARDSTICKS
from sxsim.analysis import FirstOrder as FirstOrder
from sxsim.analysis import Hits as Hits
from sxsim.analysis import OutlookVerdict as OutlookVerdict
from sxsim.analysis import PaceVerdict as PaceVerdict
from sxsim.analysis import Pawn as Pawn
from sxsim.analysis import ScheduleVerdict as ScheduleVerdict
from sxsim.analysis import Yardstick as Yardstick
from sxsim.analysis import attainment as attainment
from sxsim.analysis import compare as compare
from sxsim.analysis import difference as difference
from sxsim.analysis import experiment_table as experiment_table
from sxsim.analysis import forecast as forecast
from sxsim.analysis import input_importance as input_importance
from sxsim.analysis import lever_effects as lever_effects
from sxsim.analysis import plausibility as plausibility
from sxsim.analysis import scores as scores
from sxsim.analysis import sensitivity as sensitivity
from sxsim.analysis import yardsticks as yardsticks
from sxsim.datasets import load_panel as load_panel
from sxsim.datasets import load_plan as load_plan
from sxsim.datasets import panels as panels
from sxsim.datasets import plans as plans
from sxsim.errors import SxsimError as SxsimError
from sxsim.fitting import DriftPrior as DriftPrior
from sxsim.fitting import FitReport as FitReport
from sxsim.fitting import LearnedPrior as LearnedPrior
from sxsim.fitting import Prior as Prior
from sxsim.fitting import fit as fit
from sxsim.fitting import fit_prior as fit_prior
from sxsim.fitting import fit_report as fit_report
from sxsim.fitting import learned_prior as learned_prior
from sxsim.fitting import read_learned_prior as read_learned_prior
from sxsim.fitting import walk_prior as walk_prior
from sxsim.identities import Identity as Identity
from sxsim.io import open_result as open_result
from sxsim.io import save as save
from sxsim.links import Count as Count
from sxsim.links import Linear as Linear
from sxsim.links import Log as Log
from sxsim.links import Odds as Odds
from sxsim.plan import TREND as TREND
from sxsim.plan import AllOf as AllOf
from sxsim.plan import AnyOf as AnyOf
from sxsim.plan import Assumption as Assumption
from sxsim.plan import AtLeast as AtLeast
from sxsim.plan import Benchmark as Benchmark
from sxsim.plan import Between as Between
from sxsim.plan import Break as Break
from sxsim.plan import Condition as Condition
from sxsim.plan import CorrelationChange as CorrelationChange
from sxsim.plan import Effect as Effect
from sxsim.plan import EffectUnit as EffectUnit
from sxsim.plan import Elicited as Elicited
from sxsim.plan import GivenPath as GivenPath
from sxsim.plan import Group as Group
from sxsim.plan import Lever as Lever
from sxsim.plan import LinearRamp as LinearRamp
from sxsim.plan import LinkedStrengths as LinkedStrengths
from sxsim.plan import Noise as Noise
from sxsim.plan import Number as Number
from sxsim.plan import OwnPast as OwnPast
from sxsim.plan import Partial as Partial
from sxsim.plan import Plan as Plan
from sxsim.plan import PlannedGrowth as PlannedGrowth
from sxsim.plan import PowerReturns as PowerReturns
from sxsim.plan import Proportional as Proportional
from sxsim.plan import Pull as Pull
from sxsim.plan import RandomEvent as RandomEvent
from sxsim.plan import Reading as Reading
from sxsim.plan import Relation as Relation
from sxsim.plan import Release as Release
from sxsim.plan import Review as Review
from sxsim.plan import Rule as Rule
from sxsim.plan import SaturatingReturns as SaturatingReturns
from sxsim.plan import Scenario as Scenario
from sxsim.plan import SCurveRamp as SCurveRamp
from sxsim.plan import Shock as Shock
from sxsim.plan import SteadyTrack as SteadyTrack
from sxsim.plan import StepRamp as StepRamp
from sxsim.plan import StraightTrack as StraightTrack
from sxsim.plan import Target as Target
from sxsim.plan import TargetRevision as TargetRevision
from sxsim.plan import Total as Total
from sxsim.plan import Transmission as Transmission
from sxsim.plan import VolatilityChange as VolatilityChange
from sxsim.plan import When as When
from sxsim.plan import Worded as Worded
from sxsim.plan import at_precision as at_precision
from sxsim.plan import audit as audit
from sxsim.plan import direction_of as direction_of
from sxsim.plan import with_threshold as with_threshold
from sxsim.processes import FREE as FREE
from sxsim.processes import AutoregressiveGrowth as AutoregressiveGrowth
from sxsim.processes import Bass as Bass
from sxsim.processes import DampedTrend as DampedTrend
from sxsim.processes import Dependence as Dependence
from sxsim.processes import GaussianProcess as GaussianProcess
from sxsim.processes import Grown as Grown
from sxsim.processes import GrowthModel as GrowthModel
from sxsim.processes import JumpDiffusion as JumpDiffusion
from sxsim.processes import Logistic as Logistic
from sxsim.processes import NegativeBinomial as NegativeBinomial
from sxsim.processes import Parameter as Parameter
from sxsim.processes import PathProcess as PathProcess
from sxsim.processes import RandomWalk as RandomWalk
from sxsim.processes import Regimes as Regimes
from sxsim.processes import StudentShocks as StudentShocks
from sxsim.processes import System as System
from sxsim.processes import TrendStationary as TrendStationary
from sxsim.processes import counted_change as counted_change
from sxsim.processes import nearest_correlation as nearest_correlation
from sxsim.reporting import Language as Language
from sxsim.reporting import Page as Page
from sxsim.reporting import comparison_chart as comparison_chart
from sxsim.reporting import effects_chart as effects_chart
from sxsim.reporting import fan_charts as fan_charts
from sxsim.reporting import goal_chart as goal_chart
from sxsim.reporting import reliability_chart as reliability_chart
from sxsim.reporting import render_audit as render_audit
from sxsim.reporting import render_backtest as render_backtest
from sxsim.reporting import render_comparison as render_comparison
from sxsim.reporting import render_detail as render_detail
from sxsim.reporting import render_fit as render_fit
from sxsim.reporting import render_goal_seek as render_goal_seek
from sxsim.reporting import render_odds as render_odds
from sxsim.reporting import render_replay as render_replay
from sxsim.reporting import render_scenarios as render_scenarios
from sxsim.reporting import render_scoreboard as render_scoreboard
from sxsim.reporting import render_sensitivity as render_sensitivity
from sxsim.reporting import render_yardsticks as render_yardsticks
from sxsim.reporting import replay_chart as replay_chart
from sxsim.reporting import save_figure as save_figure
from sxsim.reporting import sensitivity_chart as sensitivity_chart
from sxsim.reporting import timing_chart as timing_chart
from sxsim.reporting import trade_off_chart as trade_off_chart
from sxsim.simulation import Exact as Exact
from sxsim.simulation import Inputs as Inputs
from sxsim.simulation import Moments as Moments
from sxsim.simulation import MonteCarlo as MonteCarlo
from sxsim.simulation import Order as Order
from sxsim.simulation import Paths as Paths
from sxsim.simulation import Quantiles as Quantiles
from sxsim.simulation import Sobol as Sobol
from sxsim.simulation import simulate as simulate
from sxsim.studies import Alert as Alert
from sxsim.studies import AlertRule as AlertRule
from sxsim.studies import AsRestated as AsRestated
from sxsim.studies import FirstRelease as FirstRelease
from sxsim.studies import Fitted as Fitted
from sxsim.studies import FromQuantiles as FromQuantiles
from sxsim.studies import GoalStatus as GoalStatus
from sxsim.studies import Grouping as Grouping
from sxsim.studies import PlainWalk as PlainWalk
from sxsim.studies import Reached as Reached
from sxsim.studies import Statsforecast as Statsforecast
from sxsim.studies import StatsforecastModel as StatsforecastModel
from sxsim.studies import Statsmodels as Statsmodels
from sxsim.studies import StatsmodelsModel as StatsmodelsModel
from sxsim.studies import backtest as backtest
from sxsim.studies import calibration as calibration
from sxsim.studies import earliest_year as earliest_year
from sxsim.studies import goal_seek as goal_seek
from sxsim.studies import largest_target as largest_target
from sxsim.studies import replay as replay
from sxsim.studies import run as run
from sxsim.studies import scoreboard as scoreboard
from sxsim.studies import trade_off as trade_off
from sxsim.studies import value_of_information as value_of_information

__version__ = "0.1.0"

__all__ = [
    "FREE",
    "TREND",
    "YARDSTICKS",
    "Alert",
    "AlertRule",
    "AllOf",
    "AnyOf",
    "AsRestated",
    "Assumption",
    "AtLeast",
    "AutoregressiveGrowth",
    "Bass",
    "Benchmark",
    "Between",
    "Break",
    "Condition",
    "CorrelationChange",
    "Count",
    "DampedTrend",
    "Dependence",
    "DriftPrior",
    "Effect",
    "EffectUnit",
    "Elicited",
    "Exact",
    "FirstOrder",
    "FirstRelease",
    "FitReport",
    "Fitted",
    "FromQuantiles",
    "GaussianProcess",
    "GivenPath",
    "GoalStatus",
    "Group",
    "Grouping",
    "Grown",
    "GrowthModel",
    "Hits",
    "Identity",
    "Inputs",
    "JumpDiffusion",
    "Language",
    "LearnedPrior",
    "Lever",
    "Linear",
    "LinearRamp",
    "LinkedStrengths",
    "Log",
    "Logistic",
    "Moments",
    "MonteCarlo",
    "NegativeBinomial",
    "Noise",
    "Number",
    "Odds",
    "Order",
    "OutlookVerdict",
    "OwnPast",
    "PaceVerdict",
    "Page",
    "Parameter",
    "Partial",
    "PathProcess",
    "Paths",
    "Pawn",
    "PlainWalk",
    "Plan",
    "PlannedGrowth",
    "PowerReturns",
    "Prior",
    "Proportional",
    "Pull",
    "Quantiles",
    "RandomEvent",
    "RandomWalk",
    "Reached",
    "Reading",
    "Regimes",
    "Relation",
    "Release",
    "Review",
    "Rule",
    "SCurveRamp",
    "SaturatingReturns",
    "Scenario",
    "ScheduleVerdict",
    "Shock",
    "Sobol",
    "Statsforecast",
    "StatsforecastModel",
    "Statsmodels",
    "StatsmodelsModel",
    "SteadyTrack",
    "StepRamp",
    "StraightTrack",
    "StudentShocks",
    "SxsimError",
    "System",
    "Target",
    "TargetRevision",
    "Total",
    "Transmission",
    "TrendStationary",
    "VolatilityChange",
    "When",
    "Worded",
    "Yardstick",
    "at_precision",
    "attainment",
    "audit",
    "backtest",
    "calibration",
    "cases",
    "compare",
    "comparison_chart",
    "counted_change",
    "difference",
    "direction_of",
    "earliest_year",
    "effects_chart",
    "experiment_table",
    "fan_charts",
    "fit",
    "fit_prior",
    "fit_report",
    "forecast",
    "goal_chart",
    "goal_seek",
    "input_importance",
    "largest_target",
    "learned_prior",
    "lever_effects",
    "load_panel",
    "load_plan",
    "nearest_correlation",
    "open_result",
    "panels",
    "plans",
    "plausibility",
    "read_learned_prior",
    "reliability_chart",
    "render_audit",
    "render_backtest",
    "render_comparison",
    "render_detail",
    "render_fit",
    "render_goal_seek",
    "render_odds",
    "render_replay",
    "render_scenarios",
    "render_scoreboard",
    "render_sensitivity",
    "render_yardsticks",
    "replay",
    "replay_chart",
    "run",
    "save",
    "save_figure",
    "scoreboard",
    "scores",
    "sensitivity",
    "sensitivity_chart",
    "simulate",
    "timing_chart",
    "trade_off",
    "trade_off_chart",
    "value_of_information",
    "walk_prior",
    "with_threshold",
    "yardsticks",
]
