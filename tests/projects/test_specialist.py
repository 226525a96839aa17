"""Specialists of departments in a project: named, replaced, ended, asked for once building begins."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from projects.actions import end_specialist, name_specialist
from projects.models import DepartmentContact, Project
from projects.queries.service import four_ones
from projects.queries.specialist import specialists_due, specialists_tab
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.departments import make_contact, make_department
from tests.factories.projects import make_project
from tests.projects.test_evidence_api import SCOPES, Caller

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, name="动力电池", stage="started")


@pytest.fixture
def contacts(db: None) -> list[DepartmentContact]:
    department = make_department(names_specialist=True)
    return [make_contact(department, name) for name in ("蒋立群", "苏敏")]


def test_a_replacement_ends_the_present_one_on_its_day(
    officer: Account, project: Project, contacts: list[DepartmentContact]
) -> None:
    first = name_specialist(
        actor=officer, project=project, contact=contacts[0], on=TODAY() - timedelta(9), seen=0
    )
    with pytest.raises(Refused) as silent:
        name_specialist(actor=officer, project=project, contact=contacts[1])

    second = name_specialist(
        actor=officer, project=project, contact=contacts[1], reason="轮岗", seen=first.pk
    )

    first.refresh_from_db()
    assert list(silent.value.fields) == ["reason"]
    assert (first.ends_on, second.starts_on, second.ends_on) == (TODAY(), TODAY(), None)
    assert AuditEntry.objects.filter(verb="specialist.name").count() == 2


def test_two_editors_get_a_sentence(
    officer: Account, project: Project, contacts: list[DepartmentContact]
) -> None:
    name_specialist(actor=officer, project=project, contact=contacts[0], seen=0)

    with pytest.raises(Conflict) as conflict:
        name_specialist(actor=officer, project=project, contact=contacts[1], reason="轮岗", seen=0)

    assert "蒋立群" in conflict.value.message


@pytest.mark.parametrize(("days", "fields"), [(1, ["on"]), (-4000, ["on"])])
def test_days_to_come_and_before_the_project_are_refused(
    officer: Account, project: Project, contacts: list[DepartmentContact], days: int, fields: list[str]
) -> None:
    with pytest.raises(Refused) as refusal:
        name_specialist(actor=officer, project=project, contact=contacts[0], on=TODAY() + timedelta(days))

    assert list(refusal.value.fields) == fields


def test_nobody_is_named_who_left_or_by_whom_the_project_is_not(
    officer: Account, auditor: Account, outsider: Account, project: Project, contacts: list[DepartmentContact]
) -> None:
    DepartmentContact.objects.filter(pk=contacts[0].pk).update(is_active=False)
    with pytest.raises(Refused):
        name_specialist(actor=officer, project=project, contact=contacts[0])
    with pytest.raises(NotAllowed):
        name_specialist(actor=auditor, project=project, contact=contacts[1])
    with pytest.raises(NotFound):
        name_specialist(actor=outsider, project=project, contact=contacts[1])


def test_an_end_needs_a_reason_and_happens_once(
    officer: Account, project: Project, contacts: list[DepartmentContact]
) -> None:
    named = name_specialist(actor=officer, project=project, contact=contacts[0])
    with pytest.raises(Refused):
        end_specialist(actor=officer, specialist=named, reason=" ")

    end_specialist(actor=officer, specialist=named, reason="用电已接通")

    with pytest.raises(Conflict):
        end_specialist(actor=officer, specialist=named, reason="用电已接通")
    assert AuditEntry.objects.filter(verb="specialist.end").count() == 1


def test_building_without_specialists_is_hinted_until_they_are_named(
    officer: Account,
    project: Project,
    contacts: list[DepartmentContact],
    client_as: Callable[[Account], Client],
) -> None:
    signed = make_project(officer, stage="registered")
    browser = client_as(officer)
    panel = browser.get(f"/projects/{signed.public_id}/advance/?to=started").content.decode()
    before = (four_ones(project).departments_lacking, [one.kind for one in specialists_due(officer, TODAY())])
    page = browser.get(f"/projects/{project.public_id}/?tab=specialists").content.decode()
    name_specialist(actor=officer, project=project, contact=contacts[0])

    assert "建设阶段要有部门专员，还缺：供电公司" in panel
    assert before == (["供电公司"], ["specialists"])
    assert "还没有指派专员的部门：供电公司" in page
    assert (four_ones(project).departments_lacking, specialists_due(officer, TODAY())) == ([], [])
    assert four_ones(signed).departments_lacking == []


def test_the_tab_names_replaces_and_ends(
    officer: Account,
    project: Project,
    contacts: list[DepartmentContact],
    client_as: Callable[[Account], Client],
) -> None:
    browser, base = client_as(officer), f"/projects/{project.public_id}/specialists/"
    department = contacts[0].department
    one = f"{base}of/{department.public_id}/"
    browser.post(f"{base}new/", {"contact": contacts[0].pk, "on": TODAY(), "seen": 0})
    named = project.specialists.get()

    given = {"contact": contacts[1].pk, "on": TODAY(), "seen": named.pk}
    silent = browser.post(one, given)
    stale = browser.post(one, {**given, "seen": 0, "reason": "轮岗换人"})
    browser.post(one, {**given, "reason": "轮岗"})
    present = project.specialists.get(ends_on=None)
    browser.post(f"{base}{present.pk}/end/", {"reason": "已接通", "on": TODAY()})

    page = browser.get(f"/projects/{project.public_id}/?tab=specialists").content.decode()
    assert (silent.status_code, stale.status_code, "轮岗换人" in stale.content.decode()) == (422, 422, True)
    assert ("以前的专员" in page, "苏敏" in page, project.specialists.filter(ends_on=None).count()) == (
        True,
        True,
        0,
    )


def test_the_api_reads_names_and_ends(
    officer: Account, outsider: Account, project: Project, contacts: list[DepartmentContact]
) -> None:
    call, base = Caller(officer, SCOPES), f"/api/projects/{project.public_id}/specialists/"
    before = call.get(base).json()
    named = call.post(base, {"contact": contacts[0].pk, "seen": 0})
    stale = call.post(base, {"contact": contacts[1].pk, "reason": "轮岗", "seen": 0})
    unknown = call.post(base, {"contact": 999_999})
    ended = call.post(f"{base}{named.json()['present'][0]['id']}/end/", {"reason": "已接通"})

    assert (before["lacking"], named.json()["lacking"]) == (["power"], [])
    assert [each.status_code for each in (named, stale, unknown, ended)] == [201, 409, 422, 200]
    assert [row["contact"]["name"] for row in ended.json()["former"]] == ["蒋立群"]
    assert Caller(outsider, SCOPES).get(base).status_code == 404


def test_what_is_built_asks_for_nobody(officer: Account, contacts: list[DepartmentContact]) -> None:
    built = make_project(officer, stage="produced")

    assert (specialists_tab(built)["lacking"], four_ones(built).departments_lacking) == ([], [])
    assert len(four_ones(make_project(officer, stage="completed")).departments_lacking) == 1
