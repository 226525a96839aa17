"""A form that comes twice with one key is written once: what a browser sends again after its network was away."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from projects.models import FollowUp, Project
from promotion.models import IdempotencyKey
from staff.models import Account
from tests.factories.projects import make_project

ClientAs = Callable[[Account], Client]
LEAD = {"company_name": "演示储能有限公司", "name": "储能电站", "channel": "fund", "idempotency_key": "k-1"}
NOTE = {"kind": "call", "happened_at": "2026-03-02T09:00", "text": "电话联系。", "idempotency_key": "k-2"}


def test_the_second_time_leads_to_where_the_first_went(officer: Account, client_as: ClientAs) -> None:
    client = client_as(officer)

    first = client.post("/leads/new/", LEAD)
    second = client.post("/leads/new/", LEAD)
    in_the_dialog = client.post("/leads/new/", LEAD, headers={"HX-Request": "true"})

    project = Project.objects.get()
    assert (
        first["Location"]
        == second["Location"]
        == in_the_dialog["HX-Redirect"]
        == f"/projects/{project.public_id}/"
    )


def test_a_refused_form_may_be_mended_under_its_key(officer: Account, client_as: ClientAs) -> None:
    client = client_as(officer)

    wrong = client.post("/leads/new/", {**LEAD, "name": ""})
    right = client.post("/leads/new/", LEAD)

    assert (wrong.status_code, right.status_code, Project.objects.count()) == (422, 302, 1)


def test_keys_are_each_persons_own(officer: Account, colleague: Account, client_as: ClientAs) -> None:
    project = make_project(officer, team=officer.person.appointments.get().team)  # type: ignore[union-attr]
    other = make_project(colleague)

    for account, one in ((officer, project), (colleague, other)):
        for _turn in range(2):
            client_as(account).post(f"/projects/{one.public_id}/follow-up/", NOTE)

    assert (FollowUp.objects.count(), IdempotencyKey.objects.count()) == (2, 2)


def test_without_a_key_the_form_is_done_as_it_comes(officer: Account, client_as: ClientAs) -> None:
    project = make_project(officer)
    typed = {name: value for name, value in NOTE.items() if name != "idempotency_key"}

    for _turn in range(2):
        client_as(officer).post(f"/projects/{project.public_id}/follow-up/", typed)

    assert FollowUp.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_that_arrive_together_write_once(officer: Account, client_as: ClientAs) -> None:
    project = make_project(officer)
    clients = [client_as(officer) for _turn in range(4)]

    def send(client: Client) -> int:
        try:
            return client.post(f"/projects/{project.public_id}/follow-up/", NOTE).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(send, clients))

    assert (statuses, FollowUp.objects.count()) == ([302] * 4, 1)
