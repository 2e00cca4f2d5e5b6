"""The future by simulation: blocks of draws, replayed under every scenario."""

from sxsim.simulation.bars import Bars as Bars
from sxsim.simulation.keep import Moments as Moments
from sxsim.simulation.keep import Paths as Paths
from sxsim.simulation.keep import Quantiles as Quantiles
from sxsim.simulation.method import Exact as Exact
from sxsim.simulation.method import Method as Method
from sxsim.simulation.method import MonteCarlo as MonteCarlo
from sxsim.simulation.method import Order as Order
from sxsim.simulation.method import Sobol as Sobol
from sxsim.simulation.method import check_method as check_method
from sxsim.simulation.record import STRETCH as STRETCH
from sxsim.simulation.record import Drawn as Drawn
from sxsim.simulation.record import Keep as Keep
from sxsim.simulation.record import Recorder as Recorder
from sxsim.simulation.record import Setting as Setting
from sxsim.simulation.record import parts as parts
from sxsim.simulation.record import record as record
from sxsim.simulation.sigma import cell_multipliers as cell_multipliers
from sxsim.simulation.simulate import as_scenarios as as_scenarios
from sxsim.simulation.simulate import simulate as simulate
from sxsim.simulation.simulate import years_ahead as years_ahead
from sxsim.simulation.strand import Strand as Strand
from sxsim.simulation.strand import Twin as Twin
from sxsim.simulation.world import Team as Team
from sxsim.simulation.world import World as World
from sxsim.simulation.world import world_of as world_of
