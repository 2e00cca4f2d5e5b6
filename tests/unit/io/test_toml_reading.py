from __future__ import annotations

import pytest

from sxsim.errors import PlanError
from sxsim.io import read_plan
from sxsim.plan import Break, Partial, Release

READ = """
[[indicator]]
id = "grid_losses"
label = "Grid losses"
kind = "amount"
noise_relative = 0.02
noise_absolute = [0.4, 0.3]
noise_absolute_years = [2009, 2010]
break_relative = 0.06
break_relative_years = [2012]
outlier_years = [2011]
restated = "grid_losses_restated"
decided_by = "restated"
partial_year = 2014
partial_value = 7.5
partial_share = 0.75
partial_spread = 0.02
"""


def test_what_is_known_about_figures_is_read(edited):
    figures = "".join(
        f'\n[[observation]]\nindicator = "grid_losses"\nyear = {year}\nvalue = 9.5\nsd = 0.1\nsource = "x"\n'
        for year in (2012, 2013)
    )
    companion = READ.split("noise_relative")[0].replace("grid_losses", "grid_losses_restated")
    plan = read_plan(edited(add=READ + companion + 'role = "vintage"\n' + figures))
    reading = plan.indicator("grid_losses").reading
    assert reading.breaks == (Break(year=2012, relative=0.06),)
    assert reading.partial == Partial(year=2014, value=7.5, share=0.75, spread=0.02)
    assert (reading.restated, reading.decided_by) == ("grid_losses_restated", Release.RESTATED)
    attributes = plan.history["grid_losses"].attrs
    assert attributes["noise_absolute"] == [0.4, 0.3, 0.1, 0.1]
    assert attributes["noise_absolute_years"] == [2009, 2010, 2012, 2013]
    assert attributes["outlier_years"] == [2011]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "noise_relative = -0.1",
            r"\[\[indicator\]\] grid_losses: noise: relative = -0\.1 is not a standard",
        ),
        ('noise_relative = "2 %"', r"\[\[indicator\]\] grid_losses: noise_relative = '2 %' is not a number"),
        ("noise_relative = 0.1\nnoise_relative_years = 2012", r"noise_relative_years = 2012 is not a list"),
        ("break_absolute = 2.0", r"grid_losses: break_absolute stands there without break_absolute_years"),
        ('decided_by = "restated"', r"grid_losses: decided_by=Release\.RESTATED, but no restated figures"),
    ],
)
def test_refuses_readings_that_cannot_be_meant(edited, line, message):
    table = READ.split("noise_relative")[0] + line + "\n"
    with pytest.raises(PlanError, match=message):
        read_plan(edited(add=table))
