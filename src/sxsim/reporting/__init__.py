"""Results for people: tables, figures, and the words of both languages."""

from sxsim.reporting.audit_text import render_audit as render_audit
from sxsim.reporting.backtest_text import render_backtest as render_backtest
from sxsim.reporting.comparison_figure import comparison_chart as comparison_chart
from sxsim.reporting.comparison_figure import effects_chart as effects_chart
from sxsim.reporting.comparison_text import render_comparison as render_comparison
from sxsim.reporting.detail_figure import timing_chart as timing_chart
from sxsim.reporting.detail_text import render_detail as render_detail
from sxsim.reporting.effects import effect_text as effect_text
from sxsim.reporting.figure import check_figure as check_figure
from sxsim.reporting.figure import fan_charts as fan_charts
from sxsim.reporting.figure import save_figure as save_figure
from sxsim.reporting.fit_page import Page as Page
from sxsim.reporting.fit_page import render_fit as render_fit
from sxsim.reporting.goal_figure import goal_chart as goal_chart
from sxsim.reporting.goal_figure import trade_off_chart as trade_off_chart
from sxsim.reporting.goal_text import render_goal_seek as render_goal_seek
from sxsim.reporting.language import Language as Language
from sxsim.reporting.odds_text import render_odds as render_odds
from sxsim.reporting.reliability_figure import reliability_chart as reliability_chart
from sxsim.reporting.replay_figure import replay_chart as replay_chart
from sxsim.reporting.replay_text import render_replay as render_replay
from sxsim.reporting.scenario_lines import render_scenarios as render_scenarios
from sxsim.reporting.scoreboard_text import render_scoreboard as render_scoreboard
from sxsim.reporting.sensitivity_figure import sensitivity_chart as sensitivity_chart
from sxsim.reporting.sensitivity_text import render_sensitivity as render_sensitivity
from sxsim.reporting.yardsticks_text import render_yardsticks as render_yardsticks
