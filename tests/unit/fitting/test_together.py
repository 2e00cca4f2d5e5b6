from __future__ import annotations

import numpy as np

from sxsim.fitting import fit, fit_report
from sxsim.fitting.together import pairs_table, together_words

GROWING = [1.0, 1.1, 1.25, 1.3, 1.5, 1.7, 1.75, 2.0]


def test_the_words_count_common_years_and_give_the_mean_correlation(table):
    model = fit(table(a=GROWING, b=GROWING[::-1], c=[np.nan] * 4 + [3.0, 4.0, 4.5, 5.0]))
    (words,) = together_words(model)
    assert words.startswith(
        "shocks of one year: 3 indicators, 3 of 3 pairs observed in common years (2 to 6 each, median 2); "
        "mean correlation "
    )
    means = model.dependence.draws[:, *np.triu_indices(3, 1)].mean(axis=1)
    low, high = np.quantile(means, (0.1, 0.9))
    assert words.endswith(f"correlation {means.mean():+.2f}, 80 % between {low:+.2f} and {high:+.2f}")


def test_the_words_say_where_nothing_is_in_common(table):
    (words,) = together_words(fit(table(a=[1.0, 2.0], b=[3.0, 4.0])))
    assert "0 of 1 pairs observed in common years (none)" in words


def test_indicators_of_other_dimensions_are_not_counted_in(panel):
    (words,) = together_words(fit(panel.assign(copy=panel.y * 2, single=("year", panel.y.values[0]))))
    assert words.startswith("shocks of one year: 2 indicators, 1 of 1 pairs")


def test_one_indicator_has_nothing_to_say(hand):
    assert together_words(hand("a")) == ()


def test_a_model_by_hand_says_so(hand):
    assert together_words(hand("a", "b")) == ("shocks of one year: correlated as set by hand",)


def test_the_table_has_every_pair(table, hand):
    model = fit(table(a=GROWING, b=GROWING[::-1]))
    pairs = fit_report(model).pairs
    pair = pairs.sel(indicator="a", other="b")
    draws = model.dependence.draws[:, 0, 1]
    assert float(pair.correlation) == draws.mean()
    assert (float(pair.low), float(pair.high)) == tuple(np.quantile(draws, (0.1, 0.9)))
    assert int(pair.common_years) == 6
    by_hand = pairs_table(hand("a", "b", correlation=[[1.0, 0.4], [0.4, 1.0]])).sel(indicator="a", other="b")
    assert (float(by_hand.low), float(by_hand.high), int(by_hand.common_years)) == (0.4, 0.4, 0)
