"""Problems with known answers, which share no formula with what answers questions elsewhere."""

from sxsim.cases.case import Case as Case
from sxsim.cases.shelf import load as load
from sxsim.cases.shelf import names as names

__all__ = ["Case", "load", "names"]
