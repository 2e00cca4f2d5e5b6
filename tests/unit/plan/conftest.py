from __future__ import annotations

import pytest

from sxsim.plan import Base, Condition, Indicator, Kind, Number, Observation, Plan, Relation, Target, Unit


@pytest.fixture
def make_target():
    """A target for `firms` or another indicator, with a level in one year."""

    def make(name="T1", *, value=1000.0, year=2020, indicator="firms", relation=Relation.AT_LEAST, **values):
        condition = Condition(
            indicator=indicator, relation=relation, level=Number(value=value), years=(year,)
        )
        base = values.pop("base", None)
        return Target(
            id=name,
            label=name,
            condition=values.pop("condition", condition),
            base=Base(value=base[0], year=base[1]) if base else None,
            **values,
        )

    return make


@pytest.fixture
def make_plan():
    """A plan of two indicators, 2014-2020, that knows no figures unless they are given."""

    def make(*targets, figures=(), **values):
        indicators = (
            Indicator(
                id="firms", label="Firms", kind=Kind.STOCK, definition="counted at the end of the year"
            ),
            Indicator(id="rd", label="R&D", kind=Kind.SHARE, units="%", definition="spending over GDP"),
        )
        observations = tuple(
            Observation(indicator=name, year=year, value=value, source="yearbook")
            for name, year, value in figures
        )
        return Plan(
            **{
                "id": "demo", "title": "Demo", "start": 2014, "end": 2020, "base_year": 2012,
                "fit_until": 2012, "indicators": indicators, "targets": targets, "observations": observations,
                "units": (Unit(id="science", label="Science"),),
            }
            | values
        )  # fmt: skip

    return make
