from __future__ import annotations

import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsim.io import open_result, save
from sxsim.plan import (
    AllOf,
    AnyOf,
    AtLeast,
    Benchmark,
    Between,
    Condition,
    Number,
    OwnPast,
    Relation,
    Total,
    When,
    Worded,
    promise_table,
    promises_of,
)

numbers = st.floats(-1e6, 1e6)
names = st.sampled_from(["rd", "gdp", "专利"])
years = st.sets(st.integers(2001, 2030), min_size=1, max_size=4).map(lambda found: tuple(sorted(found)))
sides = st.sampled_from([Relation.AT_LEAST, Relation.AT_MOST])
ranges = st.builds(lambda low, more: Between(lower=low, upper=low + more), numbers, st.floats(0.5, 9.0))
fixed = st.one_of(
    st.builds(Number, value=numbers),
    st.builds(Worded, word=st.text(min_size=1), threshold=st.none() | numbers),
)
moving = st.one_of(
    st.builds(Benchmark, indicator=st.just("national"), times=st.floats(0.1, 9.0)),
    st.builds(OwnPast, since=st.none() | st.just(2000), growth=st.floats(-0.5, 2.0)),
)
whens = st.sampled_from(When)
steps = st.sampled_from([0.0, 0.1, 10.0])
levels = st.builds(Number, value=numbers)
conditions = st.one_of(
    st.builds(
        Condition, indicator=names, relation=sides, level=fixed, years=years, when=whens, precision=steps
    ),
    st.builds(Condition, indicator=names, relation=sides, level=moving, years=years, when=whens),
    st.builds(Condition, indicator=names, relation=st.just(Relation.WITHIN), level=ranges, years=years),
    st.builds(Total, indicator=names, relation=sides, level=levels, years=years, precision=steps),
    st.builds(Total, indicator=names, relation=st.just(Relation.WITHIN), level=ranges, years=years),
)  # fmt: skip


def combined(parts):
    listed = st.lists(parts, min_size=1, max_size=3).map(tuple)
    some = listed.flatmap(
        lambda found: st.builds(AtLeast, parts=st.just(found), count=st.integers(1, len(found)))
    )
    return st.one_of(st.builds(AllOf, parts=listed), st.builds(AnyOf, parts=listed), some)


promises = st.recursive(conditions, combined, max_leaves=6)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(["H1", "H2", "S1"]), promises))
def test_whatever_can_be_asked_is_read_back_as_it_was(asked):
    assert promises_of(promise_table(asked)) == asked


def test_a_file_holds_it(tmp_path):
    rd = Condition(indicator="rd", relation=Relation.AT_LEAST, level=OwnPast(growth=0.05), years=(2020,))
    word = Condition(indicator="gas", relation=Relation.AT_LEAST, level=Worded(word="基本"), years=(2020,))
    asked = {"H1": AtLeast(parts=(rd, AnyOf(parts=(word, rd))), count=1), "H2": word}
    file = save(xr.DataTree.from_dict({"asked": promise_table(asked)}), tmp_path / "asked.nc")
    assert promises_of(open_result(file)["asked"].to_dataset()) == asked


@pytest.mark.parametrize("column", ["row", "depth", "held", "years", "when"])
def test_a_table_of_nothing_has_all_columns(column):
    assert promise_table({})[column].size == 0
