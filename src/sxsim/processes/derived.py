"""Identities of a model: what has to hold for them, and what is derived from published figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import HistoryError, ModelError, RequestError, UnknownNameError, nearest
from sxsim.identities import Derivation, Identity, in_order, needed

if TYPE_CHECKING:
    from sxsim.processes.model import GrowthModel

Array = NDArray[np.float64]

COUNT = "count"  # what a history says under `kind` of an indicator that comes in whole numbers


def derive(model: GrowthModel, values: Mapping[str, Array], place: int = 0) -> dict[str, Array]:
    """Compute the derived indicators of a model from published values of the fitted ones.

    Parameters
    ----------
    model
        With identities.
    values
        By name, ``(year, draw)``, from the year after the model's last one on; more names than needed may be
        there.
    place
        Which member of the batch.

    Returns
    -------
    dict
        By name, ``(year, draw)``, in published units, counts as whole numbers; NaN where a part is NaN.

    Raises
    ------
    UnknownNameError
        A part is missing.
    RequestError
        The arrays differ in their shape.
    ModelError
        A result is not finite although all its parts are.

    Examples
    --------
    >>> from sxsim.links import Log
    >>> from sxsim.processes.model import Grown, GrowthModel
    >>> from sxsim.processes.random_walk import RandomWalk
    >>> walk = RandomWalk(drift=0.1, sigma=0.1)
    >>> spending = Grown(name="spending", carrier=Log(), law=walk, last_value=80.0, last_year=2012)
    >>> research = Identity(indicator="research", expression="0.25 * spending")
    >>> model = GrowthModel(indicators=(spending,), last_year=2012, identities=(research,))
    >>> derive(model, {"spending": np.array([[88.0, 90.0]])})
    {'research': array([[22. , 22.5]])}
    """
    wanted = sorted(needed(model.identities, model.derived) - set(model.derived))
    for name in wanted:
        if name not in values:
            raise UnknownNameError(f"Values of {name!r} are missing.", nearest(name, values))
    parts = {name: np.asarray(values[name], float) for name in wanted}
    shapes = {name: part.shape for name, part in parts.items()}
    if len(set(shapes.values())) > 1 or any(len(shape) != 2 for shape in shapes.values()):
        told = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise RequestError(f"Values differ in their shape: {told}.", "Give (year, draw), alike for all.")
    return derivation(model, place).all_years(parts) if parts else {}


def derivation(model: GrowthModel, place: int = 0) -> Derivation:
    """Prepare the identities for one member of the batch, with the figures before the first year."""
    lags: dict[str, int] = {}
    for identity in model.identities:
        for name, lag in identity.formula.lags.items():
            lags[name] = max(lag, lags.get(name, 0))
    return Derivation(
        identities=model.identities,
        observed={name: observed_figures(model, name, lag)[place] for name, lag in lags.items() if lag},
        whole=frozenset(name for name in model.derived if _comes_in_whole_numbers(model, name)),
        first_year=model.last_year + 1,
    )


def check_identities(model: GrowthModel) -> None:
    """Refuse identities that cannot be computed from what the model holds, naming what is in the way."""
    for identity in model.identities:
        if identity.indicator in model:
            raise ModelError(
                f"{identity.indicator!r} is fitted, and defined by the identity {str(identity)!r}.",
                "A quantity is fitted or derived: leave one of the two out.",
            )
    _check_names(model, model.identities, {*model.names, *model.derived})
    for identity in model.identities:
        if not needed(model.identities, [identity.indicator]).intersection(model.names):
            raise ModelError(
                f"The identity {str(identity)!r} rests on no fitted indicator.",
                "Compute it from at least one.",
            )
        _check_batch(model, identity)
        for name, lag in identity.formula.lags.items():
            if (year := _first_unknown(model, name, lag)) is not None:
                raise HistoryError(
                    f"The identity {str(identity)!r} reads {name!r} in {year}, of which the history holds "
                    "no figure.",
                    "Give that figure, or a shorter lag.",
                )


def without_parts(model: GrowthModel, identities: Iterable[Identity]) -> dict[str, str]:
    """Say which identities cannot be computed because a part or an early figure is not there, and why.

    Raises
    ------
    PlanError
        Two of them define one indicator, or some need each other within a year.
    UnknownNameError
        One reads a name that nobody knows.
    """
    ordered = in_order(identities)
    derived = {identity.indicator for identity in ordered}
    _check_names(model, ordered, {*model.names, *model.absent, *derived})
    reasons: dict[str, str] = {}
    while found := {
        identity.indicator: reason
        for identity in ordered
        if identity.indicator not in reasons
        and (reason := _in_the_way(model, identity, {**model.absent, **reasons}))
    }:
        reasons |= found
    return reasons


def _in_the_way(model: GrowthModel, identity: Identity, absent: Mapping[str, str]) -> str:
    """Say which part is absent, or which early figure; empty if all is there."""
    for name, lag in identity.formula.lags.items():
        if name in absent and name != identity.indicator:
            return f"it is computed from {name!r}: {absent[name]}"
        if (year := _first_unknown(model, name, lag)) is not None:
            return f"it reads {name!r} in {year}, of which the history holds no figure"
    return ""


def _check_names(model: GrowthModel, identities: Iterable[Identity], known: set[str]) -> None:
    for identity in identities:
        for name in identity.parts:
            if name not in known:
                reason = f": {model.absent[name]}" if name in model.absent else ""
                raise UnknownNameError(
                    f"The identity {str(identity)!r} reads {name!r}, which is not in the model{reason}.",
                    nearest(name, known),
                )


def _check_batch(model: GrowthModel, identity: Identity) -> None:
    own = model.batch(identity.indicator)
    for name in identity.parts:
        other = model.batch(name)
        if list(own) != list(other) or not all(own[dim].equals(other[dim]) for dim in own):
            raise ModelError(
                f"{identity.indicator!r} lies on ({', '.join(own)}), {name!r} on ({', '.join(other)}), "
                f"or their members differ; the identity {str(identity)!r} reads one for the other.",
                "Give both the same dimensions and members.",
            )


def _comes_in_whole_numbers(model: GrowthModel, name: str) -> bool:
    """Whether the history calls it a count, and holds nothing that would contradict."""
    if name not in model.history or model.history[name].attrs.get(labels.KIND) != COUNT:
        return False
    values = np.asarray(model.history[name].to_numpy(), float)
    known = values[np.isfinite(values)]
    return bool((known == np.round(known)).all())


def _first_unknown(model: GrowthModel, name: str, lag: int) -> int | None:
    """First of the last ``lag`` years of which no member has a figure; None if there is none."""
    empty = ~np.isfinite(observed_figures(model, name, lag)).any(axis=0)
    return int(model.last_year - lag + 1 + np.argmax(empty)) if empty.any() else None


def observed_figures(model: GrowthModel, name: str, count: int) -> Array:
    """Return figures of the last years up to the model's last one, ``(member, year)``; NaN where none is."""
    years = model.last_year + np.arange(1 - count, 1)
    batch = model.batch(name)
    found = np.full((model.members(name), count), np.nan)
    if name in model.history and labels.YEAR in model.history[name].dims:
        table = model.history[name].reindex({labels.YEAR: years}).transpose(*batch, labels.YEAR)
        found = np.asarray(table.to_numpy(), float).reshape(found.shape)
    if name in model:
        last = model[name].last_years()[:, None] == years
        own = np.broadcast_to(np.reshape(model[name].last_value, (-1, 1)), found.shape)
        found = np.where(last & np.isnan(found), own, found)
    return found
