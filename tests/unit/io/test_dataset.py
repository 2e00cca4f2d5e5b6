from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsim.errors import HistoryError
from sxsim.io import to_dataset
from sxsim.plan import Break, Bridge, Indicator, Kind, Noise, Observation, Reading, Role

RD = Indicator(id="rd", label="R&D", label_zh="研发", kind=Kind.SHARE, units="% of GDP")
GDP = Indicator(
    id="gdp", label="GDP", kind=Kind.AMOUNT, role=Role.PROXY, units="yuan", definition="current prices",
    breaks=("2010: new scope", "2015: census"), bridge=Bridge(source="rd", drift_sd=0.1, assumption="close"),
)  # fmt: skip


def seen(indicator, year, value=1.0, source="A"):
    return Observation(indicator=indicator, year=year, value=value, source=source)


def test_years_are_consecutive_and_gaps_are_nan():
    history = to_dataset([seen("rd", 2012, 1.09), seen("gdp", 2009, 5), seen("rd", 2010, 0.98)], [RD, GDP])
    assert history["year"].values.tolist() == [2009, 2010, 2011, 2012]
    assert history["year"].dtype.kind == "i"
    np.testing.assert_array_equal(history["rd"], [np.nan, 0.98, np.nan, 1.09])
    assert {one.dtype for one in history.data_vars.values()} == {np.dtype(float)}


def test_readings_and_standard_errors_become_attributes():
    reading = Reading(noise=Noise(absolute=0.1, years=(2009,)), breaks=Break(year=2011, relative=0.2))
    one = Indicator(id="rd", label="R&D", kind=Kind.AMOUNT, reading=reading)
    figures = [
        Observation(indicator="rd", year=year, value=1.0, source="A", sd=sd)
        for year, sd in ((2009, None), (2010, 0.05), (2011, 0.0))
    ]
    attributes = to_dataset(figures, [one])["rd"].attrs
    assert attributes["noise_absolute"] == [0.1, 0.05]
    assert attributes["noise_absolute_years"] == [2009, 2010]
    assert (attributes["break_relative"], attributes["break_relative_years"]) == ([0.2], [2011])


def test_a_bridge_without_a_spread_leaves_it_to_the_fit():
    one = Indicator(id="rd", label="R&D", kind=Kind.AMOUNT, bridge=Bridge(source="gdp", assumption="close"))
    attributes = to_dataset([seen("rd", 2010)], [one])["rd"].attrs
    assert attributes["bridge_from"] == "gdp"
    assert "bridge_sd" not in attributes


def test_attributes_say_what_the_indicator_is():
    history = to_dataset([seen("rd", 2010), seen("gdp", 2010, source=""), seen("gdp", 2011)], [RD, GDP])
    assert history["rd"].attrs == {
        "units": "% of GDP", "long_name": "R&D", "long_name_zh": "研发", "source": "2010: A", "kind": "share",
        "role": "indicator",
    }  # fmt: skip
    assert history["gdp"].attrs == {
        "units": "yuan", "long_name": "GDP", "long_name_zh": "", "source": "2010: not stated; 2011: A",
        "kind": "amount", "role": "proxy", "bridge_from": "rd", "bridge_sd": 0.1, "assumption": "close",
        "definition": "current prices", "breaks": "2010: new scope; 2015: census",
    }  # fmt: skip


def test_bounds_are_kept_where_given():
    one = Indicator(id="rd", label="R&D", kind=Kind.SHARE, units="%", lower=0.0, upper=50)
    attributes = to_dataset([seen("rd", 2010)], [one])["rd"].attrs
    assert (attributes["lower"], attributes["upper"]) == (0.0, 50)


def test_only_indicators_with_figures_appear_in_their_order():
    assert list(to_dataset([seen("rd", 2010)], [GDP, RD]).data_vars) == ["rd"]


def test_refuses_nothing_and_doubles():
    with pytest.raises(HistoryError, match=r"There are no observed figures\. Give at least one"):
        to_dataset([], [RD])
    with pytest.raises(HistoryError, match=r"observation: rd in 2010 \(value 1\.0\) stands twice"):
        to_dataset([seen("rd", 2010), seen("rd", 2010)], [RD])
    with pytest.raises(
        HistoryError, match=r"observation: 'gpd' .* is not an indicator of the plan\. The plan defines no"
    ):
        to_dataset([seen("gpd", 2010)], [])


@settings(max_examples=30)
@given(st.dictionaries(st.integers(1990, 2030), st.floats(0, 100), min_size=1))
def test_every_figure_is_found_again(figures):
    history = to_dataset([seen("rd", year, value) for year, value in figures.items()], [RD])["rd"]
    assert int(history.notnull().sum()) == len(figures)
    assert all(history.sel(year=year) == value for year, value in figures.items())
