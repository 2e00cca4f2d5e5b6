"""What a model was told about years to come, and whose laws that changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sxsim.processes.figures import Figures, KnownPath, read_path
from sxsim.processes.told import told

if TYPE_CHECKING:
    from sxsim.processes.model import GrowthModel


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Conditions:
    """Figures given to a model for years to come.

    Attributes
    ----------
    base
        The model before it was given any; it holds the given indicators also where they are not asked for.
    figures
        By indicator.
    """

    base: GrowthModel
    figures: Mapping[str, Figures]

    def reaches(self, name: str) -> bool:
        """Whether an indicator is given, or its shocks are correlated with those of one that is."""
        base, row = self.base, self.base.names.index(name)
        others = (base.names.index(given) for given in self.figures if base.together(name, given))
        return any(base.dependence.draws[:, row, other].any() for other in others)

    def deciding(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the given indicators on which the laws of some others depend, in order."""
        reached = [name for name in names if self.reaches(name)]
        return tuple(
            given
            for given in sorted(self.figures)
            if any(self.base.together(given, name) for name in reached)
        )


def conditions_of(model: GrowthModel, path: KnownPath) -> Conditions:
    """Return what a model knows after a path is given, on top of what it was given before."""
    base = model.conditions.base if model.conditions else model
    figures = dict(model.conditions.figures) if model.conditions else {}
    for name, later in read_path(path, base).items():
        figures[name] = figures[name].joined(name, later) if name in figures else later
        for member in range(base[name].size):
            told(base[name], figures[name], base.last_year, member)
    return Conditions(base=base, figures=figures)
