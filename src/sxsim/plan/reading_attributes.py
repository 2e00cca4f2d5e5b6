"""A reading as attributes of a variable, and back: numbers, lists and text, as files keep them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from sxsim.errors import HistoryError
from sxsim.plan.reading import Break, Noise, Partial, Reading, Release

NOISE_RELATIVE, NOISE_ABSOLUTE, NOISE_VARIABLE = "noise_relative", "noise_absolute", "noise_variable"
BREAK_RELATIVE, BREAK_ABSOLUTE = "break_relative", "break_absolute"
OUTLIER_YEARS = "outlier_years"
PARTIAL = ("partial_year", "partial_value", "partial_share", "partial_spread")
RESTATED, DECIDED_BY = "restated", "decided_by"
_SIZED = (NOISE_RELATIVE, NOISE_ABSOLUTE, BREAK_RELATIVE, BREAK_ABSOLUTE)
_YEARS = "_years"

READING_SIZES = _SIZED
READING_YEARS = (*(key + _YEARS for key in _SIZED), OUTLIER_YEARS)
READING_TEXTS = (NOISE_VARIABLE, RESTATED, DECIDED_BY)
READING_KEYS = (*READING_SIZES, *READING_YEARS, *READING_TEXTS, *PARTIAL)

Attribute = str | int | float | list[int] | list[float]


def reading_to_attributes(reading: Reading, years: Iterable[int] = ()) -> dict[str, Attribute]:
    """Write a reading as attributes of a variable that has these years.

    The years are needed where an error for all of them stands beside others of its kind.

    Examples
    --------
    >>> reading_to_attributes(Reading(breaks=Break(year=2018, relative=0.06), outliers=2020))
    {'break_relative': [0.06], 'break_relative_years': [2018], 'outlier_years': [2020]}
    """
    sized: list[tuple[str, float, int | None]] = []
    out: dict[str, Attribute] = {}
    for one in reading.noise:
        if one.variable is not None:
            out[NOISE_VARIABLE] = one.variable
            continue
        key, size = _size(one, NOISE_RELATIVE, NOISE_ABSOLUTE)
        sized += [(key, size, year) for year in one.years or (None,)]
    sized += [(*_size(one, BREAK_RELATIVE, BREAK_ABSOLUTE), one.year) for one in reading.breaks]
    for key in dict.fromkeys(key for key, _, _ in sized):
        out |= _listed(key, [(size, year) for other, size, year in sized if other == key], years)
    if reading.outliers:
        out[OUTLIER_YEARS] = list(reading.outliers)
    if reading.partial is not None:
        part = reading.partial
        out |= dict(zip(PARTIAL, (part.year, part.value, part.share, part.spread), strict=True))
    if reading.restated is not None:
        out |= {RESTATED: reading.restated, DECIDED_BY: reading.decided_by.value}
    return out


def _listed(key: str, entries: list[tuple[float, int | None]], years: Iterable[int]) -> dict[str, Attribute]:
    """Sizes of one sort as one number for all years, or as a list with its years."""
    if len(entries) == 1 and entries[0][1] is None:
        return {key: entries[0][0]}
    pairs = [(size, one) for size, year in entries for one in (years if year is None else (year,))]
    return {key: [size for size, _ in pairs], key + _YEARS: [year for _, year in pairs]}


def reading_of(name: str, attributes: Mapping[str, object]) -> Reading | None:
    """Read the reading of a variable from its attributes; None where there is nothing to read.

    Raises
    ------
    HistoryError
        A size without years it can belong to, or a value that is not possible.

    Examples
    --------
    >>> reading_of("rd", {"noise_absolute": 0.05, "noise_absolute_years": [1998, 1999]}).noise[0].years
    (1998,)
    """
    if not any(key in attributes for key in READING_KEYS):
        return None
    try:
        return _reading(attributes)
    except HistoryError as error:
        raise HistoryError(f"{name!r}: {error.text}", error.hint) from error


def _reading(attributes: Mapping[str, object]) -> Reading:
    noise = [Noise(relative=size, years=years) for size, years in _sized(attributes, NOISE_RELATIVE)]
    noise += [Noise(absolute=size, years=years) for size, years in _sized(attributes, NOISE_ABSOLUTE)]
    if NOISE_VARIABLE in attributes:
        noise.append(Noise(variable=str(attributes[NOISE_VARIABLE])))
    breaks = [Break(year=y, relative=s) for s, years in _sized(attributes, BREAK_RELATIVE) for y in years]
    breaks += [Break(year=y, absolute=s) for s, years in _sized(attributes, BREAK_ABSOLUTE) for y in years]
    restated = attributes.get(RESTATED)
    return Reading(
        noise=tuple(noise),
        breaks=tuple(breaks),
        outliers=_whole(OUTLIER_YEARS, attributes.get(OUTLIER_YEARS, ())),
        partial=_partial(attributes),
        restated=None if restated is None else str(restated),
        decided_by=_release(attributes.get(DECIDED_BY, Release.FIRST.value)),
    )


def _sized(attributes: Mapping[str, object], key: str) -> list[tuple[float, tuple[int, ...]]]:
    """Sizes with the years they belong to; one size may serve all years."""
    if key not in attributes:
        if key + _YEARS in attributes:
            raise HistoryError(f"{key + _YEARS} stands there without {key}.", f"Add {key} = ...")
        return []
    sizes = _floats(key, attributes[key])
    if key + _YEARS not in attributes:
        if key.startswith("break") or len(sizes) > 1:
            raise HistoryError(f"{key} stands there without {key + _YEARS}.", "Say which years it means.")
        return [(sizes[0], ())]
    years = _whole(key + _YEARS, attributes[key + _YEARS])
    if len(sizes) not in (1, len(years)):
        raise HistoryError(f"{key} holds {len(sizes)} numbers for {len(years)} years.", "Give one for each.")
    return [(size, (year,)) for size, year in zip(np.broadcast_to(sizes, len(years)), years, strict=True)]


def _partial(attributes: Mapping[str, object]) -> Partial | None:
    given = [key for key in PARTIAL if key in attributes]
    if not given:
        return None
    if missing := [key for key in PARTIAL if key not in attributes]:
        raise HistoryError(
            f"{given[0]} stands there without {missing[0]}.", f"{', '.join(PARTIAL)} belong together."
        )
    year, value, share, spread = (_floats(key, attributes[key])[0] for key in PARTIAL)
    return Partial(year=int(year), value=value, share=share, spread=spread)


def _release(text: object) -> Release:
    try:
        return Release(text)
    except ValueError:
        raise HistoryError(f"decided_by = {text!r}.", "Use 'first' or 'restated'.") from None


def _size(one: Noise | Break, relative: str, absolute: str) -> tuple[str, float]:
    return (
        (relative, float(one.relative)) if one.relative is not None else (absolute, float(one.absolute or 0))
    )


def _floats(key: str, value: object) -> list[float]:
    try:
        return [float(one) for one in np.atleast_1d(np.asarray(value, float))]
    except (TypeError, ValueError):
        raise HistoryError(
            f"{key} = {value!r} is not a number.", "Give a number, or a list of them."
        ) from None


def _whole(key: str, value: object) -> tuple[int, ...]:
    years = _floats(key, value)
    if any(year != int(year) for year in years):
        raise HistoryError(f"{key} = {value!r} does not hold whole years.", "Write years in full.")
    return tuple(int(year) for year in years)
