from __future__ import annotations


def test_the_measures_are_printed_for_the_year_asked_for(sxsim):
    status, out, err = sxsim("yardsticks", "shanxi-2014", "--as-of", "2016")
    assert (status, err) == (0, "")
    assert out.startswith("What the official progress measures say, with the figures known by 2016\n")
    assert "movement away" in out and "probability" not in out


def test_without_a_year_it_is_the_last_one_to_learn_from(sxsim):
    out = sxsim("yardsticks", "shanxi-2014", "--lang", "zh")[1]
    assert out.startswith("官方进度评价（按截至2012年的数据）\n")


def test_the_probability_comes_beside_when_asked_for(sxsim):
    out = sxsim("yardsticks", "shanxi-2014", "--as-of", "2016", "--odds")[1]
    assert "probability under Trend, figures to 2016" in out


def test_a_year_that_is_none_is_one_line(sxsim):
    status, out, err = sxsim("yardsticks", "shanxi-2014", "--as-of", "16")
    assert (status, out) == (2, "")
    assert err == "error: as_of = 16 is not a calendar year. Write years in full, as in 2016.\n"
