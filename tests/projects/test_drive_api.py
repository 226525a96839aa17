"""Supervised drives in the API: the same actions, the same sentences, standings by facts."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from projects.models import Drive, Project
from staff.models import Account
from tests.factories.projects import make_project
from tests.projects.test_evidence_api import SCOPES, Caller

pytestmark = pytest.mark.django_db


def in_days(count: int) -> str:
    return str(timezone.localdate() + timedelta(count))


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, name="动力电池", stage="negotiation")


def begun(call: Caller, lead: Account, *projects: Project, **fields: Any) -> Any:
    assert lead.person is not None
    body = {
        "name": "百日攻坚", "leader": lead.person.staff_number, "starts_on": in_days(0), "ends_on": in_days(90),
        "projects": [each.public_id for each in projects],
        "target": {"text": "厂房交付", "due_on": in_days(60)}, **fields,
    }  # fmt: skip
    return call.post("/api/drives/", body)


def test_a_drive_goes_from_its_start_to_its_result(
    manager: Account, leader: Account, officer: Account, project: Project
) -> None:
    judge, own, second = Caller(manager, SCOPES), Caller(officer, SCOPES), make_project(officer)
    started = begun(judge, leader, project)
    base = f"/api/drives/{started.json()['public_id']}/"
    line = f"{base}projects/{started.json()['lines'][0]['id']}/"
    added = judge.post(
        f"{base}projects/", {"projects": [second.public_id], "stage": "signed", "due_on": in_days(30)}
    )
    reported = own.post(f"{line}report/", {"done": "已封顶", "progress": 80, "version": 1})
    late = own.post(f"{line}report/", {"done": "再报", "progress": 90, "version": 1})
    forbidden = own.post(f"{line}done/", {"result": "已交付"})
    finished = judge.post(f"{line}done/", {"result": "已交付"})
    closed = judge.post(f"{base}close/", {"result": "完成一个"})

    assert [each.status_code for each in (started, added, reported, late, forbidden, finished, closed)] == [
        201, 201, 201, 409, 403, 200, 200,
    ]  # fmt: skip
    lines = {row["project"]["public_id"]: row for row in closed.json()["lines"]}
    first = lines[project.public_id]
    assert (first["cause"], first["progress"], first["last_report"]["progress"]) == ("done", 100, 80)
    assert (lines[second.public_id]["by_facts"], lines[second.public_id]["lamp"]) == (True, "green")
    assert own.get("/api/drives/").json()["results"] == []
    assert [row["done"] for row in own.get("/api/drives/?state=closed").json()["results"]] == [1]


def test_target_change_and_removal_say_why(
    manager: Account, leader: Account, officer: Account, project: Project
) -> None:
    judge = Caller(manager, SCOPES)
    started = begun(judge, leader, project).json()
    base = f"/api/drives/{started['public_id']}/"
    line = f"{base}projects/{started['lines'][0]['id']}/"

    silent = judge.post(f"{line}target/", {"stage": "signed", "due_on": in_days(40)})
    changed = judge.post(f"{line}target/", {"stage": "signed", "due_on": in_days(40), "reason": "先签约"})
    renamed = judge.patch(base, {"version": started["version"], "name": "年末冲刺"})
    stale = judge.patch(base, {"version": started["version"], "name": "又一名"})
    removed = judge.post(f"{line}remove/", {"reason": "改由市级调度"})

    assert [each.status_code for each in (silent, changed, renamed, stale, removed)] == [
        400,
        200,
        200,
        409,
        200,
    ]
    assert changed.json()["lines"][0]["target_stage"] == "signed"
    assert (renamed.json()["name"], removed.json()["lines"]) == ("年末冲刺", [])


def test_outsiders_find_no_drive_and_name_no_project(
    manager: Account, leader: Account, outsider: Account, project: Project
) -> None:
    base = f"/api/drives/{begun(Caller(manager, SCOPES), leader, project).json()['public_id']}/"
    stranger = Caller(outsider, SCOPES)

    assert stranger.get(base).status_code == 404
    assert stranger.post(f"{base}close/", {"result": "完"}).status_code == 404
    assert begun(stranger, leader).status_code == 403
    assert begun(Caller(leader, SCOPES), leader, make_project(outsider)).status_code == 422
    assert Drive.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_drive_costs_the_same_for_one_project_and_for_three(
    manager: Account,
    leader: Account,
    officer: Account,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    call = Caller(manager, SCOPES)
    started = begun(call, leader, *[make_project(officer) for _ in range(count)]).json()
    call.get("/api/drives/")

    with django_assert_num_queries(6):
        call.get(f"/api/drives/{started['public_id']}/")


def test_days_are_days(manager: Account, leader: Account) -> None:
    answer = begun(Caller(manager, SCOPES), leader, ends_on=str(date(2020, 1, 1)))

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["ends_on"])
