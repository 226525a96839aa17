"""The official tables of a year: a page that offers them, and the files."""

from typing import Any, cast

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kpi.access.closing import can_take_books
from kpi.actions.books import take_book
from kpi.exports.books import book_layout, book_name
from kpi.queries.books import Offer, books_offered
from kpi.queries.run import assessed_years
from kpi.views.score import asked_year
from promotion.errors import NotAllowed
from promotion.papers.layouts import FORMS, Form, layout_response
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest

FORM_WORDS = {"xlsx": "XLSX", "docx": "Word", "pdf": "PDF"}


@require_GET
def books(request: SignedInRequest) -> HttpResponse:
    """The tables that one may take, each in three forms."""
    if not can_take_books(request.user):
        raise NotAllowed(_("只有人事、分管领导和纪检审计可以导出报表；请联系他们。"))
    year = asked_year(request)
    rows = [(one, _addresses(one, year)) for one in books_offered(request.user, year)]
    return page(request, "kpi/books.html", {"year": year, "years": assessed_years(), "books": rows})


def _addresses(one: Offer, year: int) -> list[dict[str, Any]]:
    if one.lacking:
        return []
    return [
        {"label": FORM_WORDS[form], "url": reverse("kpi:book", args=[year, one.code, form])} for form in FORMS
    ]


@require_GET
def book(request: SignedInRequest, year: int, code: str, form: str) -> HttpResponse:
    """One table as a file; taking it is recorded."""
    taken = take_book(actor=request.user, year=year, code=code, form=form)
    layout = book_layout(request.user, taken, year)
    return layout_response(layout, cast("Form", form), book_name(taken, year))
