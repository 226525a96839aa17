"""Applications on paper: typed in by HR with the scan, one by one or as a table, handed in by the same rules."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from promotion.errors import NotAllowed, Refused
from promotion.models import AuditEntry, ImportBatch, Notice
from promotion.web.tables import Table, TableRow
from staff import actions
from staff.access import papers_visible_to
from staff.actions.application_entry import enter_application
from staff.imports.application import application_book, read_applications
from staff.models import Account, Application, Competition, Person, Role
from tests.factories.competition import make_application, make_competition, make_post, make_requirement
from tests.factories.files import make_pdf
from tests.factories.staff import make_account, make_person

pytestmark = pytest.mark.django_db


def scan() -> SimpleUploadedFile:
    return make_pdf("报名表.pdf")


@pytest.fixture
def competition(db: None) -> Competition:
    """An open round with two posts, of which the second asks for Japanese."""
    make_requirement(text="沟通能力")
    competition = make_competition()
    make_post(competition)
    make_post(competition, language="日语")
    return competition


@pytest.fixture
def person(db: None) -> Person:
    return make_person(staff_number="A001", name="陆知远")


def row(**cells: str) -> dict[str, str]:
    return {
        "工号": "A001",
        "第一志愿": "1",
        "服从调剂": "是",
        "竞聘陈述": "愿意到一线",
        "沟通能力": "外联五年",
        **cells,
    }


def read(actor: Account, competition: Competition, *rows: dict[str, str]) -> Any:
    headings = list(application_book(competition).headings)
    lines = [
        TableRow(line, {name: cells.get(name, "") for name in headings}) for line, cells in enumerate(rows, 2)
    ]
    return read_applications(actor, competition, Table(headings, lines))


def enter(actor: Account, competition: Competition, person: Person, **given: Any) -> Application:
    return enter_application(
        actor=actor,
        competition=competition,
        person=person,
        **{
            "posts": list(competition.posts.order_by("position")[:1]),
            "statement": "愿意到一线",
            "claims": {"沟通能力": "外联五年"},
            "paper": scan(),
            **given,
        },
    )


def workbook(competition: Competition, *rows: dict[str, str]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    headings = application_book(competition).headings
    sheet.append(headings)
    for cells in rows:
        sheet.append([cells.get(name, "") for name in headings])
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("报名.xlsx", file.getvalue())


def test_a_form_is_handed_in_for_somebody_with_its_scan(
    hr: Account, competition: Competition, person: Person
) -> None:
    own = make_account(Role.STAFF, person=person)

    made = enter(hr, competition, person, accepts_reassignment=True)

    assert (made.state, made.entered_by, made.accepts_reassignment) == ("submitted", hr, True)
    assert [claim.words for claim in made.claims.all()] == ["外联五年"]
    assert Notice.objects.filter(recipient=own, text__contains="纸质报名表").exists()
    assert AuditEntry.objects.get(verb="application.enter").target_id == str(made.pk)
    papers = [papers_visible_to(each).filter(pk=made.entry_paper_id).exists() for each in (hr, own)]
    assert papers == [True, False]


def test_only_hr_types_forms_in_and_never_the_own_one(
    hr: Account, manager: Account, competition: Competition, person: Person
) -> None:
    with pytest.raises(NotAllowed, match="人事代录"):
        enter(manager, competition, person)
    assert hr.person is not None
    with pytest.raises(Refused, match="自己的报名"):
        enter(hr, competition, hr.person)


def test_an_application_that_stands_is_not_written_over_and_one_taken_back_is(
    hr: Account, competition: Competition, person: Person
) -> None:
    standing = make_application(competition, person=person, state="draft")
    with pytest.raises(Refused, match="已有报名（未提交）"):
        enter(hr, competition, person)
    Application.objects.filter(pk=standing.pk).update(state="withdrawn")

    assert enter(hr, competition, person).pk == standing.pk


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"claims": {}}, "还有条件没有说明：沟通能力"),
        ({"posts": []}, "至少选择一个岗位"),
        ({"statement": " "}, "竞聘陈述"),
    ],
)
def test_an_incomplete_form_is_refused_and_nothing_is_kept(
    given: dict[str, Any], words: str, hr: Account, competition: Competition, person: Person
) -> None:
    with pytest.raises(Refused, match=words):
        enter(hr, competition, person, **given)
    assert not Application.objects.exists()


def test_no_form_is_typed_in_after_the_window(hr: Account, competition: Competition, person: Person) -> None:
    Competition.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused, match="不在报名时间内"):
        enter(hr, Competition.objects.get(), person)


def test_the_database_wants_the_scan_of_what_was_typed_in(
    hr: Account, competition: Competition, person: Person
) -> None:
    made = enter(hr, competition, person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=made.pk).update(entry_paper=None)


def test_a_table_names_posts_by_number_or_in_full(
    hr: Account, competition: Competition, person: Person
) -> None:
    second = competition.posts.get(language="日语")

    accepted, rejected = read(
        hr,
        competition,
        row(第一志愿=str(second), 第二志愿="1", 日语可用于工作="日语一级"),
    )

    assert rejected == []
    assert accepted[0]["posts"] == [second.pk, competition.posts.get(language="").pk]
    assert accepted[0]["claims"] == {"沟通能力": "外联五年", "日语可用于工作": "日语一级"}


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"工号": "没有"}, "没有工号为 没有 的人员。"),
        ({"姓名": "周二"}, "工号 A001 是陆知远，与姓名不符。"),
        ({"第一志愿": "9"}, "第一志愿“9”不是这次竞聘的岗位；请填岗位序号或全称。"),
        ({"第二志愿": "1"}, "同一个岗位只能填一次志愿。"),
        ({"第二志愿": "2"}, "还有条件没有说明：日语可用于工作。"),
        ({"竞聘陈述": ""}, "竞聘陈述是空的。"),
        ({"服从调剂": "也许"}, "服从调剂请填“是”或“否”，不是“也许”。"),
    ],
)
def test_a_row_is_refused_with_its_reason(
    cells: dict[str, str], words: str, hr: Account, competition: Competition, person: Person
) -> None:
    accepted, rejected = read(hr, competition, row(**cells))

    assert (accepted, rejected[0]["reasons"]) == ([], [words])


def test_somebody_twice_in_the_table_is_refused_once(
    hr: Account, competition: Competition, person: Person
) -> None:
    accepted, rejected = read(hr, competition, row(), row())

    assert ([each["line"] for each in accepted], [each["line"] for each in rejected]) == ([2], [3])


def test_a_workbook_from_upload_to_applications(
    client_as: Callable[..., Client], hr: Account, officer: Account, competition: Competition, person: Person
) -> None:
    client, address = client_as(hr), f"/teams/competitions/{competition.public_id}/applications/"
    assert client_as(officer).get(f"{address}import/").status_code == 403
    assert "代录纸质报名" in client.get(address).content.decode()
    without = client.post(f"{address}import/", {"file": workbook(competition, row())})
    assert (without.status_code, "paper" in without.context["form"].errors) == (422, True)

    kept = client.post(
        f"{address}import/", {"file": workbook(competition, row(), row(工号="没有")), "paper": scan()}
    )
    preview = client.get(kept["Location"]).content.decode()
    refused = client.get(f"{kept['Location']}rejected.xlsx")
    written = client.post(f"{kept['Location']}apply/")

    assert "陆知远" in preview
    assert "没有工号为 没有 的人员。" in preview
    assert refused.status_code == 200
    assert written["Location"] == address
    assert Application.objects.get().entered_by == hr
    assert ImportBatch.objects.get().accepted == []
    assert client.get(f"{address}template.xlsx").status_code == 200
    detail = client.get(f"/teams/applications/{Application.objects.get().public_id}/").content.decode()
    assert "按纸质报名表代录" in detail


def test_a_table_put_aside_is_forgotten(
    client_as: Callable[..., Client], hr: Account, competition: Competition, person: Person
) -> None:
    client, address = client_as(hr), f"/teams/competitions/{competition.public_id}/applications/import/"
    kept = client.post(address, {"file": workbook(competition, row()), "paper": scan()})

    client.post(f"{kept['Location']}discard/")

    assert (ImportBatch.objects.get().accepted, Application.objects.count()) == ([], 0)
    assert client.post(f"{kept['Location']}apply/").status_code == 422


def test_other_systems_hand_a_form_in(
    hr: Account, administrator: Account, competition: Competition, person: Person
) -> None:
    _token, key = actions.issue_token(
        actor=administrator, account=hr, name="人事系统", scopes=["staff:read", "staff:write"]
    )
    client = Client(headers={"Authorization": f"Token {key}"})
    body = {
        "person": "A001",
        "posts": [competition.posts.get(language="").pk],
        "statement": "愿意到一线",
        "claims": json.dumps({"沟通能力": "外联五年"}),
    }

    wrong = client.post(f"/api/competitions/{competition.public_id}/applications/enter/", body)
    made = client.post(
        f"/api/competitions/{competition.public_id}/applications/enter/", {**body, "paper": scan()}
    )

    assert (wrong.status_code, made.status_code) == (400, 201)
    assert (made.json()["is_typed"], made.json()["state"]) == (True, "submitted")
