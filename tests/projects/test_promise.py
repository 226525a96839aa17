"""The promises of both sides: entered, kept with evidence, confirmed by a second person, changed, released from."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.actions.promise import (
    add_promise,
    change_promise,
    confirm_fulfilment,
    report_fulfilment,
    return_fulfilment,
    waive_promise,
)
from projects.models import Project, Promise
from projects.queries.due import due_items
from projects.queries.promise import listed_promises, rates
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, Notice
from staff.models import Account
from tests.factories.files import make_pdf
from tests.factories.projects import make_project
from tests.factories.sites import make_promise

TODAY = timezone.localdate()
Sign = Callable[[Account], Client]


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer)


@pytest.fixture
def capital(officer: Account, project: Project) -> Promise:
    """The company pays in 8000 万元 by yesterday."""
    return make_promise(
        project, officer, subject="paid_in", text="注册资本到位", figure=Decimal(80_000_000), unit="yuan",
        due_on=TODAY - timedelta(1),
    )  # fmt: skip


def standings(actor: Account) -> list[str]:
    return list(listed_promises(actor).order_by("pk").values_list("standing", flat=True))


def test_a_promise_is_written_down_with_its_paper(officer: Account, project: Project) -> None:
    made = add_promise(
        actor=officer, project=project, direction="company", subject="jobs", text="新增就业 260 人",
        figure=Decimal(260), unit="people", due_on=TODAY + timedelta(300), source="投资协议第 7 条", evidence=[make_pdf()],
    )  # fmt: skip

    assert (made.person, made.state, made.version) == (project.owner, "open", 1)
    assert [document.project for document in made.documents.all()] == [project]
    assert AuditEntry.objects.get().verb == "promise.add"


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"direction": "both"}, "direction"),
        ({"subject": "land"}, "subject"),
        ({"text": " "}, "text"),
        ({"figure": Decimal(0), "unit": "people"}, "figure"),
        ({"figure": Decimal(5), "unit": ""}, "unit"),
    ],
)
def test_impossible_terms_are_refused_at_their_field(
    officer: Account, project: Project, terms: dict[str, Any], field: str
) -> None:
    given = {"direction": "company", "subject": "start", "text": "开工", "due_on": TODAY}

    with pytest.raises(Refused) as refusal:
        add_promise(actor=officer, project=project, **{**given, **terms})

    assert set(refusal.value.fields) == {field}
    assert not Promise.objects.exists()


def test_what_matters_counts_once_a_second_person_confirmed_it(
    officer: Account, leader: Account, manager: Account, capital: Promise, django_capture_on_commit_callbacks: Any
) -> None:  # fmt: skip
    with pytest.raises(Refused) as bare:
        report_fulfilment(actor=officer, promise=capital, happened_on=TODAY)
    with django_capture_on_commit_callbacks(execute=True):
        part = report_fulfilment(
            actor=officer,
            promise=capital,
            happened_on=TODAY,
            figure=Decimal(30_000_000),
            evidence=[make_pdf()],
        )
    told = set(Notice.objects.values_list("recipient", flat=True))
    before = standings(officer)
    with pytest.raises(NotAllowed):
        confirm_fulfilment(actor=officer, fulfilment=part)
    with pytest.raises(Conflict, match="待确认"):
        report_fulfilment(
            actor=officer, promise=capital, happened_on=TODAY, figure=Decimal(1), evidence=[make_pdf()]
        )
    confirm_fulfilment(actor=leader, fulfilment=part)
    after = Promise.objects.get(pk=capital.pk)
    rest = report_fulfilment(
        actor=officer, promise=capital, happened_on=TODAY, figure=Decimal(50_000_000), evidence=[make_pdf()]
    )
    confirm_fulfilment(actor=manager, fulfilment=rest, note="验资报告齐全")
    capital.refresh_from_db()

    assert set(bare.value.fields) == {"figure", "evidence"}
    assert told == {leader.pk, manager.pk}
    assert (before, after.state, standings(officer)) == (["overdue"], "partial", ["fulfilled"])
    assert (capital.state, capital.closed_on) == ("fulfilled", TODAY)
    with pytest.raises(Conflict, match="已履行"):
        report_fulfilment(actor=officer, promise=capital, happened_on=TODAY, figure=Decimal(1))


def test_a_report_sent_back_leaves_the_promise_open(
    officer: Account, leader: Account, capital: Promise
) -> None:
    reported = report_fulfilment(
        actor=officer, promise=capital, happened_on=TODAY, figure=Decimal(80_000_000), evidence=[make_pdf()]
    )
    with pytest.raises(Refused):
        return_fulfilment(actor=leader, fulfilment=reported, reason=" ")
    return_fulfilment(actor=leader, fulfilment=reported, reason="验资报告缺页")
    with pytest.raises(Conflict, match="被退回"):
        confirm_fulfilment(actor=leader, fulfilment=reported)

    capital.refresh_from_db()
    assert capital.state == "open"


def test_what_the_zone_did_counts_at_once(officer: Account, project: Project) -> None:
    land = make_promise(project, officer, direction="zone", subject="land", text="交付净地", due_on=TODAY)

    report_fulfilment(actor=officer, promise=land, happened_on=TODAY, is_whole=False)
    partly = standings(officer)
    report_fulfilment(actor=officer, promise=land, happened_on=TODAY)

    assert (partly, standings(officer)) == (["partial"], ["fulfilled"])


def test_a_change_keeps_the_old_terms_with_the_reason(
    officer: Account, leader: Account, capital: Promise
) -> None:
    later = TODAY + timedelta(90)
    with pytest.raises(NotAllowed):
        change_promise(actor=officer, promise=capital, due_on=later, reason="顺延")
    with pytest.raises(Refused):
        change_promise(actor=leader, promise=capital, due_on=later, reason="")
    with pytest.raises(Refused, match="都没有变"):
        change_promise(actor=leader, promise=capital, due_on=capital.due_on, reason="顺延")

    change_promise(
        actor=leader, promise=capital, due_on=later, figure=Decimal(70_000_000), reason="分期到位", seen=1
    )

    assert list(
        capital.changes.values_list("old_due_on", "new_due_on", "old_figure", "new_figure", "reason")
    ) == [(TODAY - timedelta(1), later, Decimal(80_000_000), Decimal(70_000_000), "分期到位")]
    assert standings(officer) == ["changed"]
    with pytest.raises(Conflict):
        change_promise(actor=leader, promise=capital, due_on=TODAY, reason="再变", seen=1)


def test_release_takes_a_promise_out_of_the_rate(
    officer: Account, leader: Account, project: Project, capital: Promise
) -> None:
    kept = make_promise(project, officer, direction="company", subject="jobs", due_on=TODAY + timedelta(5))
    report_fulfilment(actor=officer, promise=kept, happened_on=TODAY)
    make_promise(project, officer, direction="zone", subject="policy", due_on=TODAY - timedelta(3))
    before = [(r.direction, r.total, r.due, r.kept, r.overdue) for r in rates(Promise.objects.all())]

    waive_promise(actor=leader, promise=capital, reason="补充协议取消")
    after = [(r.direction, r.total, r.due, r.kept, r.overdue) for r in rates(Promise.objects.all())]

    assert before == [("company", 2, 2, 1, 1), ("zone", 1, 1, 0, 1)]
    assert after == [("company", 2, 1, 1, 0), ("zone", 1, 1, 0, 1)]


def test_promises_and_places_are_due_for_whom_they_concern(
    officer: Account, outsider: Account, capital: Promise, project: Project
) -> None:
    make_promise(project, officer, due_on=TODAY + timedelta(30))

    found = [(item.kind, item.title) for item in due_items(officer, TODAY + timedelta(7))]

    assert found == [("promise", "企业承诺到期：注册资本到位")]
    assert due_items(outsider, TODAY + timedelta(60)) == []


def test_another_team_sees_nothing(outsider: Account, capital: Promise, client_as: Sign) -> None:
    with pytest.raises(NotFound):
        report_fulfilment(actor=outsider, promise=capital, happened_on=TODAY)

    assert client_as(outsider).get(f"/promises/{capital.public_id}/").status_code == 404
    assert "注册资本到位" not in client_as(outsider).get("/promises/").content.decode()


def test_an_officer_registers_and_reports_on_the_pages(
    officer: Account, leader: Account, project: Project, client_as: Sign
) -> None:
    client, url = client_as(officer), f"/projects/{project.public_id}/promises/new/"
    typed = {
        "direction": "company", "subject": "paid_in", "text": "首期到资", "figure": "8000", "unit": "yuan",
        "due_on": str(TODAY - timedelta(1)), "source": "投资协议第 4 条",
    }  # fmt: skip

    wrong = client.post(url, {**typed, "subject": "land"})
    made = client.post(url, typed)
    promise = Promise.objects.get()
    tab = client.get(f"/projects/{project.public_id}/?tab=promises").content.decode()
    bare = client.post(
        f"/promises/{promise.public_id}/fulfil/", {"happened_on": str(TODAY), "figure": "8000"}
    )
    sent = client.post(
        f"/promises/{promise.public_id}/fulfil/",
        {"happened_on": str(TODAY), "figure": "0.8亿", "evidence": make_pdf(), "seen": "1"},
    )
    report = promise.fulfilments.get()
    own = client.get(f"/fulfilments/{report.public_id}/confirm/")
    confirmed = client_as(leader).post(f"/fulfilments/{report.public_id}/confirm/", {"note": "", "seen": ""})
    promise.refresh_from_db()

    assert (wrong.status_code, "首期到资" in wrong.content.decode()) == (422, True)
    assert (made.status_code, promise.figure) == (302, 80_000_000)
    assert "逾期" in tab
    assert "tab-count-alarm" in tab
    assert (bare.status_code, sent.status_code, own.status_code, confirmed.status_code) == (
        422,
        302,
        403,
        302,
    )
    assert promise.state == "fulfilled"


def test_the_ledger_narrows_links_and_exports(
    officer: Account, leader: Account, project: Project, capital: Promise, client_as: Sign
) -> None:
    make_promise(
        project, officer, direction="zone", subject="land", text="交付净地", due_on=TODAY + timedelta(9)
    )
    client = client_as(leader)

    late = client.get("/promises/?standing=overdue").content.decode()
    rates_page = client.get("/promises/rates/").content.decode()
    book = openpyxl.load_workbook(BytesIO(client.get("/promises/workbook/?direction=zone").content)).active
    assert book is not None

    assert ("注册资本到位" in late, "交付净地" in late) == (True, False)
    assert f"direction=company&amp;team={project.team.public_id}&amp;standing=overdue" in rates_page
    assert [row[5] for row in book.iter_rows(values_only=True)] == ["承诺内容", "交付净地"]
    assert AuditEntry.objects.filter(verb="promise.export").count() == 1


@pytest.mark.parametrize("address", ["/promises/", "/promises/rates/", "project"])
def test_pages_cost_the_same_with_one_promise_and_with_three(
    officer: Account, project: Project, client_as: Sign, address: str
) -> None:
    url = f"/projects/{project.public_id}/?tab=promises" if address == "project" else address
    client, counts = client_as(officer), []
    for rows in (1, 2):
        for _ in range(rows):
            make_promise(project, officer)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts[0] == counts[1]
