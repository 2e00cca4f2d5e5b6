from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

import sxsim as sx
from sxsim.analysis import FirstOrder, Pawn, experiment_table, input_importance
from sxsim.errors import MissingExtraError, RequestError, UnknownNameError

pytest.importorskip("SALib")

DRAWS = 4000


def sample(draws=DRAWS, **columns):
    """A table of independent normal inputs a, b, c and outcomes made of them."""
    inputs = dict(zip("abc", np.random.default_rng(0).standard_normal((3, draws)), strict=True))
    outcomes = {name: make(inputs) for name, make in columns.items()}
    table = pd.DataFrame({"scenario": "trend", "draw": np.arange(draws), **inputs, **outcomes})
    table.attrs = {"inputs": list("abc"), "hits": list(outcomes), "values": []}
    return table


def test_first_order_indices_of_a_sum_are_the_shares_of_its_variance():
    table = sample(total=lambda x: 3.0 * x["a"] + 2.0 * x["b"] + x["c"])
    found = input_importance(table, measure=FirstOrder())
    # The index of one normal input estimated from n draws has an error of at most 2 / sqrt(n).
    np.testing.assert_allclose(
        found.importance.squeeze(), np.array([9.0, 4.0, 1.0]) / 14.0, atol=4 * 2 / np.sqrt(DRAWS)
    )
    assert abs(float(found.floor.squeeze())) < 0.05
    assert "most" not in found


def test_pawn_of_a_hit_is_how_far_its_probability_moves():
    table = sample(hit=lambda x: (x["a"] > 0).astype(float))
    found = input_importance(table, measure=Pawn(slices=10)).squeeze()
    # In every slice of the one that decides, the probability is 0 or 1 instead of one half.
    assert found.importance.sel(input="a").item() == pytest.approx(0.5, abs=0.03)
    assert found.most.sel(input="a").item() == pytest.approx(0.5, abs=0.03)
    assert (found.importance.sel(input=["b", "c"]) < 2.0 * found.floor).all()


def test_scenarios_stand_apart_and_what_never_varies_has_no_importance():
    table = sample(hit=lambda x: (x["a"] > 0).astype(float), never=lambda x: 0.0 * x["a"])
    other = table.assign(scenario="other", a=1.0)
    both = pd.concat([table, other], ignore_index=True)
    both.attrs = table.attrs
    found = input_importance(both)
    assert found.scenario.values.tolist() == ["trend", "other"]
    assert np.isnan(found.importance.sel(outcome="never")).all()
    assert np.isnan(found.floor.sel(outcome="never")).all()
    assert np.isnan(found.importance.sel(scenario="other", input="a", outcome="hit"))


def test_what_decides_a_target_of_a_model(hand, aim):
    model = hand("y", "z", correlation=np.array([[1.0, 0.3], [0.3, 1.0]]))
    table = experiment_table(model, aim("T1"), draws=DRAWS, rng=0)
    found = input_importance(table, outcomes=["hit_T1", "value_y"]).squeeze()
    assert found.input.values.tolist() == ["cell_y", "sigma_y", "drift_y", "shocks_y"]
    assert np.isfinite(found.importance).sum() == 2  # nothing but the shocks varies
    assert found.attrs == {"measure": "Pawn(slices=10)", "draws": DRAWS}


def test_the_same_seed_gives_the_same_floor():
    table = sample(hit=lambda x: (x["a"] > 0).astype(float))
    one, same, other = (input_importance(table, rng=rng) for rng in (0, 0, 1))
    assert one.identical(same) and not one.floor.equals(other.floor)


def test_dependent_inputs_are_refused_where_indices_would_mean_nothing(hand, aim):
    model = hand("y", "z", correlation=np.array([[1.0, 0.6], [0.6, 1.0]]))
    table = experiment_table(model, [aim("T1"), aim("T2", of="z")], draws=DRAWS, rng=0)
    with pytest.raises(RequestError, match=r"shocks_y and shocks_z depend on each other; Sobol's indices"):
        input_importance(table, measure=FirstOrder())
    assert np.isfinite(input_importance(table).importance.sel(input="shocks_z")).all()


def test_inputs_whose_sizes_go_together_are_dependent():
    table = sample(hit=lambda x: x["a"] + x["b"])
    scale = np.abs(table["a"])
    table["b"] *= scale
    with pytest.raises(RequestError, match="a and b depend on each other"):
        input_importance(table, measure=FirstOrder())


def test_refusals(panel, aim):
    table = sample(hit=lambda x: (x["a"] > 0).astype(float))
    with pytest.raises(UnknownNameError, match=r"The table has no column 'hitt'. Did you mean 'hit'"):
        input_importance(table, outcomes="hitt")
    bare = table.copy()
    bare.attrs = {}
    with pytest.raises(RequestError, match="The table has no inputs"):
        input_importance(bare)
    batch = experiment_table(sx.fit(panel), aim(level=15.0), draws=50, rng=0)
    with pytest.raises(RequestError, match="The table holds several members of a batch"):
        input_importance(batch)
    for slices in (0, 1, 6):
        with pytest.raises(RequestError, match=rf"Pawn\(slices={slices}\) cannot be cut. Take 5, 10 or 20"):
            Pawn(slices=slices)
    with pytest.raises(RequestError, match=r"FirstOrder\(harmonics=0\)"):
        FirstOrder(harmonics=0)


def test_without_salib(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    with pytest.raises(MissingExtraError, match=r"needs SALib, which is not installed. Install it: pip inst"):
        input_importance(sample(hit=lambda x: x["a"]))
