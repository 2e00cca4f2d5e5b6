"""Questions that run the whole line."""

from sxsim.studies.backtest import backtest as backtest
from sxsim.studies.calibration import calibration as calibration
from sxsim.studies.forecasters import Fitted as Fitted
from sxsim.studies.forecasters import FromQuantiles as FromQuantiles
from sxsim.studies.forecasters import PlainWalk as PlainWalk
from sxsim.studies.libraries import Statsforecast as Statsforecast
from sxsim.studies.libraries import StatsforecastModel as StatsforecastModel
from sxsim.studies.libraries import Statsmodels as Statsmodels
from sxsim.studies.libraries import StatsmodelsModel as StatsmodelsModel
from sxsim.studies.outcome import Outcome as Outcome
from sxsim.studies.outcome import Verdict as Verdict
from sxsim.studies.outcome import outcomes as outcomes
from sxsim.studies.run import run as run
from sxsim.studies.scoreboard import UNASSIGNED as UNASSIGNED
from sxsim.studies.scoreboard import Grouping as Grouping
from sxsim.studies.scoreboard import scoreboard as scoreboard
