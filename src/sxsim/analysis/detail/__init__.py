"""What stands behind the odds: when, which together, and how far short."""

from sxsim.analysis.detail.gather import details as details
