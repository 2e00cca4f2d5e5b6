"""Property tests draw the same examples on every machine and have no deadline."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("sxsim", derandomize=True, deadline=None)
settings.load_profile("sxsim")
