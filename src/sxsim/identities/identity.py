"""A quantity that is computed from others instead of being fitted."""

from __future__ import annotations

from dataclasses import dataclass, field

from sxsim.errors import PlanError
from sxsim.identities.expression import Expression
from sxsim.identities.terms import Figure


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """An indicator that equals an arithmetic expression over others in every year and draw.

    A ratio of two fitted amounts, a stock and its flows, a whole and its parts, a share that is set aside.
    What the indicator is called, its units and kind are attributes of the indicator, as for any other; of a
    count the whole part is taken. Nothing else is: a stock may fall below zero if the expression says so.

    Parameters
    ----------
    indicator
        Name of the indicator.
    expression
        See the manual's page on identities: ``100 * rd_expenditure / gdp``, or ``firms[-1] + certified``.
    note
        Where it comes from.
    assumption
        What has to be assumed for it to hold, where it is no matter of definition.

    Raises
    ------
    PlanError
        The expression holds anything but arithmetic, or no indicator.

    Examples
    --------
    >>> import sxsim as sx
    >>> import numpy as np
    >>> import xarray as xr
    >>> years, growth = np.arange(2003, 2013), np.arange(10.0)
    >>> columns = {"rd": 2.0 * 1.15**growth, "gdp": 300.0 * 1.1**growth}
    >>> history = xr.Dataset({name: ("year", values) for name, values in columns.items()}, {"year": years})
    >>> intensity = sx.Identity(indicator="rd_intensity", expression="100 * rd / gdp")
    >>> model = sx.fit(history, identities=[intensity])
    >>> model.names, model.derived
    (('gdp', 'rd'), ('rd_intensity',))
    """

    indicator: str
    expression: str
    note: str = ""
    assumption: str = ""
    formula: Expression = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (isinstance(self.indicator, str) and self.indicator):
            raise PlanError(
                f"An identity has indicator={self.indicator!r}.", "Name the indicator it defines."
            )
        try:
            formula = Expression(text=self.expression)
        except PlanError as error:
            raise PlanError(f"identity {self.indicator}: {error.text}", error.hint) from error
        if not formula.names:
            raise PlanError(
                f"identity {self.indicator}: The expression {formula.text!r} names no indicator.",
                "Compute it from at least one.",
            )
        object.__setattr__(self, "formula", formula)
        object.__setattr__(self, "expression", formula.text)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Figures it reads, each once."""
        return self.formula.figures

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the other indicators it reads."""
        return tuple(name for name in self.formula.names if name != self.indicator)

    def __str__(self) -> str:
        return f"{self.indicator} = {self.expression}"
