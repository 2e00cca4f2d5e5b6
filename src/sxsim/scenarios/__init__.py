"""What a scenario changes, compiled to arrays."""

from sxsim.scenarios.compile import compile_scenario as compile_scenario
