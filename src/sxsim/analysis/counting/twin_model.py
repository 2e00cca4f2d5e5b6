"""The Gaussian model beside one with laws that are walked, and what it is asked instead."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.analysis.event import Row
from sxsim.analysis.question import offset_of
from sxsim.links import Linear
from sxsim.processes import GivenMixture, Grown, GrowthModel, PathLaw, gaussian_twin
from sxsim.simulation import Setting

Array = NDArray[np.float64]

_SCORES = Linear(scale=1.0)
_FARTHEST = 8.0


def walks(row: Row, model: GrowthModel) -> bool:
    """Whether a row compares a law that is walked with a number."""
    return row.benchmark is None and row.indicator in model and isinstance(model[row.indicator].law, PathLaw)


def twin_model(setting: Setting, member: int) -> GrowthModel | None:
    """Return the Gaussian model of one member, None where a figure is missing.

    Walked indicators stand on normal scores, whose law is their twin's; the others are as they were.
    """
    model = setting.model
    if not all(np.isfinite(grown.last_level()[member]) for grown in model.indicators):
        return None
    indicators = tuple(_twin(grown, setting, member) for grown in model.indicators)
    return GrowthModel(indicators=indicators, last_year=model.last_year, dependence=model.dependence)


def _twin(grown: Grown, setting: Setting, member: int) -> Grown:
    year, law = int(grown.last_years()[member]), grown.law
    ahead = setting.model.last_year - year + len(setting.years)
    if isinstance(law, PathLaw):
        score = gaussian_twin(law, float(grown.last_level()[member]), ahead, member)
        return Grown(
            name=grown.name, carrier=_SCORES, law=GivenMixture(law=score), last_value=0.0, last_year=year
        )
    value = float(np.atleast_1d(np.asarray(grown.last_value, float))[member])
    same = GivenMixture(law=law.mixture(ahead, member))
    return Grown(name=grown.name, carrier=grown.carrier, law=same, last_value=value, last_year=year)


def asked_scores(setting: Setting, rows: Sequence[Row]) -> Array:
    """Normal scores that walked rows ask for, NaN for others, ``(scenario, row, member)``.

    The score of a level has in the twin the odds that the level has in the law of its year.
    """
    model, out = setting.model, []
    for row in rows:
        if not walks(row, model):
            out.append(np.full((len(setting.offsets), model[row.indicator].size), np.nan))
            continue
        grown = model[row.indicator]
        law = grown.marginal(row.year - grown.last_years())
        level = grown.carrier.forward(np.asarray(row.level, float)) - grown.last_level()
        needed = [level - offset_of(offsets, row, model) for offsets in setting.offsets]
        chances = [law.at_least(value) if row.sign > 0 else law.at_most(value) for value in needed]
        out.append(-row.sign * np.clip(special.ndtri(np.stack(chances)), -_FARTHEST, _FARTHEST))
    return np.stack(out, axis=1)
