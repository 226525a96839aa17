"""Fixed layouts (固定版式): one plain description of an official table or document, written as XLSX, Word and PDF.

    layout = Layout(
        title="2026 年考核排名表", body="…中心", number="〔2026〕3 号", dated_on=date(2026, 12, 31), landscape=True,
        parts=[Part("团队", columns=[Column("名次", 6, "integer"), Column("团队", 20), Column("总分", 10, "number")], rows=rows)],
        notes=["…"], signatures=["制表", "审核"],
    )
    content = written(layout, "docx")           # or "xlsx", "pdf"

The same description gives the same bytes: no file says when it was made. Money, points and counts are given as Decimal or int and
are numbers in the workbook; in Word and PDF they are text in the house's formats, right-aligned. A missing value is a dash, and an
empty cell in the workbook. `write` functions take the description as it is: who may see it is decided by who makes it.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from promotion.web.formats import NOTHING, day, exact, moment, number, percent

Kind = Literal["text", "number", "exact", "integer", "percent", "date"]
Form = Literal["xlsx", "docx", "pdf"]
FORMS: tuple[Form, ...] = get_args(Form)
CONTENT_TYPES: dict[Form, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
#: Kinds whose cells stand at the right edge.
FIGURES = ("number", "exact", "integer", "percent")
#: The moment that files carry where a format demands one.
MADE = dt.datetime(2026, 1, 1)  # noqa: DTZ001 a file's clock has no zone


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading with its unit, width in characters (the proportion, in Word and PDF), and what its cells are.

    `places`: decimals of a number or percentage (2 and 1 unless given), the most of an `exact` figure (4 unless given).
    """

    heading: str
    width: float = 12
    kind: Kind = "text"
    places: int | None = None

    @property
    def is_figure(self) -> bool:
        return self.kind in FIGURES


@dataclass(frozen=True, slots=True)
class Part:
    """A part: a title, paragraphs, a table with bold rows of totals at its end, a note below; each may be left out.

    `picture`: a PNG under the table with what it shows in words (Word only: PDF draws charts by a template of its own).
    """

    title: str = ""
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[Any]] = ()
    totals: Sequence[Sequence[Any]] = ()
    paragraphs: Sequence[str] = ()
    note: str = ""
    picture: bytes = b""
    picture_words: str = ""


@dataclass(frozen=True)
class Layout:
    """An official table or document; only title, body and parts must be there.

    `body`: who issues it; `number`: 文号; `facts`: label and value pairs under the title; `signatures`: who signs, one line
    each; `signed_by` and `dated_on`: 落款 (`body` when `signed_by` is empty). `masthead` is a red head (红头) over everything,
    `distribution` the lines 报送 and 抄送 at the end; both in Word only.
    """

    title: str
    body: str
    parts: Sequence[Part]
    subtitle: str = ""
    number: str = ""
    facts: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    signatures: Sequence[str] = ()
    signed_by: str = ""
    dated_on: dt.date | None = None
    landscape: bool = False
    masthead: str = ""
    distribution: Sequence[tuple[str, str]] = ()

    @cached_property
    def widest(self) -> int:
        """The most columns of any table."""
        return max((len(part.columns) for part in self.parts), default=0)


def printable(text: str) -> str:
    """Text without the control characters that are sometimes pasted along: no format has a form for them."""
    return "".join(c for c in text if c >= " " or c in "\t\n")


def cell_text(column: Column, value: Any) -> str:
    """A cell as Word and PDF show it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, str) or column.kind in ("text", "date"):
        return printable(str(value))
    return FIGURE_TEXTS[column.kind](value, column.places)


FIGURE_TEXTS: dict[str, Callable[[Any, int | None], str]] = {
    "number": lambda value, places: number(value, 2 if places is None else places),
    "exact": lambda value, places: exact(value, 4 if places is None else places),
    "integer": lambda value, places: number(value, places or 0),
    "percent": lambda value, places: percent(value, 1 if places is None else places),
}


def chinese_day(on: dt.date) -> str:
    """A date as official documents write it: 2026年12月31日."""
    return f"{on.year}年{on.month}月{on.day}日"


def written(layout: Layout, form: Form) -> bytes:
    """The file of this form."""
    from promotion.papers import sheet, table, word  # noqa: PLC0415 they describe themselves with this module

    return {"xlsx": sheet.write, "docx": word.write, "pdf": table.write}[form](layout)


def layout_response(layout: Layout, form: Form, name: str) -> HttpResponse:
    """The file as a download called `name` with the form's ending."""
    response = HttpResponse(written(layout, form), content_type=CONTENT_TYPES[form])
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=f"{name}.{form}") or ""
    )
    response["Cache-Control"] = "private, no-store"
    return response
