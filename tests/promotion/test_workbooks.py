"""Workbooks in and out: text stays text, and whatever is uploaded is read or refused with a sentence."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from promotion.errors import Refused
from promotion.web.tables import read_table
from promotion.web.workbooks import Sheet, SheetColumn, write_workbook

COLUMNS = [
    SheetColumn("姓名", width=10),
    SheetColumn("金额（万元）", "number"),
    SheetColumn("日期", "date", 12),
]


def written(rows: list[list[object]], **fields: object) -> openpyxl.Workbook:
    data = write_workbook([Sheet("名册", COLUMNS, rows, **fields)])  # type: ignore[arg-type]
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_text_that_looks_like_a_formula_is_written_as_quoted_text(text: str) -> None:
    cell = written([[text, None, None]])["名册"]["A2"]

    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_sheet_has_bold_headings_a_frozen_pane_widths_and_a_page_set_up() -> None:
    sheet = written([["甲", Decimal("1.50"), date(2025, 6, 1)]], title="名册", note="单位：万元")["名册"]

    assert [cell.value for cell in sheet[3]] == ["姓名", "金额（万元）", "日期"]
    assert [cell.font.bold for cell in sheet[3]] == [True, True, True]
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.orientation) == (
        "A4",
        "$3:$3",
        "landscape",
    )
    assert [sheet["A4"].value, sheet["B4"].value, sheet["C4"].value.date()] == ["甲", 1.5, date(2025, 6, 1)]


def test_written_workbook_is_read_again_as_text() -> None:
    data = write_workbook([Sheet("名册", COLUMNS, [["甲", 3, date(2025, 6, 1)], ["=乙", None, None]])])

    table = read_table("名册.xlsx", data)

    assert table.headings == ["姓名", "金额（万元）", "日期"]
    assert [(row.line, list(row.cells.values())) for row in table.rows] == [
        (2, ["甲", "3", "2025-06-01"]),
        (3, ["=乙", "", ""]),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_of_the_office(encoding: str) -> None:
    table = read_table("名册.csv", "工号,姓名\nG1,陈𠮷\n".encode(encoding))

    assert [row.cells for row in table.rows] == [{"工号": "G1", "姓名": "陈𠮷"}]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xlsx", b"PK\x03\x04 not a workbook", "工作簿打不开"),
        ("a.xlsx", b"hello", "工作簿打不开"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "只能读"),
        ("a.csv", "工号,姓名\nG1,甲\n".encode("utf-16"), "文件编码"),
        ("a.csv", b"\xff\xff\xff\xff", "文件编码"),
        ("a.csv", b"  \n ", "文件是空的"),
        ("a.csv", "工号,姓名\n".encode(), "标题行下面没有数据"),
        ("a.csv", "工号,工号\n1,2\n".encode(), "重复的列：工号"),
    ],
)
def test_file_that_cannot_be_read_is_refused_with_a_sentence(name: str, data: bytes, words: str) -> None:
    with pytest.raises(Refused) as refused:
        read_table(name, data)

    assert words in refused.value.message
