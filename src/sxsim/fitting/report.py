"""What a fit used, and what to distrust: as text, as a Dataset, as a table in a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
import xarray as xr

from sxsim.processes import CellPosterior, Evidence, Grown, GrowthModel, RandomWalkPosterior, Rung
from sxsim.processes.marginal import MixtureMarginal


@dataclass(frozen=True, kw_only=True, slots=True)
class FitReport:
    """One row per indicator without a batch: what it rests on, what was learned, what to distrust.

    Attributes
    ----------
    data
        The numbers, dims ``(indicator,)``; growth and spread per year on the link scale.
    absent
        Variables that were left out, with the reason.

    Examples
    --------
    See :func:`fit_report`.

    >>> FitReport(data=xr.Dataset(), absent={}).absent
    {}
    """

    data: xr.Dataset
    absent: dict[str, str]

    def __str__(self) -> str:
        lines = [_line(self.data.sel(indicator=name)) for name in self.data.get("indicator", [])]
        lines += [f"{name}: left out, {reason}" for name, reason in self.absent.items()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return "<pre>" + escape(str(self)) + "</pre>"


def fit_report(model: GrowthModel) -> FitReport:
    """Explain a fit: what each indicator rests on and what to distrust.

    Parameters
    ----------
    model
        From :func:`sxsim.fit`; hand-made indicators are listed as such.

    Returns
    -------
    FitReport
        ``print`` it, read ``.data``, or let a notebook show it.

    Examples
    --------
    >>> from sxsim.fitting.fit import fit
    >>> series = xr.DataArray([1.0, 1.1, 1.25], dims="year", coords={"year": [2010, 2011, 2012]})
    >>> print(fit_report(fit(xr.Dataset({"y": series}))))  # doctest: +ELLIPSIS
    y: 3 figures 2010-2012, growth ...
    """
    single = [grown for grown in model.indicators if grown.size == 1]
    rows = [_row(grown) for grown in single]
    columns = {key: ("indicator", [row[key] for row in rows]) for key in (rows[0] if rows else ())}
    data = xr.Dataset(columns, coords={"indicator": [grown.name for grown in single]})
    for name in ("growth", "sigma"):
        if name in data:
            data[name].attrs["units"] = "link scale per year"
    return FitReport(data=data, absent=dict(model.absent))


def _row(grown: Grown) -> dict[str, float | int | str]:
    law = MixtureMarginal.of(grown.law.marginal(1))
    evidence = grown.evidence or _given(grown)
    cells = grown.law if isinstance(grown.law, CellPosterior) else None
    return {
        "points": int(evidence.points[0]),
        "first_year": int(evidence.first_year[0]),
        "last_year": int(grown.last_years()[0]),
        "last_value": float(np.ravel(grown.last_value)[0]),
        "growth": float(law.quantiles(0.5)[0, 0]),
        "sigma": _shock(grown, law),
        "dof": float((law.weights * law.dof).sum()),
        "shapes": cells.shape_words(0) if cells else "random walk 100%",
        "effective_cells": float(cells.effective_cells()[0]) if cells else 1.0,
        "own_drift_share": float(evidence.own_drift_share[0]),
        "own_variance_share": float(evidence.own_variance_share[0]),
        "basis": evidence.rungs[0].value,
        "notes": "; ".join(evidence.notes),
    }


def _shock(grown: Grown, law: MixtureMarginal) -> float:
    """Return the scale of a yearly shock; for a mixture half the central 68 % range of the next year."""
    if isinstance(grown.law, RandomWalkPosterior):
        return float(np.sqrt(grown.law.rate[0] / grown.law.shape[0]))
    if isinstance(grown.law, CellPosterior):
        low, high = law.quantiles([0.158655, 0.841345])[:, 0]
        return float(high - low) / 2.0
    return float(law.spread[0, 0])


def _given(grown: Grown) -> Evidence:
    ones = np.ones(1)
    return Evidence(
        points=np.ones(1, int),
        first_year=grown.last_years(),
        rungs=(Rung.GIVEN,),
        own_drift_share=ones,
        own_variance_share=ones,
    )


def _line(row: xr.Dataset) -> str:
    of = {str(name): value.values.item() for name, value in row.variables.items()}
    years = f"{of['first_year']}" if of["points"] == 1 else f"{of['first_year']}-{of['last_year']}"
    text = (
        f"{of['indicator']}: {of['points']} figure{'s' * (of['points'] > 1)} {years}, "
        f"growth {of['growth']:+.1%} a year, yearly shock {of['sigma']:.1%}, own share of the drift "
        f"{of['own_drift_share']:.0%} and of the variance {of['own_variance_share']:.0%}; {of['basis']}"
    )
    return text + (f"; {of['notes']}" if of["notes"] else "")
