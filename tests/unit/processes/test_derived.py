from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr

from sxsim.errors import HistoryError, ModelError, PlanError, RequestError, UnknownNameError
from sxsim.identities import Identity
from sxsim.links import Log
from sxsim.plan import Kind
from sxsim.processes import Grown, GrowthModel, RandomWalk, derivation, derive
from sxsim.processes.derived import COUNT

STOCK = Identity(indicator="stock", expression="stock[-1] + flow - flow[-2]")
SHARE = Identity(indicator="share", expression="flow / stock")


def years(*values, last=2012):
    """A column that ends in the model's last year unless told otherwise."""
    return xr.DataArray(
        np.asarray(values, float), dims="year", coords={"year": np.arange(last - len(values) + 1, last + 1)}
    )


@pytest.fixture
def firms(hand):
    """A stock with flows that are fitted; figures to 2012."""

    def make(*identities, names=("flow",), **history):
        known = {"stock": years(10.0), "flow": years(3.0, 4.0)} | history
        return hand(*names, history=xr.Dataset(known), identities=identities)

    return make


def test_derived_names_stand_beside_the_fitted_ones(firms):
    model = firms(SHARE, STOCK)
    assert (model.names, model.derived) == (("flow",), ("stock", "share"))
    assert repr(model) == "<GrowthModel to 2012: flow; derived: stock, share>"
    assert "stock" not in model
    with pytest.raises(
        UnknownNameError, match=r"^'share' is derived, not fitted: share = flow / stock\. Look up wh"
    ):
        model["share"]
    assert pickle.loads(pickle.dumps(model)).identities == model.identities


def test_figures_before_the_first_year_come_from_the_history(firms):
    found = derive(
        firms(SHARE, STOCK), {"flow": np.array([[5.0, 6.0], [7.0, 8.0]]), "other": np.zeros((2, 2))}
    )
    assert found["stock"].tolist() == [[10.0 + 5 - 3, 10.0 + 6 - 3], [12.0 + 7 - 4, 13.0 + 8 - 4]]
    assert found["share"].tolist() == [[5 / 12, 6 / 13], [7 / 15, 8 / 17]]


def test_the_last_value_of_a_model_by_hand_is_a_figure_too(hand):
    growth = Identity(indicator="growth", expression="y / y[-1] - 1")
    found = derive(hand("y", last_value=100.0, identities=(growth,)), {"y": np.array([[110.0]])})
    assert found["growth"].item() == pytest.approx(0.1)


def test_without_identities_nothing_is_derived(hand):
    assert derive(hand("y"), {}) == {}


def test_a_selection_takes_along_what_is_needed(firms):
    model = firms(SHARE, STOCK, names=("flow", "other"))
    assert model.select(("share",)).names == ("flow",)
    assert model.select(("share",)).derived == ("stock", "share")
    assert model.select(("stock", "other")).derived == ("stock",)
    assert model.select(("flow",)).derived == ()
    with pytest.raises(UnknownNameError, match="'shares' is not in the model"):
        model.select(("shares",))


@pytest.mark.parametrize(
    ("attributes", "figures", "expected"),
    [
        ({"kind": "count"}, years(10.0), [2.0]),
        ({"kind": "count"}, years(np.nan), [2.0]),
        ({"kind": "count"}, years(10.5), [2.5]),
        ({"kind": "stock"}, years(10.0), [2.5]),
        ({}, years(10.0), [2.5]),
    ],
)
def test_counts_come_in_whole_numbers_if_the_history_says_so(firms, attributes, figures, expected):
    half = Identity(indicator="half", expression="0.5 * flow")
    model = firms(half, half=figures.assign_attrs(attributes))
    assert derive(model, {"flow": np.array([[5.0]])})["half"].tolist() == [expected]


def test_the_word_for_a_count_is_that_of_plans():
    assert Kind.COUNT.value == COUNT


@pytest.fixture
def regions():
    """Two fitted series over regions, and one without; the stock of the second region is not known."""
    coords = {"region": ["n", "s"], "year": [2011, 2012]}
    data = xr.Dataset(
        {
            "flow": (("year", "region"), [[1.0, 2.0], [3.0, 4.0]]),
            "stock": (("region", "year"), [[9.0, 10.0], [np.nan, np.nan]]),
            "whole": ("year", [5.0, 6.0]),
        },
        coords=coords,
    )
    walk = RandomWalk(drift=0.1, sigma=0.1)

    def make(*identities, data=data):
        last = {"flow": np.array([3.0, 4.0]), "whole": 6.0}
        grown = tuple(
            Grown(name=name, carrier=Log(), law=walk, last_value=value, last_year=2012)
            for name, value in last.items()
        )
        return GrowthModel(indicators=grown, last_year=2012, history=data, identities=identities)

    make.data = data
    return make


def test_each_member_has_its_own_figures(regions):
    growth = Identity(indicator="growth", expression="flow / flow[-1]")
    model = regions(growth)
    assert list(model.batch("growth")) == ["region"]
    values = {"flow": np.array([[6.0]])}
    assert [derive(model, values, place)["growth"].item() for place in (0, 1)] == [2.0, 1.5]


def test_a_member_without_the_figure_has_no_derived_one(regions):
    model = regions(Identity(indicator="stock", expression="stock[-1] + flow"))
    assert derivation(model, 0).observed["stock"].tolist() == [10.0]
    assert np.isnan(derive(model, {"flow": np.array([[6.0]])}, 1)["stock"]).all()


def test_parts_of_other_dimensions_are_refused(regions):
    with pytest.raises(
        ModelError,
        match=r"^'x' lies on \(region\), 'whole' on \(\), or their members differ; the identity 'x = fl",
    ):
        regions(Identity(indicator="x", expression="flow / whole"))
    other = regions.data.assign(x=("region", [1.0, 2.0])).isel(region=0)
    with pytest.raises(ModelError, match=r"'flow' has 2 members, its history names 1"):
        regions(Identity(indicator="x", expression="flow"), data=other)


@pytest.mark.parametrize(
    ("identities", "error", "message"),
    [
        (
            [Identity(indicator="flow", expression="2 * other")], ModelError,
            r"^'flow' is fitted, and defined by the identity 'flow = 2 \* other'\. A quantity is",
        ),
        (
            [Identity(indicator="x", expression="flow + flo")], UnknownNameError,
            r"^The identity 'x = flow \+ flo' reads 'flo', which is not in the model\. Did you mean 'flow'\?",
        ),
        (
            [Identity(indicator="x", expression="flow + lost")], UnknownNameError,
            r"reads 'lost', which is not in the model: nobody counts it\. Known: flow, other, x\.",
        ),
        (
            [Identity(indicator="stock", expression="1.1 * stock[-1]")], ModelError,
            r"^The identity 'stock = 1\.1 \* stock\[-1\]' rests on no fitted indicator\. Compute",
        ),
        (
            [Identity(indicator="x", expression="flow[-3]")], HistoryError,
            r"^The identity 'x = flow\[-3\]' reads 'flow' in 2010, of which the history holds no figure\.",
        ),
        (
            [Identity(indicator="x", expression="x[-1] + flow")], HistoryError,
            r"reads 'x' in 2012, of which the history holds no figure\. Give that figure, or a shorter lag\.",
        ),
        ([STOCK, STOCK], PlanError, r"^identity stock: it is defined twice"),
        ([Identity(indicator="x", expression="x + flow")], PlanError, r"^identity x: it needs itself"),
    ],
)  # fmt: skip
def test_refuses(hand, identities, error, message):
    history = xr.Dataset({"stock": years(10.0), "flow": years(3.0, 4.0), "other": years(1.0, 2.0)})
    with pytest.raises(error, match=message):
        hand("flow", "other", history=history, identities=identities, absent={"lost": "nobody counts it"})


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        (
            {"flows": np.ones((2, 2))},
            UnknownNameError,
            r"^Values of 'flow' are missing\. Did you mean 'flows'\?",
        ),
        (
            {"flow": np.ones(2)},
            RequestError,
            r"^Values differ in their shape: flow \(2,\)\. Give \(year, draw\)",
        ),
    ],
)
def test_values_have_to_fit(firms, values, error, message):
    with pytest.raises(error, match=message):
        derive(firms(STOCK), values)


def test_values_have_to_be_of_one_shape(hand):
    model = hand("a", "b", identities=(Identity(indicator="x", expression="a + b"),))
    with pytest.raises(
        RequestError, match=r"shape: a \(2, 3\), b \(2, 4\)\. Give \(year, draw\), alike for all"
    ):
        derive(model, {"a": np.ones((2, 3)), "b": np.ones((2, 4))})
