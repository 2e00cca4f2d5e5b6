"""Attainment turned round: what it would take, how far one can go, by when, and what one lever is worth."""

from sxsim.studies.goals.earliest import Reached as Reached
from sxsim.studies.goals.earliest import earliest_year as earliest_year
from sxsim.studies.goals.found import GoalStatus as GoalStatus
from sxsim.studies.goals.largest import largest_target as largest_target
from sxsim.studies.goals.seek import goal_seek as goal_seek
from sxsim.studies.goals.trade import trade_off as trade_off
