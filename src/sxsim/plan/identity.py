"""Identities between rows of a plan."""

from __future__ import annotations

from dataclasses import dataclass

from sxsim.plan.checks import check_order


@dataclass(frozen=True, kw_only=True, slots=True)
class StockFlow:
    """Stock at the end of `last_year` = stock before `first_year` + yearly flows - losses.

    Parameters
    ----------
    stock, flow
        Ids of the targets for the stock and for the yearly flow that feeds it.
    first_year, last_year
        First and last year of the flow.
    note
        What is known about losses.

    Raises
    ------
    PlanError
        If the years are out of order.

    Examples
    --------
    >>> StockFlow(stock="S5", flow="S4", first_year=2014, last_year=2020).flow
    'S4'
    """

    stock: str
    flow: str
    first_year: int
    last_year: int
    note: str = ""

    def __post_init__(self) -> None:
        owner = f"stock_flow {self.stock}"
        check_order(owner, ("first_year", self.first_year), ("last_year", self.last_year))
