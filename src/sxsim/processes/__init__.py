"""How one indicator moves: equations only, and GrowthModel, the noun handed from fitting to simulation."""

from sxsim.processes.cell_posterior import CellPosterior as CellPosterior
from sxsim.processes.cell_posterior import Kernels as Kernels
from sxsim.processes.dependence import Dependence as Dependence
from sxsim.processes.measured import MeasuredPosterior as MeasuredPosterior
from sxsim.processes.mixture import Mixture as Mixture
from sxsim.processes.model import Evidence as Evidence
from sxsim.processes.model import Grown as Grown
from sxsim.processes.model import GrowthModel as GrowthModel
from sxsim.processes.model import Rung as Rung
from sxsim.processes.nearest import nearest_correlation as nearest_correlation
from sxsim.processes.parameter import Parameter as Parameter
from sxsim.processes.posterior import RandomWalkPosterior as RandomWalkPosterior
from sxsim.processes.random_walk import RandomWalk as RandomWalk
from sxsim.processes.shape import Shape as Shape
