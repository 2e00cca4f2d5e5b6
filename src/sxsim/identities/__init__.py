"""Identities: indicators computed from others by an arithmetic expression that is read and never executed."""

from sxsim.identities.derivation import Derivation as Derivation
from sxsim.identities.expression import Expression as Expression
from sxsim.identities.identity import Identity as Identity
from sxsim.identities.order import in_order as in_order
from sxsim.identities.order import needed as needed
from sxsim.identities.terms import Figure as Figure
