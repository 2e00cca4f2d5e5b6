"""What a run keeps of its paths: all of them, chosen years, moments or quantiles."""

from sxsim.simulation.keep.inputs import Inputs as Inputs
from sxsim.simulation.keep.moments import Moments as Moments
from sxsim.simulation.keep.paths import Paths as Paths
from sxsim.simulation.keep.quantiles import Quantiles as Quantiles
