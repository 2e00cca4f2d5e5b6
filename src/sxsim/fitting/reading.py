"""How figures are to be read, brought to the link scale: errors, breaks, part of a year, later releases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import HistoryError, UnknownNameError, nearest
from sxsim.links import Carrier, Linear, Odds
from sxsim.plan import READING_KEYS, Break, Reading, Release, reading_to_attributes

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

NO_FIGURE = 10.0  # an error this large on the link scale, a factor of 22 000, leaves no figure
FEWEST_PAIRS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What is known of the errors of one variable, on the link scale.

    Attributes
    ----------
    noise
        Standard error of every figure, ``(member, year)``.
    steps
        Standard deviation of the shift that begins in a year, zero where none does, ``(member, year)``.
    partial
        Level and standard error of the year after the last full figure, where part of it is known.
    release_sd
        Standard deviation of a first release around the level, where targets are judged by it.
    """

    noise: Array
    steps: Array
    partial: tuple[float, float] | None = None
    release_sd: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One variable before its figures are read.

    Attributes
    ----------
    variable
        With its attributes.
    values
        Its figures, ``(member, year)``.
    data
        The whole history, where companions are looked up.
    """

    variable: xr.DataArray
    values: Array
    data: xr.Dataset
    years: Whole = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "years", self.variable[labels.YEAR].to_numpy())

    @property
    def name(self) -> str:
        """Name of the variable."""
        return str(self.variable.name)

    def companion(self, name: str) -> Array:
        """Return another variable of the history in the same arrangement."""
        if name not in self.data:
            raise UnknownNameError(
                f"{self.name!r} is read with {name!r}, which is not in the history.",
                nearest(name, map(str, self.data.data_vars)),
            )
        other = self.data[name]
        if set(other.dims) != set(self.variable.dims):
            raise HistoryError(
                f"{self.name!r} and {name!r} differ in their dimensions.", "Give both the same batch."
            )
        return np.asarray(other.transpose(*self._dims()).to_numpy(), float).reshape(self.values.shape)

    def _dims(self) -> tuple[str, ...]:
        return (*(str(d) for d in self.variable.dims if d != labels.YEAR), labels.YEAR)


def with_readings(data: xr.Dataset, readings: Mapping[str, Reading] | None) -> xr.Dataset:
    """Write readings given by hand into the attributes, so that the history says how it was read."""
    years = data[labels.YEAR].to_numpy().tolist()
    changed = {}
    for name, reading in (readings or {}).items():
        kept = {key: value for key, value in data[name].attrs.items() if key not in READING_KEYS}
        changed[name] = data[name].copy(deep=False)
        changed[name].attrs = kept | reading_to_attributes(reading, years)
    return data.assign(changed)


def check_readings(readings: object, data: xr.Dataset) -> None:
    """Refuse what is not one reading per variable of the history."""
    if readings is None:
        return
    if not isinstance(readings, Mapping) or not all(isinstance(r, Reading) for r in readings.values()):
        raise HistoryError(
            f"reading={readings!r} does not say which variable it is for.",
            "Give one per name: reading={'gdp': sx.Reading(...)}.",
        )
    if unknown := sorted(set(readings) - set(map(str, data.data_vars))):
        raise UnknownNameError(
            f"reading= names {', '.join(map(repr, unknown))}, which the history does not hold.",
            nearest(unknown[0], map(str, data.data_vars)),
        )


def without_outliers(table: Table, reading: Reading) -> tuple[Array, tuple[str, ...]]:
    """Figures without the years named as outliers."""
    chosen = np.isin(table.years, reading.outliers) & np.isfinite(table.values).any(axis=0)
    if not chosen.any():
        return table.values, ()
    text = ", ".join(map(str, table.years[chosen]))
    rest = np.where(chosen, np.nan, table.values)
    if not np.isfinite(rest).any():
        raise HistoryError(f"{table.name!r} has no figure but outliers ({text}).", "Keep at least one.")
    return rest, (f"not used, named as outliers: {text}",)


def with_releases(
    table: Table, values: Array, reading: Reading, carrier: Carrier
) -> tuple[Array, float, tuple[str, ...]]:
    """Put restated figures where there are some; return with them the spread of first releases.

    First releases scatter around restated figures with an unknown standard deviation. With the
    differences ``d`` of ``n`` years and a flat prior of the deviation (Gelman 2006,
    https://doi.org/10.1214/06-BA117A) its posterior scale is ``sqrt(sum d^2 / (n - 1))``.
    """
    if reading.restated is None:
        return values, 0.0, ()
    later = table.companion(reading.restated)
    later = np.where(np.isin(table.years, reading.outliers), np.nan, later)
    if (wrong := (later <= carrier.lower) | (later >= carrier.upper)).any():
        raise HistoryError(
            f"{reading.restated!r} restates {table.name!r} as {later[wrong][0]:g}, outside "
            f"({carrier.lower:g}, {carrier.upper:g}).",
            "Correct the figure.",
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        moved = carrier.forward(later) - carrier.forward(values)
    pairs = moved[np.isfinite(moved)]
    if pairs.size < FEWEST_PAIRS:
        return values, 0.0, (f"restated for {pairs.size} years: too few, first releases stand as they are",)
    spread = posterior_scale(pairs)
    kind = "first releases" if reading.decided_by is Release.FIRST else "restated figures"
    note = (
        f"restated for {pairs.size} years, first releases depart from that by {spread:.2g} on the link "
        f"scale, forecast are {kind}"
    )
    return np.where(np.isfinite(later), later, values), spread, (note,)


def judged_figures(table: Table, reading: Reading, release_sd: float) -> Array | None:
    """Figures past years are judged by, where those are restated ones."""
    if not release_sd or reading.decided_by is Release.FIRST:
        return None
    later = table.companion(str(reading.restated))
    return np.where(np.isfinite(later), later, table.values)


def posterior_scale(differences: Array) -> float:
    """Scale of differences around zero under a flat prior of their standard deviation."""
    return float(np.sqrt((differences**2).sum() / (len(differences) - 1)))


def measured(
    table: Table, values: Array, reading: Reading, carrier: Carrier, *, release_sd: float, until: int | None
) -> tuple[Measured | None, tuple[str, ...]]:
    """Errors and breaks on the link scale; None where every figure is exact."""
    noise, notes = _noise(table, values, reading, carrier)
    if release_sd > 0:
        later = np.isfinite(table.companion(str(reading.restated)))
        noise = np.hypot(noise, np.where(later, 0.0, release_sd))
    steps, told = _steps(table, values, reading.breaks, carrier)
    partial, said = _partial(table, values, reading, carrier, until)
    notes += told + said
    future = release_sd if reading.decided_by is Release.FIRST else 0.0
    if not (noise.any() or steps.any() or partial or future):
        return None, notes
    return Measured(noise=noise, steps=steps, partial=partial, release_sd=future), notes


def clear_figures(name: str, values: Array, errors: Measured) -> Array:
    """Figures without those whose error leaves nothing of them."""
    clear = np.where(errors.noise < NO_FIGURE, values, np.nan)
    if not np.isfinite(clear).any():
        raise HistoryError(
            f"{name!r} has no figure whose error is below {NO_FIGURE:g} on the link scale.",
            "Are the errors relative where they should be absolute?",
        )
    return clear


def slope(carrier: Carrier, values: Array) -> Array:
    """Change of the link scale per unit of the published value."""
    match carrier:
        case Odds(lower=lower, upper=upper):
            return np.asarray(1.0 / (values - lower) + 1.0 / (upper - values))
        case Linear(scale=scale):
            return np.full_like(values, 1.0 / scale)
    return np.asarray(1.0 / values)


def _noise(table: Table, values: Array, reading: Reading, carrier: Carrier) -> tuple[Array, tuple[str, ...]]:
    total = np.zeros_like(values)
    for one in reading.noise:
        if one.variable is None:
            size = _absolute(table.name, values, carrier, one.relative, one.absolute)
        else:
            size = np.nan_to_num(table.companion(one.variable), nan=0.0)
            if (size < 0).any():
                raise HistoryError(
                    f"{one.variable!r} holds the standard error {size.min():g}.",
                    "Give numbers from zero on, NaN for none.",
                )
        years = np.isin(table.years, one.years) if one.years else np.ones(len(table.years), bool)
        total = np.hypot(total, np.where(years, size, 0.0))
    noise = np.nan_to_num(total * slope(carrier, values), nan=0.0)
    if not noise.any():
        return noise, ()
    years = table.years[noise.any(axis=0)]
    low, high = f"{noise[noise > 0].min():.2g}", f"{noise.max():.2g}"
    sizes = low if low == high else f"{low} to {high}"
    return noise, (f"known errors of figures {_span(years)}: {sizes} on the link scale",)


def _span(years: Whole) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"


def _absolute(
    name: str, values: Array, carrier: Carrier, relative: float | None, absolute: float | None
) -> Array:
    """Bring a size to published units."""
    if relative is None:
        return np.full_like(values, absolute or 0.0)
    if isinstance(carrier, Linear):
        raise HistoryError(
            f"{name!r} is a balance and has no relative size such as {relative:g}.", "Give absolute=."
        )
    return np.asarray(relative * np.abs(values))


def _steps(
    table: Table, values: Array, breaks: Iterable[Break], carrier: Carrier
) -> tuple[Array, tuple[str, ...]]:
    """Spread of every break on the link scale, taken at the first figure of the new definition."""
    steps = np.zeros_like(values)
    notes = []
    for one in breaks:
        if not table.years[0] < one.year <= table.years[-1]:
            notes.append(f"the break of {one.year} lies outside the figures and is not used")
            continue
        column = int(np.flatnonzero(table.years == one.year)[0])
        figure = _nearest_figure(values, column)
        size = _absolute(table.name, figure, carrier, one.relative, one.absolute) * slope(carrier, figure)
        size = np.nan_to_num(size, nan=0.0, posinf=np.inf)
        seen = np.isfinite(values)
        if np.isinf(size).any() and (seen.any(axis=1) & ~seen[:, column:].any(axis=1)).any():
            raise HistoryError(
                f"{table.name!r}: the break of {one.year} lies after the last figure; its size is unknown.",
                "Give its spread, or leave the break out.",
            )
        steps[:, column] = size
        notes.append(
            f"ASSUMPTION: the definition changes in {one.year} by an unknown shift, spread "
            f"{size.max():.2g} on the link scale, forecasts go on in the new one"
        )
    return steps, tuple(notes)


def _nearest_figure(values: Array, column: int) -> Array:
    """First figure from a column on, else the last one before it, ``(member,)``."""
    out = np.full(len(values), np.nan)
    for member, row in enumerate(values):
        seen = np.flatnonzero(np.isfinite(row))
        if seen.size:
            out[member] = row[seen[min(int(np.searchsorted(seen, column)), seen.size - 1)]]
    return out


def _partial(
    table: Table, values: Array, reading: Reading, carrier: Carrier, until: int | None
) -> tuple[tuple[float, float] | None, tuple[str, ...]]:
    part = reading.partial
    if part is None:
        return None, ()
    if until is not None and part.year > until + 1:
        return None, (f"the part of {part.year} lies more than a year after {until} and is not used",)
    if isinstance(carrier, Linear | Odds):
        raise HistoryError(
            f"{table.name!r} is not an amount that adds up over a year, so part of {part.year} says nothing.",
            "Give the figure you expect for the year with noise= instead.",
        )
    if len(values) > 1:
        raise HistoryError(
            f"{table.name!r} has a batch; one part of {part.year} cannot be for all of it.",
            "Put value / share into the year, with its noise in a variable of role 'noise'.",
        )
    last = int(table.years[np.isfinite(values[0])].max())
    if part.year != last + 1:
        raise HistoryError(
            f"{table.name!r}: part of {part.year} is known, but its last full figure is for {last}.",
            f"Give the part of {last + 1}, or leave it out.",
        )
    note = (
        f"ASSUMPTION: {part.value:g} in part of {part.year}, usually {part.share:.0%} of the year "
        f"(spread {part.spread:.2g}), is read as {part.whole:.4g}"
    )
    return (float(np.log(part.whole)), part.spread), (note,)
