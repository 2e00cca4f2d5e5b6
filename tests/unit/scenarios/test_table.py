from __future__ import annotations

import numpy as np
import xarray as xr

from sxsim.io import open_result, save
from sxsim.plan import TREND, Effect, EffectUnit, Elicited, Lever, Pull, Scenario, Transmission
from sxsim.scenarios import assumptions_in, scenario_table


def push():
    range_ = Elicited.read("1 to 3, most likely 2")
    more = Effect(indicator="rd", size=range_, unit=EffectUnit.GROWTH, origin='council; "2013"\n研发')
    pulls = (Pull(lever=Lever(id=name, label=name, effects=(more,)), start=2014) for name in ("L1", "L2"))
    link = Transmission(source="rd", target="patents", elasticity=0.3, lag=2, origin="grants")
    return Scenario(
        id="push", label="Push", label_zh="发力", story="More.", extends="trend", changes=(*pulls, link)
    )


def test_a_table_gives_back_every_assumption_also_from_a_file(tmp_path):
    told = (TREND, push())
    table = scenario_table(told)
    save(xr.DataTree(table), tmp_path / "told.nc")
    for found in (table, open_result(tmp_path / "told.nc").to_dataset()):
        assert [assumptions_in(found, one.id) for one in told] == [one.assumptions() for one in told]
        row = found.sel(scenario="push")
        assert [str(row[name].item()) for name in ("label", "label_zh", "story", "extends")] == [
            "Push",
            "发力",
            "More.",
            "trend",
        ]
        assert found["sentence"].values.tolist() == [str(one) for one in push().assumptions()]
        assert all(np.asarray(column).dtype.kind in "UTO" for column in found.variables.values())


def test_scenarios_that_assume_nothing_have_an_empty_table(tmp_path):
    table = scenario_table((TREND,))
    assert table.sizes == {"scenario": 1, "assumption": 0}
    save(xr.DataTree(table), tmp_path / "told.nc")
    assert assumptions_in(open_result(tmp_path / "told.nc").to_dataset(), "trend") == ()
