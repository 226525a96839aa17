"""Fixed layouts: the same description as workbook, Word document and PDF, with the same figures and the same bytes every time."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any, cast

import docx
import openpyxl
import pypdfium2
import pytest

from promotion.papers import table
from promotion.papers.layouts import FORMS, Column, Form, Layout, Part, cell_text, written

COLUMNS = [
    Column("名次", 6, "integer"),
    Column("姓名", 12),
    Column("总分", 10, "number"),
    Column("奖金（元）", 14, "number"),
    Column("完成率", 8, "percent"),
    Column("完成任务", 8),
    Column("评定日期", 12, "date"),
]
ROWS: list[list[Any]] = [
    [1, "张三", Decimal("87.50"), Decimal("1234567.50"), Decimal("0.893"), True, date(2026, 1, 2)],
    [2, "=李四 & <王五>\x07", Decimal("-1.005"), None, None, False, None],
]
TOTALS: list[list[Any]] = [[None, "合计", None, Decimal("1234567.50"), None, None, None]]


def layout(rows: list[list[Any]] | None = None, **fields: Any) -> Layout:
    given: dict[str, Any] = {
        "title": "2026 年考核排名表",
        "body": "某某投资促进中心",
        "number": "〔2026〕3 号",
        "subtitle": "（公示稿）",
        "facts": [("细则", "第 2 版")],
        "parts": [
            Part("一、说明", paragraphs=["现予公布。"]),
            Part("二、专员", COLUMNS, ROWS if rows is None else rows, TOTALS, note="单位：元"),
        ],
        "notes": ["注：名次并列的同列。"],
        "signatures": ["制表", "审核"],
        "dated_on": date(2026, 12, 31),
    }
    return Layout(**given | fields)


def pdf_text(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [document[place].get_textpage().get_text_range() for place in range(len(document))]


def test_cells_are_written_as_the_house_writes_them() -> None:
    assert [
        [cell_text(column, value) for column, value in zip(COLUMNS, row, strict=True)] for row in ROWS
    ] == [
        ["1", "张三", "87.50", "1,234,567.50", "89.3%", "是", "2026-01-02"],
        ["2", "=李四 & <王五>", "−1.01", "—", "—", "否", "—"],
    ]
    assert cell_text(Column("数", kind="exact"), Decimal("0.5000")) == "0.5"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("landscape", [False, True])
def test_the_same_description_gives_the_same_bytes(form: Form, landscape: bool) -> None:
    one = layout(landscape=landscape)

    assert written(one, form) == written(layout(landscape=landscape), form)


def test_the_workbook_holds_figures_as_figures_and_text_as_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(layout(), "xlsx")))

    sheet = book["二、专员"]
    values = [
        [cell.value for cell in row] for row in sheet.iter_rows(max_col=7) if any(cell.value for cell in row)
    ]
    assert book.sheetnames == ["一、说明", "二、专员"]
    assert [row[0] for row in values[:5]] == [
        "2026 年考核排名表",
        "（公示稿）",
        "某某投资促进中心　　〔2026〕3 号",
        "细则：第 2 版",
        "二、专员",
    ]
    assert values[5] == [column.heading for column in COLUMNS]
    assert values[6][:6] == [1, "张三", 87.5, 1234567.5, 0.893, "是"]
    assert values[7][:6] == [2, "=李四 & <王五>", -1.005, None, None, "否"]
    assert values[8][1:4] == ["合计", None, 1234567.5]
    assert [row[0] for row in values[9:]] == [
        "单位：元",
        "注：名次并列的同列。",
        "制表：　　　　　　　　审核：",
        "某某投资促进中心",
        "2026年12月31日",
    ]
    assert (sheet.print_title_rows, sheet.page_setup.paperSize) == ("$6:$6", 9)
    assert sheet.cell(8, 2).quotePrefix


def test_word_reads_the_document_back() -> None:
    document = docx.Document(io.BytesIO(written(layout(landscape=True), "docx")))

    (found,) = document.tables
    assert [paragraph.text for paragraph in document.paragraphs] == [
        "2026 年考核排名表",
        "（公示稿）",
        "某某投资促进中心\t〔2026〕3 号",
        "细则：第 2 版",
        "一、说明",
        "现予公布。",
        "二、专员",
        "单位：元",
        "注：名次并列的同列。",
        "制表：\t审核：",
        "某某投资促进中心",
        "2026年12月31日",
    ]
    assert [[cell.text for cell in row.cells] for row in found.rows] == [
        [column.heading for column in COLUMNS],
        ["1", "张三", "87.50", "1,234,567.50", "89.3%", "是", "2026-01-02"],
        ["2", "=李四 & <王五>", "−1.01", "—", "—", "否", "—"],
        ["", "合计", "", "1,234,567.50", "", "", ""],
    ]
    section = document.sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert section.page_width > section.page_height
    assert "PAGE" in section.footer.paragraphs[0]._p.xml
    assert "tblHeader" in found.rows[0]._tr.xml
    assert document.styles["Title"].element.rPr.rFonts.get(docx.oxml.ns.qn("w:eastAsia")) == "方正小标宋简体"


def test_the_pdf_says_all_of_it_and_numbers_its_pages() -> None:
    (page,) = pdf_text(written(layout(), "pdf"))

    for words in (
        "2026 年考核排名表",
        "〔2026〕3 号",
        "张三",
        "1,234,567.50",
        "合计",
        "单位：元",
        "审核",
        "— 1 —",
    ):
        assert words in page


def test_a_long_table_is_set_in_volumes_that_read_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "ROWS_AT_ONCE", 50)
    monkeypatch.setattr(table, "ROWS_OF_A_VOLUME", 30)
    rows = [[place, f"甲{place}", Decimal(place), None, None, True, None] for place in range(1, 101)]

    content = written(layout(rows), "pdf")

    pages = pdf_text(content)
    text = "".join(pages)
    assert [len(re.findall(rf"甲 {place}(?!\d)", text)) for place in (1, 30, 31, 100)] == [1, 1, 1, 1]
    assert [f"— {place} —" in page for place, page in enumerate(pages, start=1)] == [True] * len(pages)
    assert (text.count("2026 年考核排名表"), text.count("合计"), text.count("注：名次")) == (1, 1, 1)
    assert written(layout(rows), "pdf") == content


def test_volumes_keep_every_row_once_and_close_at_the_end() -> None:
    parts = [
        Part("甲", COLUMNS[:1], [[n] for n in range(7)], [[7]], ["先说"], "注"),
        Part("乙", COLUMNS[:1], [[9]]),
    ]

    volumes = list(table.volumes_of(parts, 3))

    assert [
        [(part.title, [row[0] for row in part.rows], len(part.totals), part.note) for part in one]
        for one in volumes
    ] == [
        [("甲", [0, 1, 2], 0, "")],
        [("", [3, 4, 5], 0, "")],
        [("", [6], 1, "注"), ("乙", [9], 0, "")],
    ]


def test_word_files_carry_no_clock() -> None:
    archive = zipfile.ZipFile(io.BytesIO(written(layout(), "docx")))

    assert {one.date_time for one in archive.infolist()} == {cast("Any", (2026, 1, 1, 0, 0, 0))}
