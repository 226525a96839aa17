"""Taking an official table out of the house is recorded like a write."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.models import AssessmentYear
from kpi.queries.books import Book, book_of
from kpi.queries.course import decisive_run
from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.papers.layouts import FORMS
from staff.models import Account


@action("book.take", gettext_lazy("导出报表"))
def take_book(*, actor: Account, year: int, code: str, form: str) -> Book:
    """Record that the actor takes an official table of the year in a form (xlsx, docx, pdf), and give the table.

    Raises NotFound for a table or form there is not, NotAllowed, and Refused while something is lacking for it.
    """
    book = book_of(code)
    if form not in FORMS:
        raise NotFound(_("没有这种格式；可选 XLSX、Word（docx）和 PDF。"))
    if not book.may(actor):
        raise NotAllowed(_("您不能导出%(title)s；请联系人事。") % {"title": book.title})
    run = decisive_run(year)
    if lacking := book.lacking(year, run):
        raise Refused(lacking)
    detail = {"book": code, "year": year, "form": form, "run": run.number if run else None}
    record(
        actor=actor,
        verb="book.take",
        target=AssessmentYear.objects.filter(year=year).first() or actor,
        detail=detail,
    )
    return book
