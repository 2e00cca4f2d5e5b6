"""What a scenario changes, compiled to arrays."""

from sxsim.scenarios.compile import compile_scenarios as compile_scenarios
