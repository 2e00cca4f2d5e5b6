"""Numbers as people should read them: no false certainty, no false digits."""

from __future__ import annotations

import math

NOTHING = "-"
_LARGEST_PLAIN = 1e12


def percent(probability: float, *, error: float = 0.0, sign: str = " %", settled: bool = False) -> str:
    """Write a probability in percent, with one decimal or, where its error is large, none.

    Neither a model nor a sample is ever certain: what would round to 0 or 100 percent is written as a bound,
    at three errors or one unit of the last digit, whichever is more.

    Parameters
    ----------
    probability
        Between 0 and 1; NaN where there is none.
    error
        Numerical standard error, a fraction.
    sign
        What follows the number.
    settled
        Whether it is a fact and not a chance, so that 0 and 100 percent may be said.

    Examples
    --------
    >>> percent(0.1724), percent(0.0), percent(0.99999), percent(1.0, settled=True), percent(0.0, error=0.002)
    ('17.2 %', '< 0.1 %', '> 99.9 %', '100 %', '< 0.6 %')
    """
    if not math.isfinite(probability):
        return NOTHING
    if settled and probability in (0.0, 1.0):
        return f"{probability:.0%}".removesuffix("%") + sign
    digits = 0 if error >= 0.005 else 1
    unit = 10.0 ** (-digits - 2)
    edge = max(unit, math.ceil(3 * error / unit - 1e-9) * unit)
    if probability < unit:
        return f"< {100 * edge:.{digits}f}{sign}"
    if probability > 1 - unit:
        return f"> {100 * (1 - edge):.{digits}f}{sign}"
    return f"{100 * probability:.{digits}f}{sign}"


def share(part: float, whole: float, *, sign: str = " %") -> str:
    """Write one part of an uncertainty as a share of the whole.

    Examples
    --------
    >>> share(0.11, 0.14), share(0.0, 0.0)
    ('79 %', '-')
    """
    if not (math.isfinite(part) and whole > 0):
        return NOTHING
    return f"{100 * part / whole:.0f}{sign}"


def growth(rate: float, *, sign: str = " %") -> str:
    """Write a yearly growth in percent.

    Examples
    --------
    >>> growth(0.1093), growth(-0.02)
    ('+10.9 %', '-2.0 %')
    """
    return f"{100 * rate:+.1f}{sign}" if math.isfinite(rate) else NOTHING


def error_text(error: float, *, none: str, sign: str = " %") -> str:
    """Write the numerical error of a probability; a closed form has none.

    Examples
    --------
    >>> error_text(0.00158, none="none"), error_text(7e-7, none="none"), error_text(0.0, none="none")
    ('0.16 %', '< 0.001 %', 'none')
    """
    if not math.isfinite(error):
        return NOTHING
    if error == 0.0:
        return none
    return f"< 0.001{sign}" if error < 1e-5 else f"{significant(100 * error, 2)}{sign}"


def significant(value: float, digits: int = 4) -> str:
    """Write a computed value with its significant digits and thousands separators.

    Examples
    --------
    >>> significant(1.7301), significant(16793.6), significant(0.43800586), significant(7.1e15)
    ('1.730', '16,790', '0.4380', '7.100e+15')
    """
    if not math.isfinite(value):
        return NOTHING
    if value == 0.0:
        return "0"
    if abs(value) >= _LARGEST_PLAIN or abs(value) < 1e-6:
        return f"{value:.{digits - 1}e}"
    rounded = float(f"{value:.{digits - 1}e}")
    decimals = digits - 1 - math.floor(math.log10(abs(rounded)))
    return f"{rounded:,.{max(decimals, 0)}f}"


def published(value: float) -> str:
    """Write a published figure with all its digits.

    Examples
    --------
    >>> published(16471.0), published(1.2), published(math.nan)
    ('16,471', '1.2', '-')
    """
    return f"{value:,.10g}" if math.isfinite(value) else NOTHING


def with_unit(number: str, unit: str, *, sign: str = " %") -> str:
    """Put a unit behind a number; percent as this language writes it.

    Examples
    --------
    >>> with_unit("2.5", "% of GDP"), with_unit("265", "100 million CNY"), with_unit("265", "亿元")
    ('2.5 % of GDP', '265 x 100 million CNY', '265亿元')
    """
    if not unit:
        return number
    if unit.startswith("%"):
        return f"{number}{sign}{unit[1:]}"
    if unit[0].isdigit():
        return f"{number} x {unit}"
    return f"{number} {unit}" if unit.isascii() else f"{number}{unit}"
