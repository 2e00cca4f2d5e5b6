"""What a scenario adds, in a few words."""

from __future__ import annotations

import math

from sxsim.reporting import numbers
from sxsim.reporting.language import Language

_LEAST = 0.05  # of a percentage point: what rounds to nothing


def effect_text(difference: float, error: float, *, lang: Language = Language.EN) -> str:
    """Write a difference of probabilities in percentage points, such as "adds 12.1 ± 0.2 points".

    As many digits are shown as the error leaves, one decimal at least and three at most; what cannot be told
    from nothing says so, and certainty is never claimed.

    Parameters
    ----------
    difference, error
        From :func:`sxsim.compare`, as fractions; NaN where there is none.
    lang
        Language of the words.

    Examples
    --------
    >>> effect_text(0.121, 0.0021), effect_text(-0.0354, 0.0), effect_text(0.0, 0.00001)
    ('adds 12.1 ± 0.2 points', 'takes away 3.5 points', 'changes less than 0.1 points')
    >>> effect_text(0.121, 0.0021, lang=Language.ZH)
    '提高12.1±0.2个百分点'
    """
    words = lang.words
    if not math.isfinite(difference):
        return numbers.NOTHING
    points, spread = 100.0 * abs(difference), 100.0 * error
    if points + 2.0 * spread < _LEAST:
        return words.no_effect.format(most="0.1")
    if points < 2.0 * spread:
        return words.unsure_effect.format(most=_edge(points + 2.0 * spread))
    digits = min(max(-math.floor(math.log10(spread)), 1), 3) if spread > 0.0 and points < 99.9 else 1
    shown = f"{min(points, 99.9):.{digits}f}"
    if float(f"{spread:.{digits}f}") > 0:
        shown = words.plus_minus.format(value=shown, error=f"{spread:.{digits}f}")
    return (words.adds if difference > 0 else words.takes).format(points=shown)


def _edge(points: float) -> str:
    return f"{min(math.ceil(10.0 * points) / 10.0, 99.9):.1f}"
