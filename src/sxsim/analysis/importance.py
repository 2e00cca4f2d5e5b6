"""Which inputs decide an outcome, from a given sample of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import MissingExtraError, RequestError, UnknownNameError, nearest
from sxsim.streams import Role, Seed, type_of_rng

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

_DUMMIES = 10  # inputs that have nothing to do with the outcome
_SURE = 5.0  # standard errors of a rank correlation beyond which inputs are dependent


@dataclass(frozen=True, kw_only=True, slots=True)
class Pawn:
    """How far the law of an outcome moves where one input is known roughly; inputs may be dependent.

    The Kolmogorov-Smirnov distance between the outcome in each slice of an input and the outcome at large,
    the mean over the slices and the largest (Pianosi and Wagener 2018,
    https://doi.org/10.1016/j.envsoft.2018.07.019). For a hit it is how far its probability moves. The median,
    which is often shown, says little of hits that are rare: most slices have none.

    Parameters
    ----------
    slices
        Slices with as many draws each.

    Raises
    ------
    RequestError
        Fewer than two slices, or a number SALib cannot cut into.

    Examples
    --------
    >>> Pawn().slices
    10
    """

    slices: int = 10

    def __post_init__(self) -> None:
        step = 1.0 / self.slices if self.slices > 0 else 2.0
        if self.slices < 2 or np.arange(0, 1 + step, step)[-1] > 1.0:
            raise RequestError(f"Pawn(slices={self.slices!r}) cannot be cut.", "Take 5, 10 or 20.")

    def _indices(self, problem: dict[str, Any], inputs: Array, outcome: Array) -> Array:
        from SALib.analyze import pawn

        with np.errstate(invalid="ignore", divide="ignore"):
            found = pawn.analyze(problem, inputs, outcome, S=self.slices, print_to_console=False)
        return np.stack([found["mean"], found["maximum"]])


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstOrder:
    """Share of the outcome's variance that one input explains by itself: Sobol's index of first order.

    From the given sample by random balance designs (Tarantola, Gatelli and Mara 2006,
    https://doi.org/10.1016/j.ress.2005.06.003; bias taken off after Tissot and Prieur 2012,
    https://doi.org/10.1016/j.ress.2012.06.010). It means that only where inputs are independent; the draws of
    a fitted model are not: drift and sigma depend on the cell, shocks on each other.

    Parameters
    ----------
    harmonics
        Terms of the Fourier series.

    Raises
    ------
    RequestError
        No harmonic.

    Examples
    --------
    >>> FirstOrder().harmonics
    10
    """

    harmonics: int = 10

    def __post_init__(self) -> None:
        if self.harmonics < 1:
            raise RequestError(f"FirstOrder(harmonics={self.harmonics!r}).", "Give at least 1.")

    def _indices(self, problem: dict[str, Any], inputs: Array, outcome: Array) -> Array:
        from SALib.analyze import rbd_fast

        found = rbd_fast.analyze(problem, inputs, outcome, M=self.harmonics, num_resamples=2, seed=1)
        return np.asarray([found["S1"]], float)


def input_importance(
    table: pd.DataFrame,
    *,
    outcomes: str | Sequence[str] | None = None,
    measure: Pawn | FirstOrder = Pawn(),
    rng: type_of_rng = 0,
) -> xr.Dataset:
    """Rank the inputs of a table by how much they decide its outcomes, scenario by scenario.

    Parameters
    ----------
    table
        From :func:`sxsim.experiment_table`.
    outcomes
        Columns to explain; None for the hits. A ``value_...`` column asks the same of the last value.
    measure
        :class:`sxsim.Pawn`, which takes the sample as it is, or :class:`sxsim.FirstOrder`, which refuses
        inputs that depend on each other.
    rng
        Seed of inputs that have nothing to do with the outcome.

    Returns
    -------
    xarray.Dataset
        ``importance`` with the dims ``(scenario, input, outcome)``, and ``floor`` ``(scenario, outcome)``,
        the largest of 10 inputs that are pure chance: what is not above it cannot be told from nothing. With
        :class:`sxsim.Pawn` also ``most``, of the slice that moves the outcome farthest. NaN where an input or
        an outcome is the same on all paths.

    Raises
    ------
    RequestError
        The table does not say which columns are inputs, members of a batch stand in it, or inputs depend on
        each other and the measure needs that they do not.
    UnknownNameError
        An outcome is no column of the table.
    MissingExtraError
        SALib is not installed.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> table = sx.experiment_table(model, plan.target("H2"), draws=2000, rng=0)
    >>> found = sx.input_importance(table, outcomes="hit_H2").importance.squeeze()
    >>> str(found.input[found.argmax("input")].item())
    'drift_valid_invention_patents'
    """
    _need_salib()
    names, wanted = _columns(table, outcomes)
    seed, scenarios = Seed.of(rng), list(dict.fromkeys(table[labels.SCENARIO].tolist()))
    kinds = ("importance", "most") if isinstance(measure, Pawn) else ("importance",)
    tables = np.full((len(kinds), len(scenarios), len(names), len(wanted)), np.nan)
    floor = np.full((len(scenarios), len(wanted)), np.nan)
    for s, scenario in enumerate(scenarios):
        rows = table[table[labels.SCENARIO] == scenario]
        inputs = rows[names].to_numpy(float)
        varying = _varying(inputs)
        if isinstance(measure, FirstOrder):
            _refuse_dependent(inputs[:, varying], [n for n, v in zip(names, varying, strict=True) if v])
        for o, outcome in enumerate(wanted):
            values = rows[outcome].to_numpy(float)
            if _varying(values[:, None])[0] and varying.any():
                found = _indices(measure, inputs[:, varying], values, seed)
                tables[:, s, varying, o], floor[s, o] = found[:, :-_DUMMIES], found[0, -_DUMMIES:].max()
    dims = (labels.SCENARIO, labels.INPUT, labels.OUTCOME)
    return xr.Dataset(
        {kind: (dims, table) for kind, table in zip(kinds, tables, strict=True)}
        | {"floor": ((labels.SCENARIO, labels.OUTCOME), floor)},
        coords={labels.SCENARIO: scenarios, labels.INPUT: names, labels.OUTCOME: wanted},
        attrs={"measure": repr(measure), "draws": int(len(table) / len(scenarios))},
    )


def _need_salib() -> None:
    try:
        import SALib.analyze  # noqa: F401
    except ImportError:
        raise MissingExtraError(
            "Importance of inputs needs SALib, which is not installed.",
            "Install it: pip install 'sxsim[sensitivity]'.",
        ) from None


def _columns(table: pd.DataFrame, outcomes: str | Sequence[str] | None) -> tuple[list[str], list[str]]:
    """Return the inputs of a table, and the outcomes that are asked for."""
    names = list(table.attrs.get("inputs", ()))
    if not names:
        raise RequestError("The table has no inputs.", "Take one that sx.experiment_table made of a model.")
    wanted = [outcomes] if isinstance(outcomes, str) else list(outcomes or table.attrs["hits"])
    for name in wanted:
        if name not in table.columns:
            raise UnknownNameError(f"The table has no column {name!r}.", nearest(name, table.columns))
    if table.duplicated([labels.SCENARIO, labels.DRAW]).any():
        raise RequestError("The table holds several members of a batch.", "Take one member at a time.")
    return names, wanted


def _varying(columns: Array) -> NDArray[np.bool_]:
    """Whether a column has no gap and more than one value."""
    return np.asarray(np.isfinite(columns).all(axis=0) & (np.ptp(columns, axis=0) > 0))


def _indices(measure: Pawn | FirstOrder, inputs: Array, outcome: Array, seed: Seed) -> Array:
    """Indices of the inputs and of some that are pure chance, ``(kind, input)``."""
    generator = seed.generator(Role.REPLICATE, "importance", "", 0)
    full = np.column_stack([inputs, generator.random((len(inputs), _DUMMIES))])
    names = [f"x{number}" for number in range(full.shape[1])]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    return measure._indices(problem, full, outcome)


def _refuse_dependent(inputs: Array, names: Sequence[str]) -> None:
    """Refuse inputs whose ranks, or distances from the middle, go together more than chance allows."""
    if inputs.shape[1] < 2:
        return
    ranks = inputs.argsort(axis=0).argsort(axis=0) / (len(inputs) - 1.0) - 0.5
    both = np.column_stack([ranks, np.abs(ranks)])
    size = inputs.shape[1]
    found = np.abs(np.corrcoef(both, rowvar=False)) * np.sqrt(len(inputs))
    worst = found.reshape(2, size, 2, size).max(axis=(0, 2))
    np.fill_diagonal(worst, 0.0)
    if worst.max() > _SURE:
        one, other = np.unravel_index(worst.argmax(), worst.shape)
        raise RequestError(
            f"{names[one]} and {names[other]} depend on each other; Sobol's indices need that no inputs do.",
            "Take measure=sx.Pawn().",
        )
