"""The pages and the API of next year's grades, by role, with one and with three rows."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpi import actions
from kpi.exports.books import book_layout
from kpi.models import GradeProposal, GradeRound, GradeRule
from kpi.queries.books import book_of, books_offered
from staff.models import Account, Person, Role, Team
from tests.factories.rewards import make_year, open_round, release_grades, terms_of_grades
from tests.factories.staff import make_account, make_appointment, make_person
from tests.projects.test_evidence_api import Caller

pytestmark = pytest.mark.django_db
Browser = Callable[[Account], Client]
PAGE = "/year/grades/?year=2025"
BOTH = ["kpi:read", "kpi:write"]


@pytest.fixture
def riser(officer: Account) -> Person:
    assert officer.person is not None
    return officer.person


@pytest.fixture
def opened(hr: Account, manager: Account, riser: Person) -> GradeRound:
    return open_round(hr, manager, {riser: "85"})


def test_hr_carries_a_round_through_in_the_browser(
    client_as: Browser, hr: Account, manager: Account, officer: Account, riser: Person
) -> None:
    make_year({riser: "85"})
    release_grades(hr, manager)
    desk, boss = client_as(hr), client_as(manager)

    assert "拟定职级" in desk.get(PAGE).content.decode()
    desk.post("/year/grades/open/", {"year": 2025})
    found = GradeRound.objects.get()
    row = GradeProposal.objects.get()
    kept = boss.post(f"/year/grades/proposals/{row.public_id}/", {"grade": "first"})
    assert kept.status_code == 422
    assert "与建议不同时必须写明理由" in kept.content.decode()
    desk.post(f"/year/grades/rounds/{found.public_id}/submit/", {"seen": found.version})
    boss.post(f"/year/grades/rounds/{found.public_id}/approve/", {"approve": "yes", "reason": "同意"})
    desk.post(f"/year/grades/rounds/{found.public_id}/apply/")

    found.refresh_from_db()
    assert (found.state, riser.appointments.get(ends_on=None).grade) == ("applied", "senior")
    own = client_as(officer).get(PAGE).content.decode()
    assert "一级招商专员 → 高级招商专员" in own
    assert "总分 85.00" in own


def test_others_see_the_trial_of_the_own_result_only(
    client_as: Browser, opened: GradeRound, officer: Account, outsider: Account, riser: Person
) -> None:
    own = client_as(officer).get(PAGE).content.decode()
    other = client_as(outsider).get(PAGE).content.decode()

    assert ("总分 85.00" in own, "总分 85.00" in other) == (True, False)
    assert riser.name not in other
    for account in (officer, outsider):
        browser = client_as(account)
        assert browser.get("/year/grades/workbook/?year=2025").status_code == 404
        assert browser.post(f"/year/grades/rounds/{opened.public_id}/submit/").status_code == 404
        assert browser.get(f"/year/grades/proposals/{opened.proposals.get().public_id}/").status_code == 404


def test_the_page_before_a_round_tries_the_rule(
    client_as: Browser, hr: Account, manager: Account, auditor: Account, riser: Person
) -> None:
    assert "还没有职级评定办法" in client_as(auditor).get(PAGE).content.decode()
    release_grades(hr, manager)
    assert "还没有核算结果" in client_as(auditor).get(PAGE).content.decode()
    make_year({riser: "85"}, as_of=date(2025, 6, 30))

    text = client_as(hr).get(PAGE).content.decode()

    assert "试看：按截至 2025-06-30 的核算" in text
    assert "拟定职级" not in text


def test_thresholds_are_drafted_and_released_in_the_browser(
    client_as: Browser, hr: Account, manager: Account, officer: Account
) -> None:
    desk = client_as(hr)
    typed = {
        "title": "办法",
        "holds_from": 2025,
        "measure": "score",
        "senior_at": "50",
        "first_at": "60",
        "most_up": 1,
        "most_down": 1,
    }
    refused = desk.post("/year/grades/rules/new/", typed)
    assert refused.status_code == 422
    assert 'value="50"' in refused.content.decode()
    desk.post("/year/grades/rules/new/", typed | {"senior_at": "80"})
    draft = GradeRule.objects.get()
    assert "还没有职级评定办法" in client_as(officer).get("/year/grades/rules/").content.decode()

    client_as(manager).post(f"/year/grades/rules/{draft.public_id}/release/")

    draft.refresh_from_db()
    assert draft.state == "released"
    assert "80 分及以上" in client_as(officer).get("/year/grades/rules/").content.decode()


def test_a_draft_is_changed_and_dropped(client_as: Browser, hr: Account) -> None:
    draft = actions.draft_grade_rule(actor=hr, terms=terms_of_grades())
    desk = client_as(hr)
    assert 'value="80.00"' in desk.get(f"/year/grades/rules/{draft.public_id}/").content.decode()
    desk.post(f"/year/grades/rules/{draft.public_id}/drop/")
    assert GradeRule.objects.count() == 0


def test_the_person_page_shows_decisions_to_those_who_see_them(
    client_as: Browser,
    opened: GradeRound,
    hr: Account,
    manager: Account,
    officer: Account,
    outsider: Account,
    riser: Person,
) -> None:
    actions.submit_grade_round(actor=hr, found=opened)
    actions.approve_grade_round(actor=manager, found=opened, approve=True)
    address = f"/year/grades/people/{riser.public_id}/"
    seen = [
        "高级招商专员" in client_as(each).get(address).content.decode() for each in (officer, hr, outsider)
    ]
    assert seen == [True, True, False]


def test_the_workbook_holds_each_person_and_is_recorded(
    client_as: Browser, opened: GradeRound, hr: Account, riser: Person
) -> None:
    answer = client_as(hr).get("/year/grades/workbook/?year=2025")
    book = openpyxl.load_workbook(
        BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    )
    cells = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
    assert {riser.name, "高级招商专员"} <= set(cells)


def test_the_official_table_names_who_moves_first(
    hr: Account, officer: Account, manager: Account, riser: Person, first_team: Team
) -> None:
    assert [each.lacking for each in books_offered(hr, 2025) if each.code == "grades"] == [
        "2025 年还没有职级评定。"
    ]
    make_appointment(stays := make_person(), first_team)
    open_round(hr, manager, {riser: "85", stays: "65"})

    layout = book_layout(hr, book_of("grades"), 2025)

    told = [(part.title, [(row[0], row[5]) for row in part.rows]) for part in layout.parts]
    assert told == [
        ("有变动的（1 人）", [(riser.name, "高级招商专员")]),
        ("不变的（1 人）", [(stays.name, "一级招商专员")]),
    ]
    assert [each.code for each in books_offered(officer, 2025) if each.code == "grades"] == []


def test_the_page_asks_as_often_for_three_as_for_one(
    client_as: Browser, hr: Account, manager: Account, riser: Person, first_team: Team
) -> None:
    desk = client_as(hr)
    counts = []
    found = open_round(hr, manager, {riser: "85"})
    for more in (0, 2):
        for _each in range(more):
            make_appointment(make_person(), first_team)
        if more:
            actions.renew_grade_round(actor=hr, found=found)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(PAGE).status_code == 200
        counts.append(len(queries))
    assert GradeProposal.objects.count() == 3
    assert counts[0] == counts[1]


def test_a_round_in_the_api(hr: Account, manager: Account, officer: Account, riser: Person) -> None:
    make_year({riser: "85"})
    desk, boss = Caller(hr, BOTH), Caller(manager, BOTH)
    terms = {"title": "办法", "holds_from": 2025, "measure": "score", "senior_at": "80", "first_at": "60"}
    rule = desk.post("/api/grade-rules/", terms).json()
    assert desk.post(f"/api/grade-rules/{rule['public_id']}/release/", {}).status_code == 422
    assert boss.post(f"/api/grade-rules/{rule['public_id']}/release/", {}).json()["state"] == "released"

    made = desk.post("/api/grade-rounds/", {"year": 2025})
    row = boss.get("/api/grade-proposals/?year=2025").json()["results"][0]
    refused = boss.post(f"/api/grade-proposals/{row['public_id']}/decide/", {"grade": "first"})
    stale = desk.post(f"/api/grade-rounds/{made.json()['public_id']}/submit/", {"seen": 99})
    desk.post(f"/api/grade-rounds/{made.json()['public_id']}/submit/", {})
    boss.post(f"/api/grade-rounds/{made.json()['public_id']}/approve/", {"approve": True})
    applied = desk.post(f"/api/grade-rounds/{made.json()['public_id']}/apply/", {})

    assert (made.status_code, row["proposed"], row["total"]) == (201, "senior", "85.0000")
    assert (refused.status_code, stale.status_code, applied.json()["state"]) == (422, 409, "applied")
    own = Caller(officer, ["kpi:read"]).get("/api/grade-proposals/?year=2025").json()["results"]
    other = (
        Caller(make_account(Role.OFFICER), ["kpi:read"])
        .get("/api/grade-proposals/?year=2025")
        .json()["results"]
    )
    assert ([each["decided"] for each in own], other) == (["senior"], [])
