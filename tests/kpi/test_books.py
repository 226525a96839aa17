"""Official tables of a year: offered to those who may take them, recorded, and the same figures in every form."""

import io
import re
from collections.abc import Callable
from datetime import date

import docx
import openpyxl
import pypdfium2
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kpi.actions.books import take_book
from kpi.actions.run import execute_run, request_run
from kpi.exports.books import LAYOUTS, book_layout
from kpi.models import Standing
from kpi.queries.books import BOOKS, book_of
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from promotion.papers.layouts import FORMS
from staff.models import Account, Role
from tests.factories.kpi import make_scheme
from tests.factories.projects import make_project, make_recognised, make_share
from tests.factories.staff import make_account, make_team

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]


def recalculate(year: int = 2025) -> None:
    execute_run(run_id=request_run(actor=None, year=year).pk)


@pytest.fixture
def scored(outsider: Account, officer: Account, manager: Account) -> Account:
    make_scheme(2025)
    assert outsider.person
    project = make_project(outsider)
    make_share(project, outsider.person, 100, holds_from=date(2025, 1, 1))
    make_recognised(project, outsider, manager, happened_on=date(2025, 3, 1))
    recalculate()
    return outsider


def test_every_table_has_a_layout() -> None:
    assert [book.code for book in BOOKS] == list(LAYOUTS)


def test_the_ranking_says_what_the_run_found(hr: Account, scored: Account) -> None:
    layout = book_layout(hr, book_of("ranking"), 2025)

    standings = list(Standing.objects.order_by("group", "rank", "subject_name", "pk"))
    told = [(row[0], row[1]) for part in layout.parts for row in part.rows]
    assert told == [(one.rank, one.subject_name) for one in standings]
    assert len(layout.parts) == len({one.group for one in standings})
    assert layout.title == "2025 年度招商绩效考核排名表"
    heads = [column.heading for column in layout.parts[0].columns]
    total = {
        part.rows[place][1]: part.rows[place][-2] for part in layout.parts for place in range(len(part.rows))
    }
    assert heads[-2:] == ["总分", "备注"]
    assert total == {one.subject_name: one.total for one in standings}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_a_file_of_its_kind_with_the_same_names(
    client_as: SignIn, hr: Account, scored: Account, form: str
) -> None:
    response = client_as(hr).get(f"/year/books/2025/ranking.{form}")

    assert response.status_code == 200
    stream = io.BytesIO(response.content)
    if form == "xlsx":
        book = openpyxl.load_workbook(stream)
        text = "".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    elif form == "docx":
        text = "".join(
            cell.text for table in docx.Document(stream).tables for row in table.rows for cell in row.cells
        )
    else:
        document = pypdfium2.PdfDocument(stream.getvalue())
        text = "".join(document[place].get_textpage().get_text_range() for place in range(len(document)))
    assert re.sub(r"\s", "", scored.display_name) in re.sub(r"\s", "", text)
    entry = AuditEntry.objects.get(verb="book.take")
    assert entry.actor == hr
    assert entry.detail == {"book": "ranking", "year": 2025, "form": form, "run": 1}


def test_the_page_offers_what_there_is_and_says_what_is_lacking(client_as: SignIn, hr: Account) -> None:
    waiting = client_as(hr).get("/year/books/?year=2025")
    assert "2025 年还没有核算结果" in waiting.text
    assert "ranking.pdf" not in waiting.text


def test_the_page_links_each_form(client_as: SignIn, hr: Account, scored: Account) -> None:
    page = client_as(hr).get("/year/books/?year=2025").text
    assert all(f"/year/books/2025/ranking.{form}" in page for form in FORMS)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.ADMINISTRATOR])
def test_others_take_no_tables(client_as: SignIn, scored: Account, role: Role) -> None:
    other = make_account(role, team=make_team())

    assert client_as(other).get("/year/books/?year=2025").status_code == 403
    assert client_as(other).get("/year/books/2025/ranking.pdf").status_code == 403
    with pytest.raises(NotAllowed, match="不能导出"):
        take_book(actor=other, year=2025, code="ranking", form="pdf")
    assert not AuditEntry.objects.filter(verb="book.take").exists()


def test_what_is_not_there_is_refused_with_a_sentence(hr: Account, client_as: SignIn) -> None:
    with pytest.raises(NotFound, match="没有这种报表"):
        take_book(actor=hr, year=2025, code="unknown", form="pdf")
    with pytest.raises(NotFound, match="没有这种格式"):
        take_book(actor=hr, year=2025, code="ranking", form="odt")
    with pytest.raises(Refused, match="还没有核算结果"):
        take_book(actor=hr, year=2025, code="ranking", form="pdf")
    assert client_as(hr).get("/year/books/2025/ranking.pdf").status_code == 422


def test_other_systems_take_the_same_table(client_as: SignIn, hr: Account, scored: Account) -> None:
    client = client_as(hr)
    listed = client.get("/api/books/?year=2025").json()
    told = {row["code"]: row["lacking"] for row in listed}
    assert list(told) == [book.code for book in BOOKS]
    assert told["ranking"] == ""

    taken = client.get("/api/books/ranking/?year=2025&form=docx")
    assert taken.status_code == 200
    assert taken.content == client.get("/year/books/2025/ranking.docx").content


def test_the_table_costs_the_same_queries_for_one_and_for_three(
    hr: Account, scored: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    book = book_of("ranking")
    book_layout(hr, book, 2025)
    with django_assert_num_queries(4):
        book_layout(hr, book, 2025)
    for _ in range(3):
        make_account(Role.OFFICER, team=make_team())
    recalculate()
    with django_assert_num_queries(4):
        book_layout(hr, book, 2025)
