"""What a scenario changes, compiled to arrays."""

from sxsim.scenarios.alone import alone as alone
from sxsim.scenarios.alone import median_additions as median_additions
from sxsim.scenarios.alone import middle as middle
from sxsim.scenarios.compile import compile_scenarios as compile_scenarios
from sxsim.scenarios.effort import effort_made as effort_made
from sxsim.scenarios.play import base_levels as base_levels
from sxsim.scenarios.play import derivation_under as derivation_under
from sxsim.scenarios.play import play as play
from sxsim.scenarios.policy import Numbers as Numbers
from sxsim.scenarios.policy import Policy as Policy
from sxsim.scenarios.policy import Sway as Sway
from sxsim.scenarios.table import assumptions_in as assumptions_in
from sxsim.scenarios.table import scenario_table as scenario_table
from sxsim.scenarios.trend import Trend as Trend
