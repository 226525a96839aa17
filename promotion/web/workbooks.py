"""Workbooks in and out: tables that people edit in a spreadsheet, read without trust and written without surprises.

Written text is always text: a value that begins with = + - @ is stored as a string and marked as quoted, so that no
spreadsheet computes it, not even after it is saved again.
"""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Kind = Literal["text", "number", "integer", "percent", "date"]
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NUMBER_FORMATS = {"number": "#,##0.00", "integer": "#,##0", "percent": "0.0%", "date": "yyyy-mm-dd"}
FONT = "Microsoft YaHei"


@dataclass(frozen=True)
class SheetColumn:
    """One column: its heading (with the unit, where there is one), what its cells are, and its width in characters.

    `number_format` overrides the kind's own, for example "0.0000" for an exchange rate.
    """

    heading: Any
    kind: Kind = "text"
    width: float = 14
    number_format: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet: an optional title and note above the headings, the rows, optional total rows in bold at the end."""

    name: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[Any]]
    title: str = ""
    note: str = ""
    totals: Sequence[Sequence[Any]] = ()
    landscape: bool = True
    freeze_columns: int = 0


@dataclass
class Styles:
    """The cell formats of one workbook; a workbook must not hold the same format many times."""

    book: xlsxwriter.Workbook
    made: dict[tuple[Any, ...], Format] = field(default_factory=dict)

    def of(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(
                {"font_name": FONT, "font_size": 10, "valign": "vcenter", **properties}
            )
        return self.made[key]

    def cell(self, column: SheetColumn, value: Any, *, bold: bool = False) -> Format:
        properties: dict[str, Any] = {"bottom": 1, "bottom_color": "#E3E3DD"} | (
            {"bold": True} if bold else {}
        )
        if isinstance(value, str):
            return self.of(
                **properties, text_wrap=True, **({"quote_prefix": True} if is_formula_like(value) else {})
            )
        shown = column.number_format or NUMBER_FORMATS.get(column.kind, "")
        return self.of(**properties, **({"num_format": shown} if shown else {}))


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet might take the text for something to compute."""
    return text.startswith(FORMULA_STARTS)


def write_workbook(sheets: Sequence[Sheet]) -> bytes:
    """A whole XLSX file; sheet names are cut and cleaned to what spreadsheets allow."""
    stream = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        styles = Styles(book)
        for sheet in sheets:
            write_sheet(book, styles, sheet)
    return stream.getvalue()


def write_sheet(book: xlsxwriter.Workbook, styles: Styles, sheet: Sheet) -> Worksheet:
    """Add one sheet: bold headings, frozen pane below them, widths, and a page set-up that prints to one page's width."""
    paper = book.add_worksheet(sheet_name(sheet.name))
    top = 0
    for text, look in (
        (sheet.title, {"bold": True, "font_size": 14}),
        (sheet.note, {"font_color": "#566072"}),
    ):
        if text:
            paper.write_string(top, 0, str(text), styles.of(**look))
            top += 1
    heading = {"bold": True, "bg_color": "#E6F0F5", "bottom": 1, "text_wrap": True}
    for place, column in enumerate(sheet.columns):
        paper.set_column(place, place, column.width)
        paper.write_string(top, place, str(column.heading), styles.of(**heading))
    line = top + 1
    for row in sheet.rows:
        write_row(paper, styles, sheet.columns, line, row)
        line += 1
    for row in sheet.totals:
        write_row(paper, styles, sheet.columns, line, row, bold=True)
        line += 1
    paper.freeze_panes(top + 1, sheet.freeze_columns)
    if line > top + 1:
        paper.autofilter(top, 0, line - 1 - len(sheet.totals), len(sheet.columns) - 1)
    set_up_print(paper, sheet, top)
    return paper


def write_row(
    paper: Worksheet,
    styles: Styles,
    columns: Sequence[SheetColumn],
    line: int,
    row: Sequence[Any],
    *,
    bold: bool = False,
) -> None:
    """One line of cells; a missing value is an empty cell, never a zero."""
    for place, (column, value) in enumerate(zip(columns, row, strict=True)):
        look = styles.cell(column, value, bold=bold)
        if value is None or value == "":
            paper.write_blank(line, place, None, look)
        elif isinstance(value, bool):
            paper.write_string(line, place, str(_("是") if value else _("否")), look)
        elif isinstance(value, dt.datetime):
            paper.write_datetime(line, place, value.replace(tzinfo=None), look)
        elif isinstance(value, dt.date):
            paper.write_datetime(line, place, dt.datetime(value.year, value.month, value.day), look)  # noqa: DTZ001 a spreadsheet has no zones
        elif isinstance(value, int | float | Decimal):
            paper.write_number(line, place, value, look)
        else:
            paper.write_string(line, place, str(value), styles.cell(column, str(value), bold=bold))


def set_up_print(paper: Worksheet, sheet: Sheet, heading_line: int) -> None:
    """A4, as wide as the page, headings on every page, page numbers below."""
    paper.set_paper(9)
    if sheet.landscape:
        paper.set_landscape()
    paper.fit_to_pages(1, 0)
    paper.repeat_rows(heading_line)
    paper.set_footer(f"&L{sheet_name(sheet.name)}&R&P / &N")
    paper.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)


def sheet_name(name: str) -> str:
    """A name that spreadsheets accept: without []:*?/\\, at most 31 characters."""
    return "".join("-" if c in "[]:*?/\\" else c for c in str(name))[:31].strip("'") or "Sheet"


def workbook_response(file_name: str, sheets: Sequence[Sheet]) -> HttpResponse:
    """The workbook as a download under a Chinese file name."""
    response = HttpResponse(write_workbook(sheets), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file_name) or ""
    response["Cache-Control"] = "no-store"
    return response
