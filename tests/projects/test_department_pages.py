"""The directory of departments: read by everybody, kept by a few."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from projects.models import Department
from staff.models import Account
from tests.factories.departments import make_contact, make_department

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
