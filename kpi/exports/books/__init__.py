"""The official tables of a year in fixed layouts, under the codes of `kpi/queries/books.py`."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from kpi.exports.books.awards import awards_layout
from kpi.exports.books.grades import grades_layout
from kpi.exports.books.pay import pay_layout
from kpi.exports.books.ranking import ranking_layout
from kpi.queries.books import Book
from promotion.papers.layouts import Layout
from staff.models import Account

__all__ = ["LAYOUTS", "book_layout", "book_name"]

#: Functions of the actor and the year.
LAYOUTS: Mapping[str, Callable[[Account, int], Layout]] = {
    "ranking": ranking_layout,
    "awards": awards_layout,
    "grades": grades_layout,
    "pay": pay_layout,
}


def book_layout(actor: Account, book: Book, year: int) -> Layout:
    """The table as it is to be written; an official paper is in Chinese."""
    with translation.override(settings.LANGUAGE_CODE):
        return LAYOUTS[book.code](actor, year)


def book_name(book: Book, year: int) -> str:
    """The file's name without its ending."""
    return _("%(year)s年%(title)s") % {"year": year, "title": book.title}
