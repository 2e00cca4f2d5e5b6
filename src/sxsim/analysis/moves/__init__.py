"""What a probability depends on, moved a little to either side."""

from sxsim.analysis.moves.case import Case as Case
from sxsim.analysis.moves.factor import Factor as Factor
from sxsim.analysis.moves.factor import FactorKind as FactorKind
from sxsim.analysis.moves.factor import factors_of as factors_of
from sxsim.analysis.moves.slope import Slope as Slope
from sxsim.analysis.moves.slope import slope as slope
