"""What a fit used, how well it describes its own history, and what to distrust."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.fitting.doubt import Doubt, Doubts, doubts, residual_words
from sxsim.fitting.history import History, read_history
from sxsim.fitting.member_table import MemberTable, member_table
from sxsim.fitting.report_page import as_html, as_text
from sxsim.fitting.together import pairs_table, together_words
from sxsim.identities import Identity
from sxsim.processes import GrowthModel, Rung

_QUANTILES = (0.0, 0.1, 0.5, 0.9, 1.0)
_SPREAD = ("points", "growth", "sigma", "effective_cells", "own_drift_share", "own_variance_share")
_WHOLE = ("points", "first_year", "last_year")
_LEAST = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class FitReport:
    """What each indicator rests on, what was learned, how its one-step errors look, what to distrust.

    Attributes
    ----------
    data
        Indicators without a batch, dims ``(indicator,)``; growth and spread per year on the link scale.
    absent
        Variables that were left out, with the reason.
    batches
        A summary of each indicator with a batch: how many members stand at which rung and have which doubt,
        and quantiles of the numbers over the members, dims ``(indicator, rung | doubt | quantile)``.
    members
        The numbers of every member by indicator, over the dims of its batch, with the flags ``doubts`` and
        the weight of each kind of growth, ``kind_share``.
    remarks
        What is assumed of all of them.
    pairs
        Correlation of the yearly shocks with its central 80 % and the common years it rests on, dims
        ``(indicator, other)``.

    Examples
    --------
    See :func:`fit_report`.

    >>> FitReport(data=xr.Dataset(), absent={}).absent
    {}
    """

    data: xr.Dataset
    absent: dict[str, str]
    batches: xr.Dataset = field(default_factory=xr.Dataset)
    members: Mapping[str, xr.Dataset] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    pairs: xr.Dataset = field(default_factory=xr.Dataset)

    def __str__(self) -> str:
        return as_text(self.data, self.batches, self.absent, self.remarks)

    def _repr_html_(self) -> str:
        return as_html(self.data, self.batches, self.absent, self.remarks)


def fit_report(model: GrowthModel) -> FitReport:
    """Explain a fit: what each indicator rests on, which kinds of growth carry it, and what to distrust.

    The one-step errors of a history under its own fitted law are checked for a year that stands out, for
    neighbours that are alike, for recent years calmer or wilder than before, and against a bell curve; each
    check says what chance alone does with so few errors. Fewer than five are not judged.

    Parameters
    ----------
    model
        From :func:`sxsim.fit`; hand-made indicators are listed as such.

    Returns
    -------
    FitReport
        ``print`` it, read ``.data``, ``.batches`` and ``.members``, or let a notebook show it;
        :func:`sxsim.render_fit` shows it in Chinese.

    Examples
    --------
    >>> from sxsim.fitting.fit import fit
    >>> series = xr.DataArray([1.0, 1.1, 1.25], dims="year", coords={"year": [2010, 2011, 2012]})
    >>> print(fit_report(fit(xr.Dataset({"y": series}))))  # doctest: +ELLIPSIS
    y: 3 figures 2010-2012, growth ...
    """
    fitted = any(grown.evidence is not None for grown in model.indicators)
    seen = {series.name: series for series in _read_again(model).series} if fitted else {}
    tables = [
        member_table(model, grown, seen.get(grown.name) if grown.evidence else None)
        for grown in model.indicators
    ]
    found = [doubts(table, model.last_year) for table in tables]
    single = [one for one in found if not model.batch(one.table.grown.name)]
    many = [one for one in found if model.batch(one.table.grown.name)]
    return FitReport(
        data=_singles(single),
        absent=dict(model.absent),
        batches=_batches(many),
        members={one.table.grown.name: _members(model, one) for one in many},
        remarks=together_words(model) + _remarks(model, found),
        pairs=pairs_table(model),
    )


def _read_again(model: GrowthModel) -> History:
    apart = (*model.derived, *model.absent)
    return read_history(model.history, until=model.last_year, derived=apart)


def _singles(found: list[Doubts]) -> xr.Dataset:
    rows = [_row(one) for one in found]
    names = dict.fromkeys(key for row in rows for key in row)
    columns = {key: ("indicator", [row.get(key, np.nan) for row in rows]) for key in names}
    data = xr.Dataset(columns, coords={"indicator": [one.table.grown.name for one in found]})
    for name in ("growth", "sigma"):
        if name in data:
            data[name].attrs["units"] = "link scale per year"
    return data


def _row(one: Doubts) -> dict[str, float | int | str]:
    table = one.table
    row: dict[str, float | int | str] = {
        name: int(column[0]) if name in _WHOLE else float(column[0]) for name, column in table.numbers.items()
    }
    return row | {
        "shapes": _kinds(table),
        "basis": table.evidence.rungs[0].value,
        "notes": "; ".join(table.evidence.notes),
        "residuals": residual_words(table.numbers, 0),
        "distrust": "; ".join(one.sentences(0)),
    }


def _kinds(table: MemberTable) -> str:
    """Say which kinds of growth carry at least a twentieth of the weight, the mean over the members."""
    shares = {kind: float(np.nanmean(share)) for kind, share in table.kinds.items() if table.seen.any()}
    return ", ".join(f"{kind} {share:.0%}" for kind, share in shares.items() if share >= _LEAST)


def _batches(found: list[Doubts]) -> xr.Dataset:
    if not found:
        return xr.Dataset()
    columns: dict[str, tuple[tuple[str, ...], list[object]]] = {
        "members": (("indicator",), [one.table.grown.size for one in found]),
        "unseen": (("indicator",), [int((~one.table.seen).sum()) for one in found]),
        "at_rung": (("indicator", "rung"), [_at_rung(one.table) for one in found]),
        "in_doubt": (("indicator", "doubt"), [[int(one.flags[d].sum()) for d in Doubt] for one in found]),
        "shapes": (("indicator",), [_kinds(one.table) for one in found]),
        "notes": (("indicator",), ["; ".join(one.table.evidence.notes) for one in found]),
    }
    for name in _SPREAD:
        values = [np.quantile(one.table.numbers[name][one.table.seen], _QUANTILES) for one in found]
        columns[name] = (("indicator", "quantile"), list(values))
    coords = {
        "indicator": [one.table.grown.name for one in found],
        "rung": [rung.value for rung in Rung],
        "doubt": [doubt.value for doubt in Doubt],
        "quantile": list(_QUANTILES),
    }
    return xr.Dataset(columns, coords=coords)


def _at_rung(table: MemberTable) -> list[int]:
    rungs = np.array([rung.value for rung in table.evidence.rungs])[table.seen]
    return [int((rungs == rung.value).sum()) for rung in Rung]


def _members(model: GrowthModel, one: Doubts) -> xr.Dataset:
    batch = model.batch(one.table.grown.name)
    shape = tuple(coordinate.size for coordinate in batch.values())
    columns: dict[str, tuple[tuple[str, ...], NDArray[np.generic]]] = {
        name: (tuple(batch), column.reshape(shape)) for name, column in one.table.numbers.items()
    }
    flags = np.stack([one.flags[doubt].reshape(shape) for doubt in Doubt])
    kinds = np.stack([share.reshape(shape) for share in one.table.kinds.values()])
    columns |= {"doubts": (("doubt", *batch), flags), "kind_share": (("kind", *batch), kinds)}
    coords = dict(batch) | {"doubt": [doubt.value for doubt in Doubt], "kind": list(one.table.kinds)}
    return xr.Dataset(columns, coords=coords)


def _computed(identity: Identity) -> str:
    assumed = f" (ASSUMPTION: {identity.assumption})" if identity.assumption else ""
    return f"computed, not fitted: {identity}{assumed}"


def _remarks(model: GrowthModel, found: list[Doubts]) -> tuple[str, ...]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in model.names:
        groups.setdefault(tuple(model.batch(name)), []).append(name)
    remarks = [_computed(identity) for identity in model.identities]
    if len(groups) > 1:
        named = " / ".join(
            f"{', '.join(names)} ({', '.join(dims) or 'no batch'})" for dims, names in groups.items()
        )
        remarks.append(f"assumed independent of each other, because their dimensions differ: {named}")
    if any(np.isfinite(one.table.numbers.get("largest_error", np.nan)).any() for one in found):
        remarks.append(
            "a check of the one-step errors is raised by chance in a few of a hundred histories, the one of "
            "neighbours in up to one of ten; a dozen errors show gross departures only"
        )
    return tuple(remarks)
