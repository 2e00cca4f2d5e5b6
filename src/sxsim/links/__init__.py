"""Carriers: the scale on which an indicator grows (log, log odds, or the plain scale of a balance)."""

from sxsim.links.carrier import Carrier as Carrier
from sxsim.links.carrier import Count as Count
from sxsim.links.carrier import Linear as Linear
from sxsim.links.carrier import Log as Log
from sxsim.links.carrier import Odds as Odds
from sxsim.links.carrier import deciding as deciding
