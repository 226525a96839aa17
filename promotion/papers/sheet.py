"""A fixed layout as a workbook: a sheet per table, with title, headings on every printed page, notes and signatures."""

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from promotion.papers.layouts import MADE, Column, Layout, Part, chinese_day, printable
from promotion.web.workbooks import Styles, is_formula_like, sheet_name

TITLE_FONT, HEAD_FONT, TEXT_FONT = "方正小标宋简体", "黑体", "仿宋"
BOX = {"border": 1, "border_color": "#8A8A86"}
OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
LEAST_COLUMNS = 4
TEXT_WIDTH = 22


def write(layout: Layout) -> bytes:
    """The workbook."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        book.set_properties({"title": layout.title, "author": layout.body, "created": MADE})
        styles = Styles(book)
        names: set[str] = set()
        groups = sheets_of(layout.parts)
        for parts in groups:
            _Sheet(book, styles, layout, parts[0].title, names).write(parts, last=parts is groups[-1])
    return stream.getvalue()


def sheets_of(parts: Sequence[Part]) -> list[list[Part]]:
    """A sheet per table; neighbours without a table share one."""
    groups: list[list[Part]] = []
    for part in parts:
        if groups and not part.columns and not groups[-1][-1].columns:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


class _Sheet:
    """One sheet, written line by line from the top."""

    def __init__(
        self, book: xlsxwriter.Workbook, styles: Styles, layout: Layout, name: str, names: set[str]
    ) -> None:
        called = sheet_name(name or layout.title)
        while called.lower() in names:
            called = sheet_name(f"{len(names) + 1} {called}")
        names.add(called.lower())
        self.paper: Worksheet = book.add_worksheet(called)
        self.styles, self.layout, self.line = styles, layout, 0
        self.widths: list[float] = []

    def write(self, parts: list[Part], *, last: bool) -> None:
        """Heading, parts, and on the last sheet notes, signatures and who issued it."""
        columns = next((part.columns for part in parts if part.columns), ())
        self.widths = [one.width for one in columns] + [TEXT_WIDTH] * (LEAST_COLUMNS - len(columns))
        for place, width in enumerate(self.widths):
            self.paper.set_column(place, place, width)
        self._heading()
        for part in parts:
            self._part(part)
        if last:
            self._foot()
        self._print()

    def _style(self, font: str = TEXT_FONT, size: float = 11, **more: Any) -> Format:
        return self.styles.of(font_name=font, font_size=size, **more)

    def _line_of(self, text: str, style: Format, height: float | None = None) -> None:
        """One line across all columns."""
        self.paper.merge_range(self.line, 0, self.line, len(self.widths) - 1, "", style)
        self.paper.write_string(self.line, 0, printable(text), style)
        if height:
            self.paper.set_row(self.line, height)
        self.line += 1

    def _heading(self) -> None:
        layout = self.layout
        self._line_of(layout.title, self._style(TITLE_FONT, 18, align="center"), 32)
        if layout.subtitle:
            self._line_of(layout.subtitle, self._style(size=12, align="center"))
        under = "　　".join(text for text in (layout.body, layout.number) if text)
        self._line_of(under, self._style())
        if layout.facts:
            told = "　　".join(f"{label}：{value}" for label, value in layout.facts)
            self._line_of(
                told, self._style(size=10, font_color="#555555", text_wrap=True), self._height(told, 10)
            )

    def _height(self, text: str, size: float) -> float:
        """The height in points of wrapped text: merged cells do not grow by themselves."""
        room = max(1, int(sum(self.widths) / 2))
        lines = sum(max(1, -(-len(part) // room)) for part in text.split("\n"))
        return lines * size * 1.6 + 4

    def _part(self, part: Part) -> None:
        if part.title:
            self._line_of(part.title, self._style(HEAD_FONT, 12))
        for words in part.paragraphs:
            self._line_of(f"　　{words}", self._style(size=12, text_wrap=True), self._height(words, 12))
        if part.columns:
            self._table(part)
        if part.note:
            self._line_of(
                part.note,
                self._style(size=10, font_color="#555555", text_wrap=True),
                self._height(part.note, 10),
            )

    def _table(self, part: Part) -> None:
        head = self._style(HEAD_FONT, 11, **BOX, align="center", text_wrap=True, bg_color="#F2F2EE")
        for place, column in enumerate(part.columns):
            self.paper.write_string(self.line, place, column.heading, head)
        self.paper.freeze_panes(self.line + 1, 0)
        self.paper.repeat_rows(self.line)
        self.line += 1
        for row in part.rows:
            self._row(part.columns, row)
        for row in part.totals:
            self._row(part.columns, row, bold=True)

    def _row(self, columns: Any, row: Any, *, bold: bool = False) -> None:
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            self._cell(place, column, value, bold)
        self.line += 1

    def _cell(self, place: int, column: Column, value: Any, bold: bool) -> None:
        """One cell; a missing value is an empty one, never a zero."""
        paper, line = self.paper, self.line
        look: dict[str, Any] = {**BOX, **({"bold": True} if bold else {})}
        if value is None or value == "":
            paper.write_blank(line, place, None, self._style(**look))
        elif isinstance(value, bool):
            paper.write_string(line, place, str(_("是") if value else _("否")), self._style(**look))
        elif isinstance(value, dt.datetime):
            plain = value.replace(tzinfo=None)
            paper.write_datetime(line, place, plain, self._style(**look, num_format="yyyy-mm-dd hh:mm"))
        elif isinstance(value, dt.date):
            midnight = dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 a spreadsheet has no zones
            paper.write_datetime(line, place, midnight, self._style(**look, num_format="yyyy-mm-dd"))
        elif isinstance(value, int | Decimal):
            paper.write_number(line, place, value, self._style(**look, num_format=number_format(column)))
        else:
            text = printable(str(value))
            quoted: dict[str, Any] = {"quote_prefix": True} if is_formula_like(text) else {}
            paper.write_string(line, place, text, self._style(**look, **quoted, text_wrap=True))

    def _foot(self) -> None:
        layout = self.layout
        for words in layout.notes:
            self._line_of(words, self._style(size=10, text_wrap=True), self._height(words, 10))
        if layout.signatures:
            self.line += 1
            self._line_of(
                "　　　　　　　　".join(f"{words}：" for words in layout.signatures), self._style(), 26
            )
        if layout.dated_on:
            self.line += 1
            for words in (layout.signed_by or layout.body, chinese_day(layout.dated_on)):
                self._line_of(words, self._style(align="right"))

    def _print(self) -> None:
        """A4, as wide as the page, page numbers below."""
        paper = self.paper
        paper.set_paper(9)
        if self.layout.landscape:
            paper.set_landscape()
        paper.fit_to_pages(1, 0)
        paper.set_footer("&C— &P —")
        paper.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.8)


def number_format(column: Column) -> str:
    """The spreadsheet's own format of the column's figures."""
    if column.kind == "integer":
        return "#,##0"
    if column.kind == "percent":
        places = 1 if column.places is None else column.places
        return "0" + ("." + "0" * places if places else "") + "%"
    places = 2 if column.places is None else column.places
    return "#,##0" + ("." + "0" * places if places else "") if column.kind == "number" else "General"
