from __future__ import annotations

import pytest

from sxsim.errors import PlanError
from sxsim.plan import StockFlow


def test_refuses_years_out_of_order():
    with pytest.raises(
        PlanError, match=r"stock_flow S5: first_year = 2020 lies after last_year = 2014\. Give the first"
    ):
        StockFlow(stock="S5", flow="S4", first_year=2020, last_year=2014)
    with pytest.raises(PlanError, match=r"stock_flow S5: first_year = 14 is not a calendar year"):
        StockFlow(stock="S5", flow="S4", first_year=14, last_year=2020)
