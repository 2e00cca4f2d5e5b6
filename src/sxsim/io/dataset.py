"""Observations as labelled data: one variable per indicator over consecutive years."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from sxsim import labels
from sxsim.errors import HistoryError
from sxsim.io.history_file import Figure, checked
from sxsim.plan import Attribute, Indicator, Noise, Observation, Reading, reading_to_attributes


def to_dataset(
    observations: Iterable[Observation], indicators: Sequence[Indicator], *, derived: Collection[str] = ()
) -> xr.Dataset:
    """Arrange observed figures as the Dataset a model is fitted to.

    Parameters
    ----------
    observations
        The figures, each indicator and year once.
    indicators
        What the figures mean; the variables come in this order, and only where there are figures.
    derived
        Names of indicators that come even without a figure, for the sake of their attributes.

    Returns
    -------
    xarray.Dataset
        One float variable per indicator with dimension `year` (every year from the first to the last figure),
        NaN where there is none; kind, units, source and the like as attributes.

    Raises
    ------
    HistoryError
        If there are no figures, one stands twice, or one is impossible for its indicator.

    Examples
    --------
    >>> from sxsim.plan import Kind
    >>> rd = Indicator(id="rd", label="R&D intensity", kind=Kind.SHARE, units="% of GDP")
    >>> figures = ((2010, 0.98), (2012, 1.09))
    >>> rows = [Observation(indicator="rd", year=y, value=v, source="yearbook") for y, v in figures]
    >>> to_dataset(rows, [rd])["rd"].values
    array([0.98,  nan, 1.09])
    """
    figures = checked((Figure("observation", one) for one in observations), indicators)
    if not figures:
        raise HistoryError("There are no observed figures.", "Give at least one.")
    years = np.arange(min(one.year for one in figures), max(one.year for one in figures) + 1)
    variables = {}
    for indicator in indicators:
        mine = sorted((one for one in figures if one.indicator == indicator.id), key=lambda one: one.year)
        if mine or indicator.id in derived:
            values = np.full(years.size, np.nan)
            values[[one.year - years[0] for one in mine]] = [one.value for one in mine]
            variables[indicator.id] = (labels.YEAR, values, _attributes(indicator, mine))
    return xr.Dataset(variables, coords={labels.YEAR: years})


def condense_sources(observations: Iterable[Observation]) -> str:
    """One line that says which years come from which source.

    Examples
    --------
    >>> rows = [(1998, "A"), (1999, "A"), (2001, "A"), (2010, "B")]
    >>> condense_sources(Observation(indicator="x", year=y, value=1, source=s) for y, s in rows)
    '1998-1999, 2001: A; 2010: B'
    """
    by_source: dict[str, list[int]] = {}
    for one in sorted(observations, key=lambda one: one.year):
        by_source.setdefault(one.source or "not stated", []).append(one.year)
    return "; ".join(f"{_spans(years)}: {source}" for source, years in by_source.items())


def _spans(years: Sequence[int]) -> str:
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], year]
        else:
            spans.append([year])
    return ", ".join("-".join(map(str, span)) for span in spans)


def _attributes(indicator: Indicator, observations: Sequence[Observation]) -> dict[str, Attribute]:
    bridge = indicator.bridge
    optional: dict[str, Attribute | None] = {
        labels.LOWER: indicator.lower,
        labels.UPPER: indicator.upper,
        labels.BRIDGE_FROM: bridge.source if bridge else None,
        labels.BRIDGE_SD: bridge.drift_sd if bridge else None,
        labels.ASSUMPTION: bridge.assumption if bridge else None,
        labels.DEFINITION: indicator.definition or None,
        labels.BREAKS: "; ".join(indicator.breaks) or None,
    }
    return (
        {
            labels.UNITS: indicator.units,
            labels.LONG_NAME: indicator.label,
            labels.LONG_NAME_ZH: indicator.label_zh,
            labels.SOURCE: condense_sources(observations),
            labels.KIND: indicator.kind.value,
            labels.ROLE: indicator.role.value,
        }
        | {key: value for key, value in optional.items() if value is not None}
        | _read(indicator, observations)
    )


def _read(indicator: Indicator, observations: Sequence[Observation]) -> dict[str, Attribute]:
    """Attributes of the indicator's reading, with the standard errors that stand beside its figures."""
    reading = indicator.reading or Reading()
    errors = tuple(Noise(absolute=one.sd, years=(one.year,)) for one in observations if one.sd)
    years = [one.year for one in observations]
    return reading_to_attributes(replace(reading, noise=(*reading.noise, *errors)), years)
