"""Score sheets on paper: typed in by HR, checked by a second person against the scan, blind to the judges, never after closing."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, ImportBatch, Notice
from promotion.web.tables import Table, TableRow
from staff import actions
from staff.access import papers_visible_to
from staff.access.competition import application_import_kind
from staff.actions.interview import close_session
from staff.actions.panel import recuse
from staff.actions.paper_sheet import discard_score_table, enter_score_table, keep_score_table
from staff.actions.sheet import reopen_sheet, save_scores, submit_sheet
from staff.imports.score import pairs_to_type, read_scores, score_book
from staff.models import Account, InterviewSession, Role, Score, ScoreScan, ScoreSheet
from staff.queries.ranking import ranking_of
from tests.factories.competition import (
    make_application,
    make_competition,
    make_judges,
    make_post,
    make_session,
)
from tests.factories.files import make_pdf
from tests.factories.staff import make_account, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def judges(db: None) -> list[Account]:
    now = timezone.now()
    competition = make_competition(
        opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1), state="interviewing"
    )
    return make_judges(competition, 2)


@pytest.fixture
def session(judges: list[Account]) -> InterviewSession:
    competition = judges[0].panels.get().competition
    people = [make_person(staff_number=number) for number in ("A001", "A002")]
    post = make_post(competition)
    return make_session(
        competition, judges, *(make_application(competition, post, person=each) for each in people)
    )


@pytest.fixture
def second(db: None) -> Account:
    return make_account(Role.AUDITOR)


def row(judge: Account, **cells: str) -> dict[str, str]:
    return {"工号": "A001", "评委登录名": judge.username, "谈判": "80", "产业": "90.5", **cells}


def read(session: InterviewSession, *rows: dict[str, str]) -> Any:
    headings = list(score_book(session).headings)
    lines = [
        TableRow(line, {name: cells.get(name, "") for name in headings}) for line, cells in enumerate(rows, 2)
    ]
    return read_scores(session, Table(headings, lines))


def typed(hr: Account, session: InterviewSession, *rows: dict[str, str]) -> ImportBatch:
    accepted, rejected = read(session, *rows)
    return keep_score_table(
        actor=hr,
        session=session,
        file_name="评分.xlsx",
        accepted=accepted,
        rejected=rejected,
        upload=make_pdf("评分表.pdf"),
    )


def full(session: InterviewSession, judges: list[Account]) -> list[dict[str, str]]:
    """Every pair, as the template lists them."""
    return [
        {"工号": number, "评委登录名": login, "谈判": "80", "产业": "90"}
        for number, _name, login, _judge in pairs_to_type(session)
    ]


def test_sheets_are_written_by_a_second_person_and_count_like_others(
    hr: Account, second: Account, session: InterviewSession, judges: list[Account]
) -> None:
    batch = typed(hr, session, *full(session, judges))
    assert not ScoreSheet.objects.exists()
    with pytest.raises(NotAllowed, match="另一位核对"):
        enter_score_table(actor=hr, session=session, batch=batch)

    made = enter_score_table(actor=second, session=session, batch=batch)

    assert [(each.state, each.entered_by, each.checked_by) for each in made] == [
        ("submitted", hr, second)
    ] * 4
    assert ImportBatch.objects.get().accepted == []
    assert Notice.objects.filter(recipient=judges[0], text__contains="代录").exists()
    assert AuditEntry.objects.filter(verb="sheet.enter").count() == 4
    close_session(actor=hr, session=session)
    assert [str(place.mark) for place in ranking_of(hr, session.competition)] == ["84.00", "84.00"]


def test_who_judges_neither_types_nor_checks_nor_sees_the_scan_until_closing(
    hr: Account, second: Account, session: InterviewSession, judges: list[Account]
) -> None:
    batch = typed(hr, session, *full(session, judges))
    paper = ScoreScan.objects.get().paper_id
    Account.objects.filter(pk=judges[0].pk).update(role=Role.HR)
    judge = Account.objects.get(pk=judges[0].pk)
    with pytest.raises(NotAllowed, match="另一位代录"):
        typed(judge, session, row(judges[1]))
    with pytest.raises(NotFound):
        enter_score_table(actor=judge, session=session, batch=batch)
    assert not papers_visible_to(judge).filter(pk=paper).exists()
    assert papers_visible_to(second).filter(pk=paper).exists()

    enter_score_table(actor=second, session=session, batch=batch)
    close_session(actor=hr, session=session)

    assert papers_visible_to(judge).filter(pk=paper).exists()


def test_a_judge_takes_a_typed_sheet_back_and_it_is_his_own(
    hr: Account, second: Account, session: InterviewSession, judges: list[Account]
) -> None:
    enter_score_table(actor=second, session=session, batch=typed(hr, session, row(judges[0])))
    interview = session.interviews.get(position=1)

    reopen_sheet(actor=judges[0], interview=interview)
    criterion = session.competition.criteria.get(name="谈判")
    save_scores(actor=judges[0], interview=interview, points={criterion.pk: 70})  # type: ignore[dict-item]
    sheet = submit_sheet(actor=judges[0], interview=interview)

    sheet.refresh_from_db()
    assert (sheet.entered_by, sheet.checked_by, sheet.paper is None) == (None, None, False)
    assert Score.objects.get(sheet=sheet, criterion=criterion).points == 70


def test_nothing_is_typed_into_a_closed_session(
    hr: Account, second: Account, session: InterviewSession, judges: list[Account]
) -> None:
    batch = typed(hr, session, *full(session, judges))
    again = typed(hr, session, row(judges[0]))
    enter_score_table(actor=second, session=session, batch=batch)
    close_session(actor=hr, session=session)

    for perform in (
        lambda: enter_score_table(actor=second, session=session, batch=again),
        lambda: typed(hr, session, row(judges[0])),
    ):
        with pytest.raises(Refused, match="封场"):
            perform()
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreSheet.objects.update(remark="改")


def test_a_judge_who_began_meanwhile_stops_the_table(
    hr: Account, second: Account, session: InterviewSession, judges: list[Account]
) -> None:
    batch = typed(hr, session, *full(session, judges))
    criterion = session.competition.criteria.get(name="谈判")
    save_scores(
        actor=judges[1],
        interview=session.interviews.get(position=2),
        points={criterion.pk: 70},  # type: ignore[dict-item]
    )

    with pytest.raises(Conflict, match="已在线"):
        enter_score_table(actor=second, session=session, batch=batch)

    assert ScoreSheet.objects.count() == 1


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"工号": "A009"}, "工号 A009 不在这一场面试。"),
        ({"姓名": "别人"}, "与姓名不符"),
        ({"评委登录名": "nobody"}, "登录名“nobody”不是这一场的评委。"),
        ({"谈判": ""}, "谈判是空的。"),
        ({"谈判": "101"}, "谈判“101”不是 0 到 100 之间的得分，最多两位小数。"),
        ({"谈判": "-1"}, "不是 0 到 100 之间"),
        ({"谈判": "80.005"}, "最多两位小数"),
        ({"谈判": "八十"}, "谈判“八十”不是"),
        ({"谈判": "NaN"}, "谈判“NaN”不是"),
    ],
)
def test_a_row_is_refused_with_its_reason(
    cells: dict[str, str], words: str, session: InterviewSession, judges: list[Account]
) -> None:
    accepted, rejected = read(session, row(judges[0], **cells))

    assert accepted == []
    assert words in rejected[0]["reasons"][0]


def test_recused_judges_and_absent_candidates_are_refused_and_not_in_the_template(
    hr: Account, session: InterviewSession, judges: list[Account]
) -> None:
    first = session.interviews.get(position=1)
    recuse(actor=hr, panelist=judges[0].panels.get(), application=first.application, reason="亲属")
    session.interviews.filter(position=2).update(was_absent=True)

    _accepted, rejected = read(
        session, row(judges[0]), row(judges[0], 工号="A002"), row(judges[1]), row(judges[1])
    )

    assert [each["line"] for each in rejected] == [2, 3, 5]
    assert ["回避" in rejected[0]["reasons"][0], "缺席" in rejected[1]["reasons"][0]] == [True, True]
    assert "不止一次" in rejected[2]["reasons"][0]
    assert [(each[0], each[2]) for each in pairs_to_type(session)] == [("A001", judges[1].username)]


def test_a_workbook_from_upload_to_sheets(
    client_as: Callable[..., Client],
    hr: Account,
    second: Account,
    session: InterviewSession,
    judges: list[Account],
) -> None:
    rows = [*full(session, judges), row(judges[0], 谈判="一百")]
    address = f"/teams/interviews/sessions/{session.public_id}/"
    assert client_as(second).get(f"{address}scores/import/").status_code == 403
    assert client_as(hr).get(f"{address}scores/template.xlsx").status_code == 200

    kept = client_as(hr).post(
        f"{address}scores/import/",
        {
            "file": workbook(session, *rows),
            "paper": make_pdf("评分表.pdf"),
        },
    )
    mine = client_as(hr).get(kept["Location"]).content.decode()
    theirs = client_as(second).get(kept["Location"]).content.decode()
    blind = client_as(judges[0]).get(kept["Location"]).status_code
    listed = client_as(second).get(address).content.decode()
    client_as(second).post(f"{kept['Location']}apply/")

    assert ("核对无误" in mine, "核对无误" in theirs, blind) == (False, True, 404)
    assert "等待核对的纸质评分" in listed
    assert client_as(second).get(f"{kept['Location']}rejected.xlsx").status_code == 200
    assert ScoreSheet.objects.filter(checked_by=second).count() == 4
    interview = session.interviews.get(position=1)
    assert "代录" in client_as(judges[0]).get(f"/teams/interviews/{interview.pk}/").content.decode()


def workbook(session: InterviewSession, *rows: dict[str, str]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    headings = score_book(session).headings
    sheet.append(headings)
    for cells in rows:
        sheet.append([cells.get(name, "") for name in headings])
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("评分.xlsx", file.getvalue())


def test_other_systems_type_and_write_scores(
    hr: Account,
    second: Account,
    administrator: Account,
    session: InterviewSession,
    judges: list[Account],
) -> None:
    def client_of(account: Account) -> Client:
        _token, key = actions.issue_token(
            actor=administrator, account=account, name="人事系统", scopes=["staff:read", "staff:write"]
        )
        return Client(headers={"Authorization": f"Token {key}"})

    address, client = f"/api/interview-sessions/{session.public_id}/scores/", client_of(hr)
    missing = client.post(address, {"file": workbook(session, row(judges[0]))})
    typed = client.post(
        address, {"file": workbook(session, row(judges[0]), row(judges[1], 谈判="一百")), "paper": make_pdf()}
    )
    own = client.post(f"{address}{typed.json()['public_id']}/apply/")
    blind = client_of(judges[0]).post(f"{address}{typed.json()['public_id']}/apply/")
    written = client_of(second).post(f"{address}{typed.json()['public_id']}/apply/")
    again = client.post(address, {"file": workbook(session, row(judges[1])), "paper": make_pdf()})
    aside = client.post(f"{address}{again.json()['public_id']}/discard/")

    assert (missing.status_code, typed.status_code) == (400, 201)
    assert [len(typed.json()[part]) for part in ("accepted", "rejected")] == [1, 1]
    assert (own.status_code, blind.status_code, written.status_code) == (403, 404, 200)
    assert ScoreSheet.objects.get().checked_by == second
    assert (aside.status_code, ImportBatch.objects.get(public_id=again.json()["public_id"]).accepted) == (
        204,
        [],
    )


def test_a_table_put_aside_is_forgotten(
    hr: Account, session: InterviewSession, judges: list[Account]
) -> None:
    batch = typed(hr, session, row(judges[0]))

    discard_score_table(actor=hr, session=session, batch=batch)

    assert (ImportBatch.objects.get().accepted, ScoreSheet.objects.count()) == ([], 0)


def statements(client: Client, address: str) -> int:
    """How many statements a page costs, once it is warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_pages_cost_the_same_with_one_candidate_and_with_three(
    client_as: Callable[..., Client], hr: Account, second: Account
) -> None:
    costs = []
    for count in (1, 3):
        now = timezone.now()
        competition = make_competition(
            opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1), state="interviewing"
        )
        judges = make_judges(competition, 2)
        post = make_post(competition)
        people = [make_person() for _each in range(count)]
        session = make_session(
            competition,
            judges,
            *(make_application(competition, post, person=each) for each in people),
            room=f"{count}号会议室",
        )
        batch = typed(hr, session, *full(session, judges))
        address = f"/teams/interviews/sessions/{session.public_id}/"
        found = [
            statements(client_as(second), f"{address}scores/{batch.public_id}/"),
            statements(client_as(hr), address),
            statements(client_as(hr), f"{address}order/"),
            statements(client_as(hr), f"{address}scores/template.xlsx"),
        ]
        enter_score_table(actor=second, session=session, batch=batch)
        close_session(actor=hr, session=session)
        competition.state = "publicity"
        competition.save()
        application = competition.applications.order_by("pk")[0]
        own = make_account(Role.STAFF, person=application.person)
        found.append(statements(client_as(own), f"/teams/applications/{application.public_id}/"))
        costs.append(found)

    assert costs[0] == costs[1]


def test_the_preview_of_forms_costs_the_same_with_one_and_with_three(
    client_as: Callable[..., Client], hr: Account
) -> None:
    competition = make_competition()
    address = f"/teams/competitions/{competition.public_id}/applications/import/"
    row = {
        "line": 2,
        "staff_number": "A1",
        "name": "甲",
        "wanted": "一队",
        "reassignment": True,
        "statement": "愿意",
    }
    batches = [
        ImportBatch.objects.create(
            kind=application_import_kind(competition),
            file_name="报名.xlsx",
            created_by=hr,
            accepted=[row] * count,
        )
        for count in (1, 3)
    ]

    costs = {statements(client_as(hr), f"{address}{batch.public_id}/") for batch in batches}

    assert len(costs) == 1
