"""The future by simulation: blocks of draws, replayed under every scenario."""

from sxsim.simulation.method import Exact as Exact
from sxsim.simulation.method import Method as Method
from sxsim.simulation.method import MonteCarlo as MonteCarlo
from sxsim.simulation.method import Sobol as Sobol
from sxsim.simulation.method import check_method as check_method
from sxsim.simulation.sigma import cell_multipliers as cell_multipliers
from sxsim.simulation.simulate import as_scenarios as as_scenarios
from sxsim.simulation.simulate import simulate as simulate
from sxsim.simulation.simulate import years_ahead as years_ahead
from sxsim.simulation.world import Twin as Twin
from sxsim.simulation.world import world_of as world_of
