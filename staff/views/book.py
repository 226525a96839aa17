"""The pages of an import as they all are: choose a file, look at what it would write, write it or put it aside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from promotion.models import ImportBatch
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.web.tables import MAX_BYTES, Table, read_table
from promotion.web.workbooks import workbook_response
from staff.exports.book import rejected_rows_sheet
from staff.imports.book import Book

MOST_LINES = 500
MOST_REJECTED = 200


@dataclass(frozen=True)
class UploadPage:
    """Where a file is chosen: title, the place that it belongs to, the template, and a sentence above the form."""

    title: str
    back_url: str
    back_label: str
    template_url: str
    note: str = ""


@dataclass(frozen=True)
class PreviewPage:
    """What the preview says around its rows, and where its buttons lead; without `apply_url` somebody else writes it."""

    back_url: str
    back_label: str
    apply_url: str
    discard_url: str
    apply_label: str
    note: str
    headings: Sequence[str]
    rejected_url: str = ""
    apply_icon: str = "check"
    paper_url: str = ""


@sensitive_variables("file", "table")
def upload_page(
    request: SignedInRequest,
    form: forms.Form,
    looks: UploadPage,
    keep: Callable[[str, Table], ImportBatch],
    preview_url: Callable[[ImportBatch], str],
    **context: Any,
) -> HttpResponse:
    """Choose a file; what it would write is shown on the next page and not written yet."""
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]

        def kept() -> ImportBatch:
            return keep(file.name, read_table(file.name, file.read(MAX_BYTES + 1)))

        batch = attempt(form, kept)
        if batch is not None:
            return done(request, preview_url(batch))
    status = 422 if form.errors else 200
    return page(request, "staff/book_import.html", {"form": form, "looks": looks, **context}, status=status)


def preview_page(
    request: SignedInRequest,
    batch: ImportBatch,
    looks: PreviewPage,
    cells: Callable[[Mapping[str, Any]], Sequence[Any]],
) -> HttpResponse:
    """What would be written, and what is refused and why; `cells` gives a row under the headings of the preview."""
    context = {
        "batch": batch,
        "looks": looks,
        "lines": [list(zip(looks.headings, cells(row), strict=True)) for row in batch.accepted[:MOST_LINES]],
        "total": len(batch.accepted),
        "rejected": batch.rejected[:MOST_REJECTED],
        "rejected_total": len(batch.rejected),
        "is_open": batch.state == ImportBatch.State.PREVIEWED,
    }
    return page(request, "staff/book_preview.html", context)


def rejected_response(book: Book, batch: ImportBatch) -> HttpResponse:
    """The refused rows with the reasons, to be corrected and uploaded again."""
    return workbook_response(f"{_('退回的行')}.xlsx", [rejected_rows_sheet(book, batch.rejected)])
