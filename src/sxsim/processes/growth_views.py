"""Which assumption about growth each cell of a fitted law makes, and the law of those that make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sxsim.processes.cell_posterior import CellPosterior
from sxsim.processes.measured import MeasuredPosterior
from sxsim.processes.model import GrowthModel
from sxsim.processes.rescaled import Rescaled

Array = NDArray[np.float64]


class Aspect(Enum):
    """What cells of a family differ in; the value says it."""

    KIND = "kind of growth"
    EXPONENT = "scale on which growth is even"
    PRIOR_DRIFT = "yearly growth it is drawn towards"


_SCALES = {0.0: "growth in proportion", 0.5: "between proportion and equal steps", 1.0: "equal steps"}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class GrowthView:
    """Cells of one indicator that make one assumption.

    Attributes
    ----------
    indicator, aspect, value
        Whose, what about, and what they assume, in words.
    cells
        Which cells, ``(member, cell)``.
    weight
        Their posterior probability, ``(member,)``.
    """

    indicator: str
    aspect: Aspect
    value: str
    cells: NDArray[np.bool_]
    weight: Array

    @property
    def name(self) -> str:
        """What it is called in results."""
        return f"{self.indicator}, {self.aspect.value}: {self.value}"


def growth_views(model: GrowthModel, name: str) -> list[GrowthView]:
    """Return the groups of cells of an indicator, by aspect; none where one cell is all there is.

    Examples
    --------
    >>> from sxsim.links import Log
    >>> from sxsim.processes.model import Grown
    >>> from sxsim.processes.random_walk import RandomWalk
    >>> walk = RandomWalk(drift=0.0, sigma=0.1)
    >>> y = Grown(name="y", carrier=Log(), law=walk, last_value=1.0, last_year=2012)
    >>> growth_views(GrowthModel(indicators=(y,), last_year=2012), "y")
    []
    """
    law = _cells_of(model[name].law)
    if law is None or law.weights.shape[1] < 2:
        return []
    found = []
    for aspect, values in _values(law).items():
        for value in dict.fromkeys(values.ravel().tolist()):
            cells = values == value
            weight = np.asarray((law.weights * cells).sum(axis=1))
            found.append(
                GrowthView(
                    indicator=name, aspect=aspect, value=_words(aspect, value), cells=cells, weight=weight
                )
            )
    order = list(Aspect)
    return sorted(found, key=lambda view: (order.index(view.aspect), -float(np.nanmean(view.weight))))


def under_view(model: GrowthModel, view: GrowthView) -> GrowthModel:
    """Return the model in which one indicator grows as a view assumes; members it says nothing of stay."""
    kept = np.where((view.weight > 0)[:, None], view.cells, True)
    indicators = tuple(
        replace(grown, law=_only(grown.law, kept)) if grown.name == view.indicator else grown
        for grown in model.indicators
    )
    return replace(model, indicators=indicators, correlation=None)


def _only(law: Any, kept: NDArray[np.bool_]) -> Any:
    if isinstance(law, Rescaled):
        return replace(law, base=_only(law.base, kept))
    weights = law.weights * kept
    return replace(law, weights=weights / weights.sum(axis=1, keepdims=True))


def _cells_of(law: object) -> CellPosterior | MeasuredPosterior | None:
    base = law.base if isinstance(law, Rescaled) else law
    return base if isinstance(base, CellPosterior | MeasuredPosterior) else None


def _values(law: CellPosterior | MeasuredPosterior) -> Mapping[Aspect, NDArray[Any]]:
    """What every cell assumes, ``(member, cell)`` by aspect; aspects in which they all agree left out."""
    if isinstance(law, MeasuredPosterior):
        shapes, pair = law.shapes, law.pair
    else:
        shapes, pair = law.kernels.shapes, law.kernels.pair[law.kernel]
    tables: dict[Aspect, NDArray[Any]] = {
        Aspect.KIND: np.array([shape.kind() for shape in shapes])[pair],
        Aspect.EXPONENT: law.exponent,
        Aspect.PRIOR_DRIFT: law.prior_drift.round(6),
    }
    full = {aspect: np.broadcast_to(table, law.weights.shape) for aspect, table in tables.items()}
    return {aspect: table for aspect, table in full.items() if len(np.unique(table)) > 1}


def _words(aspect: Aspect, value: Any) -> str:
    if aspect is Aspect.EXPONENT:
        return _SCALES[float(value)]
    return f"{100 * value:.1f} log points a year" if aspect is Aspect.PRIOR_DRIFT else str(value)
