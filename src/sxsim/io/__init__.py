"""Plan files and history in; results out."""

from __future__ import annotations

from sxsim.io.dataset import to_dataset as to_dataset
from sxsim.io.history_file import read_history as read_history
from sxsim.io.netcdf import open_result as open_result
from sxsim.io.netcdf import save as save
from sxsim.io.template import write_template as write_template
from sxsim.io.toml_plan import read_plan as read_plan
