"""Runs larger than memory or than one machine: cut into pieces, drawn wherever there is room."""

from sxsim.simulation.large.chunks import Chunks as Chunks
from sxsim.simulation.large.chunks import sizes_of as sizes_of
from sxsim.simulation.large.lazy import lazy_paths as lazy_paths
from sxsim.simulation.large.lazy import need_dask as need_dask
from sxsim.simulation.large.lazy import reduced as reduced
from sxsim.simulation.large.piece import Work as Work
from sxsim.simulation.large.stored import Shelf as Shelf
from sxsim.simulation.large.stored import stored as stored
