"""What a policy makes of an indicator in every year to come: in closed form, or by a fixed simulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim import labels
from sxsim.links import Carrier, Linear
from sxsim.processes import PathLaw
from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.mixture import StudentT
from sxsim.processes.one_year import Counted, SideBySide
from sxsim.processes.path_process import DRAWS
from sxsim.scenarios import Policy
from sxsim.simulation import pilot_of
from sxsim.streams import BLOCK

Array = NDArray[np.float64]

_BLOCKS = 32
_PUBLISHED = Linear()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Ahead:
    """Laws of the years to come under one policy.

    Attributes
    ----------
    carrier
        Scale of the levels; published units for what is derived.
    start
        Last levels, ``(member,)``.
    laws
        Of the change since then, one a year.
    offset
        What the policy adds on all paths alike, ``(year, member)``.
    fixed_draws
        How many fixed paths stand for laws without a closed form; 0 if all have one.
    """

    carrier: Carrier
    start: Array
    laws: Sequence[StudentT | MixtureMarginal | SideBySide]
    offset: Array | float
    fixed_draws: int

    @property
    def closed(self) -> bool:
        """Whether nothing but the process itself decides the laws."""
        return self.fixed_draws != _BLOCKS * BLOCK


def ahead_of(policies: Sequence[Policy], name: str, years: NDArray[np.int64]) -> list[Ahead]:
    """Return the laws of an indicator in some years under every policy."""
    found = [_closed(policy, name, years) for policy in policies]
    left = [policy for policy, one in zip(policies, found, strict=True) if one is None]
    drawn = iter(_simulated(left, name, years) if left else ())
    return [next(drawn) if one is None else one for one in found]


def _closed(policy: Policy, name: str, years: NDArray[np.int64]) -> Ahead | None:
    """Laws as the process has them; None where figures, moves or an identity make them others."""
    model = policy.model
    if name not in model or model.concerned([name]) or policy.differs([name]):
        return None
    grown, offset = model[name], policy.offsets.get(name)
    walked = isinstance(grown.law, PathLaw) and not grown.law.closed_form
    return Ahead(
        carrier=grown.carrier,
        start=grown.last_level(),
        laws=[grown.marginal(year - grown.last_years()) for year in years],
        offset=0.0 if offset is None else offset[:, years - model.last_year - 1].T,
        fixed_draws=DRAWS if walked else 0,
    )


def _simulated(policies: Sequence[Policy], name: str, years: NDArray[np.int64]) -> list[Ahead]:
    model = policies[0].model
    horizon, places = int(years.max()) - model.last_year, years - model.last_year - 1
    if name in model:
        carrier, start = model[name].carrier, model[name].last_level()
    else:
        carrier, start = _PUBLISHED, np.zeros(model.members(name))
    members = [pilot_of(policies, name, horizon, place=m, blocks=_BLOCKS) for m in range(len(start))]
    found = []
    for s in range(len(policies)):
        drawn = [np.sort(each[s][places] - last, axis=1) for each, last in zip(members, start, strict=True)]
        laws = [SideBySide(laws=tuple(Counted(values=p[i]) for p in drawn)) for i in range(len(years))]
        draws = _BLOCKS * BLOCK
        found.append(Ahead(carrier=carrier, start=start, laws=laws, offset=0.0, fixed_draws=draws))
    return found


def simulated(ahead: Sequence[Ahead]) -> dict[str, int]:
    """Say how many fixed paths stand for laws without a closed form, if any."""
    most = max(one.fixed_draws for one in ahead)
    return {labels.FIXED_DRAWS: most} if most else {}
