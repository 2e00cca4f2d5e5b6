from __future__ import annotations

import numpy as np
import pytest
from side_by_side.contender import Contender
from side_by_side.line import Ratio, Single
from side_by_side.rounds import allowed_cores, interleaved
from side_by_side.work import YEARS, Counts, Truth


def contender(name, calls, truth=None):
    def run(draws):
        calls.append(name)
        return Counts(hits=np.full((4, YEARS), draws), joint=draws, draws=draws)

    return Contender(name=name, what="", prepare=lambda: run, draws=100, truth=truth)


def test_everybody_has_a_turn_in_every_round_in_changing_order():
    calls, before = [], allowed_cores()
    seconds = interleaved([contender(name, calls) for name in "abc"], 8)
    turns = [tuple(calls[i : i + 3]) for i in range(0, len(calls), 3)]
    assert turns[0] == ("a", "b", "c")
    assert len(turns) == 9
    assert {tuple(sorted(turn)) for turn in turns} == {("a", "b", "c")}
    assert len(set(turns)) > 2
    assert all(found.shape == (8,) and (found > 0).all() for found in seconds.values())
    assert allowed_cores() == before


def test_nobody_is_timed_whose_counts_are_wrong():
    calls, before = [], allowed_cores()
    wrong = contender("wrong", calls, truth=lambda: Truth(hits=np.full((4, YEARS), 0.5), joint=0.5))
    with pytest.raises(AssertionError, match=r"wrong finds 1\.00000 where 0\.50000 is right"):
        interleaved([wrong], 3)
    assert calls == ["wrong"]
    assert allowed_cores() == before


def test_a_ratio_is_the_median_of_the_rounds_own_ratios():
    seconds = {"slow": np.array([2.0, 30.0, 8.0, 5.0, 9.0]), "fast": np.array([1.0, 10.0, 2.0, 1.0, 1.5])}
    figure = Ratio(key="k", above="slow", below="fast").measured(seconds)
    assert (figure.key, figure.value, figure.spread) == ("k", 4.0, (3.0, 5.0))
    assert figure.what == "slow / fast"


def test_a_single_figure_has_no_spread():
    figure = Single(key="k", what="w", measure=lambda: 3.5).measured()
    assert (figure.value, figure.spread) == (3.5, None)


def test_what_is_not_installed_is_known():
    missing = Single(key="k", what="w", measure=lambda: 3.5, needs="no_such_module")
    assert not missing.installed
    assert Single(key="k", what="w", measure=lambda: 3.5).installed
    nobody = Contender(name="n", what="", prepare=lambda: len, draws=1, needs="no_such_module")
    assert not nobody.installed
