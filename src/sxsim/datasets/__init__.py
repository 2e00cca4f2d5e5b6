"""Bundled plans and series, each with its source and checksum."""

from __future__ import annotations

from sxsim.datasets.load import load_panel as load_panel
from sxsim.datasets.load import load_plan as load_plan
from sxsim.datasets.load import panels as panels
from sxsim.datasets.load import plans as plans
