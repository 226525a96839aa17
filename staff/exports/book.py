"""The workbooks around an import: an empty template, and the refused rows with their reasons."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from promotion.web.workbooks import Sheet, SheetColumn
from staff.imports.book import Book


def template_sheet(book: Book, rows: Sequence[Sequence[Any]] = ()) -> Sheet:
    """A table with the headings of the book; empty, or with rows to fill in."""
    columns = [SheetColumn(name, "date" if name in book.days else "text", 16) for name in book.headings]
    return Sheet(name=book.name, columns=columns, rows=[list(row) for row in rows])


def rejected_rows_sheet(book: Book, rejected: Iterable[Mapping[str, Any]]) -> Sheet:
    """The refused rows as they were written, to be corrected and uploaded again."""
    columns = [SheetColumn(name, "text", 16) for name in book.headings]
    rows = [
        [*(entry["cells"].get(name, "") for name in book.headings), "；".join(entry["reasons"])]
        for entry in rejected
    ]
    return Sheet(name=_("退回的行"), columns=[*columns, SheetColumn(_("退回原因"), "text", 48)], rows=rows)
