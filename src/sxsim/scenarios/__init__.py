"""What a scenario changes, compiled to arrays."""

from sxsim.scenarios.compile import compile_scenarios as compile_scenarios
from sxsim.scenarios.play import derivation_under as derivation_under
from sxsim.scenarios.play import play as play
from sxsim.scenarios.policy import Numbers as Numbers
from sxsim.scenarios.policy import Policy as Policy
