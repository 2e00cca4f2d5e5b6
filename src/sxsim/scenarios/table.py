"""Scenarios as a table of texts: their stories, and what they assume."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import xarray as xr

from sxsim.labels import ASSUMPTION, SCENARIO
from sxsim.plan import Assumed, Assumption, Scenario

_LINES = ("assumed_by", "kind", "names", "form", "parts", "origin", "sentence")


def scenario_table(scenarios: Sequence[Scenario]) -> xr.Dataset:
    """Return stories by ``scenario`` and what they assume by ``assumption``: texts alone, so a file keeps it.

    ``names`` and ``parts`` are JSON; ``sentence`` says all of a line in English.
    """
    told = {
        name: (SCENARIO, [getattr(scenario, name) for scenario in scenarios])
        for name in ("label", "label_zh", "story", "extends")
    }
    lines = [_line(scenario.id, one) for scenario in scenarios for one in scenario.assumptions()]
    table = np.array(lines, dtype=object).reshape(-1, len(_LINES)).astype(str)
    columns = {name: (ASSUMPTION, column) for name, column in zip(_LINES, table.T, strict=True)}
    return xr.Dataset(told | columns, coords={SCENARIO: [scenario.id for scenario in scenarios]})


def assumptions_in(table: xr.Dataset, scenario: str) -> tuple[Assumption, ...]:
    """Return what one scenario of a table assumes."""
    mine = table.isel({ASSUMPTION: np.flatnonzero(table["assumed_by"].values == scenario)})
    lines = zip(*(mine[name].values.tolist() for name in _LINES[1:-1]), strict=True)
    return tuple(
        Assumption(
            kind=kind,
            names=tuple(json.loads(names)),
            form=Assumed[form],
            parts=tuple(json.loads(parts).items()),
            origin=origin,
        )
        for kind, names, form, parts, origin in lines
    )


def _line(scenario: str, one: Assumption) -> tuple[str, ...]:
    names, parts = (json.dumps(value, ensure_ascii=False) for value in (one.names, dict(one.parts)))
    return scenario, one.kind, names, one.form.name, parts, one.origin, str(one)
