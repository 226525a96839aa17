"""The directory of departments: read by everybody, kept by a few."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from projects.actions import close_department, name_specialist, raise_blocker, save_department_contact
from projects.actions.joint_review import open_joint_review
from projects.models import Department
from promotion.errors import Conflict, Refused
from staff.models import Account
from tests.factories.departments import make_contact, make_department
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db


def test_hr_enters_a_department_with_a_contact_and_officers_read_it(
    hr: Account, officer: Account, client_as: Callable[[Account], Client]
) -> None:
    keeper = client_as(hr)

    entered = keeper.post("/departments/new/", {"code": "power", "name": "供电公司", "phone": "0510-1"})
    department = Department.objects.get()
    saved = keeper.post(
        f"/departments/{department.public_id}/contacts/", {"name": "蒋立群", "phone": "13700000000"}
    )
    page = client_as(officer).get("/departments/").content.decode()

    assert (entered.status_code, saved.status_code) == (302, 302)
    assert "供电公司" in page
    assert "蒋立群" in page
    assert "新增部门" not in page


def test_what_is_wrong_is_said_and_what_was_typed_stays(
    hr: Account, officer: Account, client_as: Callable[[Account], Client]
) -> None:
    department = make_department()
    url = f"/departments/{department.public_id}/contacts/"

    refused = client_as(hr).post(url, {"name": "蒋立群"})

    assert refused.status_code == 422
    assert "蒋立群" in refused.content.decode()
    assert "请填写电话或电子邮箱" in refused.content.decode()
    assert client_as(officer).post(url, {"name": "蒋立群", "phone": "1"}).status_code == 403


def test_a_department_is_closed_and_a_contact_retires(
    hr: Account, client_as: Callable[[Account], Client]
) -> None:
    department = make_department()
    contact = make_contact(department)
    keeper = client_as(hr)

    keeper.post(f"/departments/{department.public_id}/contacts/{contact.pk}/retire/")
    keeper.post(f"/departments/{department.public_id}/turn/")

    department.refresh_from_db()
    contact.refresh_from_db()
    assert (department.is_open, contact.is_active) == (False, False)


def test_the_directory_costs_the_same_with_one_and_three(
    officer: Account,
    client_as: Callable[[Account], Client],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_contact(make_department())
    client = client_as(officer)
    client.get("/departments/")
    with django_assert_num_queries(7) as one:
        client.get("/departments/")
    for code in ("a", "b"):
        make_contact(make_department(code, f"部门{code}"))

    with django_assert_num_queries(len(one)):
        client.get("/departments/")


def test_the_api_enters_and_changes_through_the_same_actions(
    hr: Account, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(hr)

    made = client.post(
        "/api/departments/", {"code": "water", "name": "水务公司"}, content_type="application/json"
    )
    url = f"/api/departments/{made.json()['public_id']}/"
    changed = client.patch(url, {"version": 1, "phone": "0510-2"}, content_type="application/json")
    stale = client.patch(url, {"version": 1, "phone": "0510-3"}, content_type="application/json")

    assert [made.status_code, changed.status_code, stale.status_code] == [201, 200, 409]
    assert changed.json()["phone"] == "0510-2"


def test_a_department_is_not_closed_while_anything_runs_with_it(hr: Account, officer: Account) -> None:
    department, project = make_department(), make_project(officer)
    raise_blocker(actor=officer, project=project, department=department, title="外线未批")
    open_joint_review(actor=officer, project=project, subject="用能", departments=[department])
    name_specialist(actor=officer, project=project, contact=make_contact(department))

    with pytest.raises(Refused) as refusal:
        close_department(actor=hr, department=department)

    department.refresh_from_db()
    assert department.is_open
    assert refusal.value.message == (
        "“供电公司”还有：1 个堵点没有办结、1 份会签意见没有反馈、1 个项目的专员在任（蒋立群）。请先办结或更换，再停用。"
    )


def test_two_editors_of_a_contact_get_a_sentence_and_a_retired_one_stays(
    hr: Account, client_as: Callable[[Account], Client]
) -> None:
    department = make_department()
    contact = make_contact(department)
    url = f"/departments/{department.public_id}/contacts/{contact.pk}/"
    given = {"name": "蒋立群", "phone": "13700000000", "seen": contact.version}
    client_as(hr).post(url, given)

    stale = client_as(hr).post(url, {**given, "phone": "13900000000"})
    client_as(hr).post(f"{url}retire/")
    contact.refresh_from_db()

    assert (stale.status_code, "13900000000" in stale.content.decode()) == (422, True)
    assert "登记部门联系人" in stale.content.decode()
    assert (contact.phone, contact.is_active) == ("13700000000", False)
    with pytest.raises(Conflict) as conflict:
        save_department_contact(actor=hr, department=department, contact=contact, name="蒋立群", phone="1")
    assert "已离岗" in conflict.value.message


def test_the_api_changes_and_retires_contacts_and_closes_departments(
    hr: Account, officer: Account, client_as: Callable[[Account], Client]
) -> None:
    department = make_department()
    contact, client = make_contact(department, phone="1"), client_as(hr)
    base = f"/api/departments/{department.public_id}/"
    one = f"{base}contacts/{contact.pk}/"

    def send(method: str, path: str, **body: object) -> object:
        return getattr(client, method)(path, body, content_type="application/json")

    answers = [
        send("patch", one, version=1, title="营销部主任"),
        send("patch", one, version=1, title="又一个"),
        send("post", f"{one}retire/", version=2),
        send("patch", one, version=3, title="再改"),
        send("post", f"{base}close/", version=1, reason="机构改革"),
        send("post", f"{base}reopen/", version=1),
        send("post", f"{base}reopen/", version=2),
    ]

    assert [each.status_code for each in answers] == [200, 409, 200, 409, 200, 409, 200]  # type: ignore[attr-defined]
    contact.refresh_from_db()
    assert (contact.title, contact.phone, contact.is_active) == ("营销部主任", "1", False)
    refused = client_as(officer).post(f"{base}close/", {"version": 3}, content_type="application/json")
    assert refused.status_code == 403
