"""What scenarios are compiled against: a model, the years of a run, and the trend in them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.plan import Change, EffectUnit, Scenario, named
from sxsim.processes import GrowthModel
from sxsim.scenarios.conversion import LinkScale
from sxsim.scenarios.trend import Trend

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Ground:
    """A model and the years after its last; what is found once serves all scenarios.

    Attributes
    ----------
    model
        The model.
    years
        Years of the run, ``(year,)``.
    variants
        Other models on the same streams, by the changes that ask for them.
    """

    model: GrowthModel
    years: Whole
    variants: dict[frozenset[Change], GrowthModel] = field(default_factory=dict)
    _trends: dict[str, Trend] = field(default_factory=dict)
    _scales: dict[tuple[str, EffectUnit], LinkScale] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """First year of the run."""
        return int(self.years[0])

    @property
    def last(self) -> int:
        """Last year of the run."""
        return int(self.years[-1])

    def trend(self, name: str) -> Trend:
        """Return the medians of an indicator."""
        if name not in self._trends:
            self._trends[name] = Trend.of(self.model[name], self.years)
        return self._trends[name]

    def scale(self, owner: str, name: str, unit: EffectUnit) -> LinkScale:
        """Return the conversion of a unit at the trend of an indicator."""
        if (name, unit) not in self._scales:
            self._scales[name, unit] = LinkScale.of(owner, self.trend(name), unit)
        return self._scales[name, unit]

    def holds(self, scenario: Scenario, change: Change, name: str) -> bool:
        """Whether the model holds an indicator, not only knows why it was left out; refuse any other."""
        if name in self.model:
            return True
        if identity := next((one for one in self.model.identities if one.indicator == name), None):
            raise RequestError(
                f"{owner_of(scenario, change)} and an identity both write {name!r}: {identity}.",
                "Let it move what that is computed from.",
            )
        if name in self.model.absent:
            return False
        raise UnknownNameError(
            f"{owner_of(scenario, change)} speaks of {name!r}, which the model does not hold.",
            nearest(name, self.model.names),
        )

    def zeros(self, name: str) -> Array:
        """Return no addition to an indicator, ``(year, member)``."""
        return np.zeros((len(self.years), self.model[name].size))

    def batch(self, name: str) -> tuple[tuple[str, tuple[object, ...]], ...]:
        """Dimensions and labels of an indicator's batch."""
        return tuple((dim, tuple(c.to_numpy().tolist())) for dim, c in self.model.batch(name).items())


def owner_of(scenario: Scenario, change: Change) -> str:
    """Name a change and its scenario, as messages begin."""
    return f"Scenario {scenario.id!r}: {named(change)}"
