"""Arithmetic over indicators, read once from text and never executed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sxsim.errors import PlanError
from sxsim.identities.parse import parse
from sxsim.identities.terms import Array, Figure, Read, Term


@dataclass(frozen=True, kw_only=True, slots=True)
class Expression:
    """An arithmetic expression over the figures of indicators, of this year and of years before.

    Parameters
    ----------
    text
        Numbers, names, ``+ - * / **``, unary minus, parentheses, and ``name[-1]`` for the figure of the year
        before. Signs bind as in mathematics and Python: ``-x ** 2`` is ``-(x ** 2)``. Exponents are numbers.

    Raises
    ------
    PlanError
        The text holds anything else, divides by zero, is nested more than 200 deep or has more than 4,000
        characters.

    Examples
    --------
    >>> firms = Expression(text="firms[-1] + certified - certified[-3]")
    >>> firms.names, firms.lags
    (('firms', 'certified'), {'firms': 1, 'certified': 3})
    >>> figures = {("firms", 1): 290.0, ("certified", 0): 120.0, ("certified", 3): 70.0}
    >>> float(firms.evaluate(lambda name, lag: np.asarray(figures[name, lag])))
    340.0
    """

    text: str
    term: Term = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise PlanError(f"The expression {self.text!r} is not text.", "Put it in quotation marks.")
        object.__setattr__(self, "text", " ".join(self.text.split()))
        object.__setattr__(self, "term", parse(self.text))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Figures it reads, each once, in the order of the text."""
        return tuple(dict.fromkeys(self.term.figures()))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the indicators it reads, each once, in the order of the text."""
        return tuple(dict.fromkeys(figure.name for figure in self.figures))

    @property
    def lags(self) -> dict[str, int]:
        """Largest lag of each name in years; 0 where only the same year is read."""
        return {
            name: max(figure.lag for figure in self.figures if figure.name == name) for name in self.names
        }

    def evaluate(self, read: Read) -> Array:
        """Return the result, draw by draw, from the arrays ``read(name, lag)`` gives.

        NaN where a figure is NaN, a divisor is zero or a power is no real number.
        """
        with np.errstate(all="ignore"):
            return self.term.value(read)

    def __str__(self) -> str:
        return self.text
