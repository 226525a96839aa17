"""Assessment inputs in the API: recorded by one and confirmed by another, what is missing, tables, papers and units."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoAssertNumQueries

from kpi import actions
from kpi.models import AssessmentInput
from promotion.models import AuditEntry
from staff.models import Account, Person, Role, Team
from tests.factories.kpi import make_scheme
from tests.factories.staff import make_account
from tests.kpi.test_inputs import SCHEME, mark
from tests.projects.test_evidence_api import Caller

pytestmark = pytest.mark.django_db

BOTH = ["kpi:read", "kpi:write"]
BASE = "/api/assessment-inputs/"


@pytest.fixture(autouse=True)
def scheme(db: None) -> None:
    make_scheme(2025, SCHEME)


@pytest.fixture
def person(officer: Account) -> Person:
    assert officer.person is not None
    return officer.person


def ballot(person: Person, value: str | None = "90", voter: str = "甲", **more: Any) -> dict[str, Any]:
    return {
        "kind": "rating", "code": "peers", "part": "peers", "person": person.staff_number, "voter": voter,
        "value": value, **more,
    }  # fmt: skip


def body(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"year": 2025, "rows": list(rows)}


def states() -> list[str]:
    return list(AssessmentInput.objects.order_by("pk").values_list("state", flat=True))


def test_a_system_records_and_a_second_person_confirms(
    hr: Account, manager: Account, person: Person, first_team: Team
) -> None:
    system, judge = Caller(make_account(Role.API_CLIENT), BOTH), Caller(manager, BOTH)
    team = {"kind": "measure", "code": "visits", "part": "visits", "team": first_team.code, "value": "12"}

    made = system.post(BASE, body(ballot(person), ballot(person, None, "乙"), team))
    ids = [one["public_id"] for one in made.json()["recorded"]]
    same = system.post(BASE, body(ballot(person)))
    confirmed = judge.post(f"{BASE}confirm/", {"inputs": ids[:1]})
    returned = judge.post(f"{BASE}return/", {"inputs": ids[1:2], "reason": "票数不符"})
    own = system.post(f"{BASE}{ids[2]}/withdraw/", {})
    reversed_one = judge.post(f"{BASE}{ids[0]}/reverse/", {"reason": "测评无效"})

    assert [each.status_code for each in (made, same, confirmed, returned, own, reversed_one)] == [
        201, 201, 200, 200, 200, 200,
    ]  # fmt: skip
    assert (same.json()["recorded"], same.json()["unchanged"]) == ([], 1)
    assert (confirmed.json()[0]["state"], confirmed.json()[0]["decided_by"]) == (
        "confirmed",
        manager.display_name,
    )
    assert (returned.json()[0]["note"], returned.json()[0]["value"]) == ("票数不符", None)
    assert states() == ["reversed", "returned", "withdrawn"]


def test_a_system_that_saw_something_else_is_told(hr: Account, manager: Account, person: Person) -> None:
    call, other = Caller(hr, BOTH), Caller(manager, BOTH)
    said = call.post(BASE, body(ballot(person, 80, seen=""))).json()["recorded"][0]["said"]
    other.post(BASE, body(ballot(person, 85, seen=said)))

    late = call.post(BASE, body(ballot(person, 90, "乙", seen=""), ballot(person, 90, seen=said)))
    same = call.post(BASE, body(ballot(person, 85, seen=said)))
    without = call.post(BASE, body(ballot(person, 91)))

    assert late.status_code == 409
    assert list(late.json()["fields"]) == ["rows.1"]
    assert f"已由{manager.display_name}于" in late.json()["fields"]["rows.1"]
    assert "录为 85，您看到的是 80" in late.json()["message"]
    assert (same.status_code, same.json()["unchanged"]) == (201, 1)
    assert (without.status_code, states()) == (201, ["withdrawn", "withdrawn", "submitted"])
    call.post(f"{BASE}{without.json()['recorded'][0]['public_id']}/withdraw/", {})
    gone = call.post(BASE, body(ballot(person, 90, seen="91")))
    assert (gone.status_code, "现已撤回、退回或冲销" in gone.json()["message"]) == (409, True)


def test_whoever_recorded_does_not_confirm(hr: Account, person: Person) -> None:
    call = Caller(hr, BOTH)
    [one] = call.post(BASE, body(ballot(person))).json()["recorded"]

    refused = call.post(f"{BASE}confirm/", {"inputs": [one["public_id"]]})
    system = Caller(make_account(Role.API_CLIENT), BOTH).post(
        f"{BASE}confirm/", {"inputs": [one["public_id"]]}
    )

    assert (refused.status_code, system.status_code) == (422, 403)
    assert "请由另一位有权限的同事确认" in refused.json()["message"]
    assert states() == ["submitted"]


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"value": "101"}, 422, "rows.1"),
        ({"voter": ""}, 422, "rows.1"),
        ({"code": "hosts"}, 422, "rows.1"),
        ({"person": "nobody"}, 422, "rows.1.person"),
        ({"project": "P-0"}, 422, "rows.1.project"),
        ({"kind": "ballot"}, 400, "rows"),
        ({"value": "很好"}, 400, "rows"),
        ({"mark": "90"}, 400, "rows"),
    ],
)
def test_one_wrong_row_records_nothing(
    hr: Account, person: Person, change: dict[str, Any], status: int, field: str
) -> None:
    reply = Caller(hr, BOTH).post(BASE, body(ballot(person), ballot(person, voter="乙") | change))

    assert (reply.status_code, list(reply.json()["fields"])) == (status, [field])
    assert states() == []


def test_one_key_records_once_and_papers_come_as_multipart(
    hr: Account, manager: Account, person: Person
) -> None:
    call = Caller(hr, BOTH)
    first = call("post", "assessment-inputs/", body(ballot(person)), idempotency_key="i1")
    again = call("post", "assessment-inputs/", body(ballot(person)), idempotency_key="i1")
    assert (first.json(), again.headers["Idempotency-Replayed"]) == (again.json(), "true")
    assert AuditEntry.objects.filter(verb="input.record").count() == 1

    file = SimpleUploadedFile("汇总.txt", "乙 80".encode())
    sent = {f"rows[0]{name}": value for name, value in ballot(person, "80", "乙").items()}
    made = call.upload(BASE, {"year": 2025, "paper": file, **sent})
    [one] = made.json()["recorded"]
    paper = Caller(manager, BOTH).get(f"{BASE}{one['public_id']}/paper/")
    assert (made.status_code, b"".join(paper.streaming_content)) == (201, "乙 80".encode())


def test_who_sees_what(
    hr: Account,
    manager: Account,
    auditor: Account,
    leader: Account,
    officer: Account,
    colleague: Account,
    outsider: Account,
    person: Person,
) -> None:
    given = actions.record_inputs(actor=hr, year=2025, rows=[mark(person, 90), mark(person, 80, "乙")])
    actions.confirm_inputs(actor=manager, inputs=given[:1])
    seen = {hr: 2, manager: 2, auditor: 2, leader: 1, officer: 1, colleague: 0, outsider: 0}

    for account, count in seen.items():
        call = Caller(account, BOTH)
        rows = call.get(f"{BASE}?year=2025&kind=rating").json()["results"]
        overseer = count == 2
        assert len(rows) == count
        assert {one["voter"] for one in rows} == ({"甲", "乙"} if overseer else {""} if count else set())
        assert call.get(f"{BASE}{given[1].public_id}/").status_code == (200 if overseer else 404)
        for address in ("sheets/", "missing/", "workbook/"):
            assert call.get(f"{BASE}{address}?year=2025").status_code == (200 if overseer else 403)
        writes = account in (hr, manager)
        assert call.post(BASE, body(ballot(person))).status_code == (201 if writes else 403)
        assert call.get("/api/input-previews/").status_code == (200 if writes else 403)


def test_one_input_with_its_course(hr: Account, manager: Account, person: Person) -> None:
    for value in (90, 80):
        made = actions.record_inputs(actor=hr, year=2025, rows=[mark(person, value)])
        actions.confirm_inputs(actor=manager, inputs=made)

    call = Caller(hr, BOTH)
    found = call.get(f"{BASE}{made[0].public_id}/").json()

    assert (found["title"], found["detail"], found["shown"]) == ("民主测评", "同事", "80")
    assert [(one["value"], one["state"]) for one in found["course"]] == [
        ("90.00000000", "reversed"),
        ("80.00000000", "confirmed"),
    ]
    narrowed = call.get(f"{BASE}?state=confirmed&code=peers&person={person.staff_number}").json()
    assert narrowed["count"] == 1
    assert Caller(manager, BOTH).get(f"{BASE}?mine=true").json()["count"] == 0
    assert call.get(f"{BASE}?status=confirmed").status_code == 400


def test_what_is_asked_and_what_is_missing(hr: Account, person: Person, first_team: Team) -> None:
    make_account(Role.OFFICER, team=first_team)
    actions.record_inputs(actor=hr, year=2025, rows=[mark(person, 90), mark(person, 80, "乙")])
    call = Caller(hr, BOTH)

    asked = call.get(f"{BASE}sheets/?year=2025").json()
    sheets = {one["sheet"]: one for one in asked["sheets"]}
    rating = call.get(f"{BASE}missing/?year=2025&sheet=rating:peers").json()["results"]
    everything = call.get(f"{BASE}missing/?year=2025&page_size=500").json()["results"]

    assert sheets["rating:peers"]["panels"] == [
        {"part": "peers", "title": "同事", "expected": None},
        {"part": "leaders", "title": "领导", "expected": 1},
    ]
    assert (sheets["rating:peers"]["waiting"], sheets["rating:peers"]["missing"]) == (2, 4)
    assert asked["categories"] == {"front": "一线", "back": "后台"}
    assert [(one["part"], one["count"]) for one in rating] == [("peers", 2), ("leaders", 1), ("leaders", 1)]
    for name, sheet in sheets.items():
        missing = sum(one["count"] for one in everything if one["sheet"] == name)
        assert missing == sheet["missing"], name
    assert call.get(f"{BASE}missing/?year=2025&sheet=rating:x").status_code == 404
    assert call.get(f"{BASE}sheets/?year=2023").json()["scheme"] is None


def test_a_table_is_looked_at_and_then_recorded(hr: Account, person: Person) -> None:
    call = Caller(hr, BOTH)
    content = call.get(f"{BASE}workbook/?year=2025&sheet=choice:conduct").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    place = {cell.value: number for number, cell in enumerate(sheet[1])}
    for line in sheet.iter_rows(min_row=2):
        is_person = line[place["代码/工号"]].value == person.staff_number
        line[place["取值"]].value = "4" if is_person else "99"
        line[place["评分人/酌定人"]].value, line[place["理由"]].value = "考核组", "例会全勤"
    stream = io.BytesIO()
    book.save(stream)

    kept = call.upload(
        "/api/input-previews/", {"year": 2025, "file": SimpleUploadedFile("录入.xlsx", stream.getvalue())}
    )
    base = f"/api/input-previews/{kept.json()['public_id']}/"
    rows, refused = call.get(f"{base}rows/").json()["results"], call.get(f"{base}rejected/").json()["results"]
    applied = call.post(f"{base}apply/", {})

    assert (kept.status_code, kept.json()["new"], applied.json()["state"]) == (201, 1, "applied")
    assert [(one["kind"], one["title"], one["old"], one["new"]) for one in rows] == [
        ("choice", "作风", "", "4")
    ]
    assert "酌定 99 分" in refused[0]["reasons"][0]
    assert call.get(f"{base}workbook/").status_code == 200
    assert states() == ["submitted"]
    assert call.post(f"{base}discard/", {}).status_code == 422


def test_units_are_entered_and_ended(hr: Account, manager: Account, officer: Account) -> None:
    call = Caller(hr, BOTH)
    unit = {"name": "东湖街道", "code": "T01", "assessed_as": "town", "founded_on": "2025-01-01"}

    made, twice = call.post("/api/units/", unit), call.post("/api/units/", unit)
    base = f"/api/units/{made.json()['public_id']}/"
    early, closed = (
        call.post(f"{base}close/", {"on": "2024-01-01"}),
        call.post(f"{base}close/", {"on": "2025-12-01"}),
    )

    assert [each.status_code for each in (made, twice, early, closed)] == [201, 409, 422, 200]
    assert closed.json()["closed_on"] == str(date(2025, 12, 1))
    for account in (officer, manager):
        reader = Caller(account, BOTH)
        assert [one["code"] for one in reader.get("/api/units/").json()["results"]] == ["T01"]
        assert reader.post("/api/units/", unit | {"code": "T02"}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_for_one_and_for_three(
    hr: Account, person: Person, django_assert_max_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    rows = [mark(person, 90, voter) for voter in "甲乙丙"[:count]]
    actions.record_inputs(actor=hr, year=2025, rows=rows)
    call = Caller(hr, BOTH)
    call.get(BASE)

    with django_assert_max_num_queries(6):
        assert call.get(BASE).json()["count"] == count
