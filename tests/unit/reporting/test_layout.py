from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sxsim.reporting.layout import WIDTH, Column, cells, natural, paragraph, rest, table, wrap

TEXTS = st.text(st.sampled_from("ab ,（）%研发経費é̈"), max_size=60)


def test_wide_characters_take_two_cells_and_accents_none():
    assert (cells("R&D"), cells("研发"), cells("（）"), cells("e\u0301")) == (3, 4, 4, 1)


@given(TEXTS, st.integers(2, 30))
def test_no_line_is_too_wide_and_nothing_is_lost(text, width):
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_lines_break_at_spaces_and_between_chinese_characters():
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("研发经费投入强度", 10) == ["研发经费投", "入强度"]
    assert wrap("研发R&D经费", 8) == ["研发R&D", "经费"]


def test_punctuation_percent_and_stars_stay_with_what_they_follow():
    assert wrap("研发经费，投入", 8) == ["研发经", "费，投入"]
    assert wrap("about 10 % more", 8) == ["about", "10 %", "more"]
    assert wrap("of contracts *2", 12) == ["of", "contracts *2"]


def test_a_word_wider_than_the_line_is_cut():
    assert wrap("abcdefgh", 3) == ["abc", "def", "gh"]


def test_columns_line_up_with_chinese_text():
    columns = [Column(heading="a", width=6), Column(heading="b", width=3, right=True)]
    lines = table(columns, [["研发", "1"], ["ab", "12"]])
    assert lines == ["a         b", "研发      1", "ab       12"]
    assert {cells(line) for line in lines} == {11}


def test_a_cell_may_hold_several_lines():
    columns = [Column(heading="", width=4), Column(heading="", width=4)]
    assert table(columns, [["x", "one\ntwo"]], heading=False) == ["x     one", "      two"]


def test_widths():
    assert natural(["a\nbcd", "研发"]) == 4
    assert rest([Column(heading="", width=10), Column(heading="", width=8)]) == WIDTH - 22


def test_a_paragraph_hangs_under_its_mark():
    lines = paragraph("word " * 40, first="*1 ", indent=2)
    assert lines[0].startswith("  *1 word")
    assert all(line.startswith("     word") for line in lines[1:])
    assert max(map(cells, lines)) <= WIDTH
