from __future__ import annotations

import sys

import pytest

from sxsim.errors import HistoryError, MissingExtraError, MissingFileError
from sxsim.io import read_history
from sxsim.plan import Indicator, Kind

INDICATORS = (
    Indicator(id="rd", label="R&D", kind=Kind.SHARE, units="% of GDP"),
    Indicator(id="part", label="Part", kind=Kind.SHARE),
    Indicator(id="narrow", label="Narrow", kind=Kind.SHARE, units="%", lower=10, upper=20),
    Indicator(id="gdp", label="GDP", kind=Kind.AMOUNT),
    Indicator(id="trade", label="Trade", kind=Kind.BALANCE),
)
HEADER = "indicator,year,value,source,note"


@pytest.fixture
def written(tmp_path):
    """A history file with these rows under the usual columns."""

    def write(*rows, header=HEADER):
        file = tmp_path / "history.csv"
        file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        return file

    return write


def test_reads_figures_in_order(written):
    rows = read_history(
        written(
            'rd,2012,1.09,"yearbook, 2013",checked', "gdp,2011, 11100.2 ,bulletin", "", "trade,2012,-4,x,"
        ),
        indicators=INDICATORS,
    )
    assert [(one.indicator, one.year, one.value) for one in rows] == [
        ("rd", 2012, 1.09), ("gdp", 2011, 11100.2), ("trade", 2012, -4.0),
    ]  # fmt: skip
    assert (rows[0].source, rows[0].note) == ("yearbook, 2013", "checked")


def test_zero_and_the_bounds_themselves_are_allowed(written):
    rows = ("gdp,2012,0,x,", "rd,2011,0,x,", "rd,2012,100,x,", "part,2012,1,x,", "narrow,2012,10,x,")
    assert len(read_history(written(*rows), indicators=INDICATORS)) == 5


def test_columns_may_come_in_any_order_and_without_notes(written):
    assert read_history(written("x,2,2012,rd", header="source,value,year,indicator"))[0].value == 2.0


def test_a_standard_error_may_stand_beside_a_figure(written):
    rows = ("rd,2011,1.0,x,,0.05", "rd,2012,1.1,x,,", "gdp,2012,5,x,,0")
    read = read_history(written(*rows, header=f"{HEADER},sd"))
    assert [one.sd for one in read] == [0.05, None, 0.0]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("some", r"row 2, rd in 2012, sd: value = 'some' is not a number"),
        ("-1", r"row 2: rd in 2012: sd = -1\.0 is not a standard error\. Give a number from zero on"),
    ],
)
def test_refuses_standard_errors_that_are_none(written, cell, message):
    with pytest.raises(HistoryError, match=message):
        read_history(written(f"rd,2012,1,x,,{cell}", header=f"{HEADER},sd"))


def test_without_indicators_any_name_will_do(written):
    assert read_history(written("whatever,2012,-1,x,"))[0].indicator == "whatever"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("rd,2012,about 1,x,", r"row 2, rd in 2012: value = 'about 1' is not a number\. Write digits"),
        ('gdp,2012,"1,234",x,', r"row 2, gdp in 2012: value = '1,234' is not a number"),
        ("gdp,2012,1_234,x,", r"row 2, gdp in 2012: value = '1_234' is not a number"),
        ("gdp,2012,,x,", r"row 2, gdp in 2012: the value is empty\. Leave the whole row out"),
        ("gdp,2012.5,1,x,", r"row 2, gdp: year = '2012\.5' is not a whole year\. Write it in digits"),
        ("gdp,FY12,1,x,", r"row 2, gdp: year = 'FY12' is not a whole year"),
        ("gdp,12,1,x,", r"row 2: gdp in 12: year = 12 is not a calendar year"),
        ("gdp,2012,nan,x,", r"row 2: gdp in 2012: value = nan is not a finite number\. Leave the row out"),
        ("gdp,2012,inf,x,", r"row 2: gdp in 2012: value = inf is not a finite number"),
        (",2012,1,x,", r"row 2: the indicator is empty\. Name the indicator"),
        (
            "gpd,2012,1,x,",
            r"row 2: 'gpd' \(year 2012, value 1\.0\) is not an indicator of the plan\. Did you mean 'gdp'",
        ),
        (
            "gdp,2012,-1,x,",
            r"row 2: gdp in 2012: value = -1\.0 is negative, which kind = 'amount' cannot be\. Mend",
        ),
        (
            "rd,2012,109,x,",
            r"row 2: rd in 2012: value = 109\.0 lies outside the bounds of the share, 0 to 100\. Shares",
        ),
        ("part,2012,1.09,x,", r"part in 2012: value = 1\.09 lies outside the bounds of the share, 0 to 1\."),
        (
            "narrow,2012,9,x,",
            r"narrow in 2012: value = 9\.0 lies outside the bounds of the share, 10 to 20\.",
        ),
        (
            "gdp,2012,1,x,note,more",
            r"row 2: 6 cells stand under 5 columns\. Put text that holds a comma in quotation",
        ),
    ],
)
def test_every_mistake_names_file_row_and_figure(written, row, message):
    file = written(row)
    with pytest.raises(HistoryError, match=message) as caught:
        read_history(file, indicators=INDICATORS)
    assert str(caught.value).startswith(f"{file}, row 2")


def test_figures_stand_once(written):
    with pytest.raises(
        HistoryError, match=r"row 4: gdp in 2012 \(value 3\.0\) stands twice, first in .*row 2\. Keep one"
    ):
        read_history(written("gdp,2012,1,x,", "gdp,2013,2,x,", "gdp,2012,3,x,"))


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "indicator,year,value,note",
            r"history\.csv: the column 'source' is missing\. Columns are indicator,year",
        ),
        ("indicator,year,value,source,notes", r"unknown column 'notes'\. Did you mean 'note'\?"),
        ("indicator,year,value,source,year", r"the column 'year' stands twice\. Keep one"),
        ("", r"history\.csv is empty\. Begin it with the columns indicator"),
        (HEADER, r"history\.csv has columns but no figures\. Add one row per figure"),
    ],
)
def test_columns_are_checked(written, header, message):
    with pytest.raises(HistoryError, match=message):
        read_history(written(header=header))


def test_files_that_are_no_text_are_refused(tmp_path, written):
    file = tmp_path / "history.csv"
    file.write_bytes(f"{HEADER}\ngdp,2012,1,统计年鉴,".encode("gb18030"))
    with pytest.raises(HistoryError, match=r"not UTF-8 text \(byte \d+\)\. Save the file as UTF-8"):
        read_history(file)
    with pytest.raises(HistoryError, match=r"row \d: .*\. Mend the quotation marks"):
        read_history(written('gdp,2012,1,"x,'))


def test_a_missing_history_is_named(tmp_path):
    with pytest.raises(MissingFileError, match=r"The history file .*none\.csv does not exist"):
        read_history(tmp_path / "none.csv")


def test_workbooks_are_read_like_text(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (
        HEADER.split(","),
        ["rd", 2012, 1.09, "yearbook", None],
        [None] * 5,
        ["gdp", 2012.0, 5, "yearbook"],
    ):
        book.active.append(row)
    book.save(tmp_path / "history.xlsx")
    rows = read_history(tmp_path / "history.xlsx", indicators=INDICATORS)
    assert [(one.indicator, one.year, one.value, one.note) for one in rows] == [
        ("rd", 2012, 1.09, ""), ("gdp", 2012, 5.0, ""),
    ]  # fmt: skip
    book.active.append(["gdp", 2013, True, "x"])
    book.save(tmp_path / "history.xlsx")
    with pytest.raises(HistoryError, match=r"row 5, gdp in 2013: value = True is not a number"):
        read_history(tmp_path / "history.xlsx")


def test_workbooks_that_are_none_are_refused(tmp_path):
    pytest.importorskip("openpyxl")
    (tmp_path / "history.xlsx").write_text("indicator", encoding="utf-8")
    with pytest.raises(
        HistoryError, match=r"history\.xlsx is not an XLSX workbook: .*\. Save it as XLSX or CSV"
    ):
        read_history(tmp_path / "history.xlsx")


def test_workbooks_need_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(
        MissingExtraError, match=r"needs openpyxl, which is not installed\. Run: pip install 'sxsim\[io\]'"
    ):
        read_history(tmp_path / "history.xlsx")
