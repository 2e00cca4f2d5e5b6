"""Questions that run the whole line."""

from sxsim.studies.outcome import Outcome as Outcome
from sxsim.studies.outcome import Verdict as Verdict
from sxsim.studies.outcome import outcomes as outcomes
from sxsim.studies.run import run as run
