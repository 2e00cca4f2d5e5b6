from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim.analysis.exact import Answer
from sxsim.analysis.question import Question
from sxsim.analysis.table import odds_table
from sxsim.plan import Group


def answer(*p, route="exact"):
    p = np.array(p)
    return Answer(
        probability=p,
        standard_error=0.01 * p,
        route=route,
        variance_parameter=0.1 * p * (1 - p),
        variance_model=0.0 * p,
    )


@pytest.fixture
def targets(aim):
    named = {"label_zh": "甲", "group": Group.HEADLINE, "assumption": "as first published"}
    return [aim("A", **named), aim("B", of="nothing"), aim("P", proxy_for="A")]


def asked(targets, size=1):
    reason = "there is no series 'nothing'"
    return [
        reason if one.id == "B" else Question(target=one, rows=(), kept=np.ones(size, bool))
        for one in targets
    ]


def table(targets, solved, batch=None, size=1):
    names = [f"s{i}" for i in range(len(solved))]
    return odds_table(
        asked(targets, size), targets, solved, scenarios=names, batch=batch or {}, record={"seed": "7"}
    )


def test_answers_find_their_place(targets):
    joint = answer(0.2, route="quasi-random")
    odds = table(
        targets,
        [({"A": answer(0.2), "P": answer(0.6)}, joint), ({"A": answer(0.4), "P": answer(0.8)}, joint)],
    )
    np.testing.assert_array_equal(odds.probability, [[0.2, np.nan, 0.6], [0.4, np.nan, 0.8]])
    assert odds.route.values.tolist() == [["exact", "not assessed", "exact"]] * 2
    assert odds.reason.values.tolist() == ["", "there is no series 'nothing'", ""]
    assert odds.joint.values.tolist() == [0.2, 0.2]
    assert odds.joint_route.values.tolist() == ["quasi-random"] * 2
    assert odds.attrs == {"seed": "7", "joint_targets": "A"}


def test_the_shock_part_is_what_the_others_leave(targets):
    odds = table(targets, [({"A": answer(0.2), "P": answer(0.6)}, answer(0.2))])
    np.testing.assert_allclose(odds.variance_shock, [[0.9 * 0.16, np.nan, 0.9 * 0.24]])


def test_labels_travel_with_the_targets(targets):
    odds = table(targets, [({"A": answer(0.2), "P": answer(0.6)}, answer(0.2))])
    first = odds.sel(target="A")
    assert first.label.item() == "A"
    assert first.label_zh.item() == "甲"
    assert (first.group.item(), first.assumption.item()) == ("headline", "as first published")
    assert odds.proxy_for.values.tolist() == ["", "", "A"]


def test_bounds_leave_proxies_out(targets, aim):
    three = [aim("A"), aim("C"), aim("P", proxy_for="A")]
    odds = table(three, [({"A": answer(0.7), "C": answer(0.6), "P": answer(0.1)}, answer(0.5))])
    assert odds.joint_independent.item() == pytest.approx(0.42)
    assert odds.joint_lower.item() == pytest.approx(0.3)
    assert odds.joint_upper.item() == pytest.approx(0.6)


def test_without_any_answer_nothing_is_said_about_all(targets):
    odds = table(targets[1:2], [({}, None)])
    for name in ("joint", "joint_standard_error", "joint_independent", "joint_lower", "joint_upper"):
        assert np.isnan(odds[name].item())
    assert odds.joint_route.item() == "not assessed"
    assert odds.attrs["joint_targets"] == ""


def test_members_of_a_batch_are_spread_over_its_dimensions(targets):
    batch = {
        "region": xr.DataArray(["n", "s"], dims="region"),
        "sector": xr.DataArray([1, 2, 3], dims="sector"),
    }
    p = np.arange(6) / 10
    odds = table(targets, [({"A": answer(*p), "P": answer(*p)}, answer(*p))], batch, size=6)
    assert odds.probability.dims == ("scenario", "target", "region", "sector")
    assert odds.joint.dims == ("scenario", "region", "sector")
    np.testing.assert_array_equal(odds.probability.sel(target="A", scenario="s0"), p.reshape(2, 3))
    assert np.isnan(odds.probability.sel(target="B")).all()
    assert odds.probability.sel(target="A", region="s", sector=1).item() == 0.3
