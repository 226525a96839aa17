"""The official tables of a year (报表): what there is, who may take it, and what is still lacking for it.

A subject adds one `Book` here and the function that describes it in `kpi/exports/books/` under the same code.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access import can_export_ranking
from kpi.access.award import can_take_certificates
from kpi.access.grades import sees_grades
from kpi.access.pay import sees_pay_totals
from kpi.models import AwardDecision, GradeRound, PaySheet, PayState, Run
from kpi.queries.course import decisive_run
from promotion.errors import NotFound
from staff.models import Account


def needs_run(year: int, run: Run | None) -> str:
    """A table of results needs a run."""
    return "" if run else str(_("%(year)s 年还没有核算结果；请先发起一次核算。") % {"year": year})


def needs_grades(year: int, run: Run | None) -> str:
    """The table of grades needs a round."""
    found = GradeRound.objects.filter(year=year).exists()
    return "" if found else str(_("%(year)s 年还没有职级评定。") % {"year": year})


def needs_awards(year: int, run: Run | None) -> str:
    """The table of awards needs a decision."""
    found = AwardDecision.objects.filter(year=year).exists()
    return "" if found else str(_("%(year)s 年还没有评奖决定。") % {"year": year})


def needs_pay(year: int, run: Run | None) -> str:
    """The table of pay needs a paid sheet."""
    if PaySheet.objects.filter(year=year, state=PayState.PAID).exists():
        return ""
    return str(_("%(year)s 年还没有发放的工资表。") % {"year": year})


@dataclass(frozen=True, slots=True)
class Book:
    """`lacking`: a sentence that says what must be done before the table can be made; empty when it can be."""

    code: str
    title: str | Promise
    about: str | Promise
    may: Callable[[Account], bool]
    lacking: Callable[[int, Run | None], str] = needs_run


#: In the order of the year.
BOOKS: tuple[Book, ...] = (
    Book(
        "ranking",
        gettext_lazy("考核排名表"),
        gettext_lazy("各组名次、总分和各项得分，附细则、核算批次和指纹。"),
        can_export_ranking,
    ),
    Book(
        "awards",
        gettext_lazy("评奖表"),
        gettext_lazy("各奖项和警示：对象、名次、结果、怎样处理，依据和理由。"),
        can_take_certificates,
        needs_awards,
    ),
    Book(
        "grades",
        gettext_lazy("职级评定表"),
        gettext_lazy("下一年的级别：谁晋升、谁不变、谁降低，依据和理由。"),
        sees_grades,
        needs_grades,
    ),
    Book(
        "pay",
        gettext_lazy("薪酬汇总表"),
        gettext_lazy("已发放的工资和年终结算，按团队和级别合计，不列个人。"),
        sees_pay_totals,
        needs_pay,
    ),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A table that the actor may take, or the sentence that says what it waits for."""

    code: str
    title: str
    about: str
    lacking: str


def books_offered(actor: Account, year: int) -> list[Offer]:
    """The tables of the year that the actor may take."""
    run = decisive_run(year)
    return [
        Offer(book.code, str(book.title), str(book.about), book.lacking(year, run))
        for book in BOOKS
        if book.may(actor)
    ]


def book_of(code: str) -> Book:
    """The table of this code. Raises NotFound."""
    found = next((book for book in BOOKS if book.code == code), None)
    if found is None:
        raise NotFound(_("没有这种报表。"))
    return found
