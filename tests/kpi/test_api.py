"""Rankings and runs for other systems: scopes, exact figures as text, and items only where they may be opened."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from kpi.actions.run import execute_run, request_run
from kpi.models import Run, Standing
from staff.models import Account, ApiToken, Role
from tests.factories.kpi import make_scheme
from tests.factories.projects import make_project, make_recognised, make_share
from tests.factories.staff import make_account

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]


@pytest.fixture
def scored(officer: Account, manager: Account) -> Account:
    make_scheme(2025)
    project = make_project(officer)
    assert officer.person
    make_share(project, officer.person, 100, holds_from=date(2025, 1, 1))
    make_recognised(project, officer, manager, happened_on=date(2025, 3, 1))
    execute_run(run_id=request_run(actor=None, year=2025).pk)
    return officer


def client_with(*scopes: str) -> APIClient:
    """Another system whose token has these scopes."""
    account = make_account(Role.API_CLIENT)
    client = APIClient()
    client.force_authenticate(user=account, token=ApiToken(account=account, scopes=list(scopes)))
    return client


def test_ranking_gives_the_groups_of_the_year(scored: Account) -> None:
    reply = client_with("kpi:read").get("/api/ranking/?year=2025&group=officers")

    assert reply.status_code == 200
    assert reply.json()["count"] == 1
    row = reply.json()["results"][0]
    assert (row["person"], row["name"], row["rank"], row["total"]) == (
        scored.person and scored.person.staff_number,
        scored.display_name,
        1,
        "0.0000",
    )
    assert {
        one["group"] for one in client_with("kpi:read").get("/api/ranking/?year=2025").json()["results"]
    } == {
        "officers",
        "teams",
    }


def test_ranking_of_a_year_without_results_is_empty_and_nonsense_is_refused(scored: Account) -> None:
    client = client_with("kpi:read")

    assert client.get("/api/ranking/?year=2024").json()["results"] == []
    refused = client.get("/api/ranking/?year=two")
    assert (refused.status_code, refused.json()["fields"]) == (422, {"year": "请写四位数字。"})


@pytest.mark.parametrize("address", ["/api/ranking/", "/api/runs/", "/api/standings/1/"])
def test_reading_needs_its_scope(address: str) -> None:
    assert client_with("projects:read").get(address).status_code == 403


def test_run_is_requested_with_the_writing_scope_and_once_per_key(scored: Account) -> None:
    client = client_with("kpi:read", "kpi:write")

    first = client.post("/api/runs/", {"year": 2025}, format="json", headers={"Idempotency-Key": "a"})
    again = client.post("/api/runs/", {"year": 2025}, format="json", headers={"Idempotency-Key": "a"})

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["public_id"] == again.json()["public_id"]
    assert Run.objects.filter(state="queued").count() == 1
    assert client_with("kpi:read").post("/api/runs/", {"year": 2025}, format="json").status_code == 403


def test_run_of_an_impossible_year_is_refused(scored: Account) -> None:
    client = client_with("kpi:write")

    assert client.post("/api/runs/", {"year": "soon"}, format="json").status_code == 400
    assert client.post("/api/runs/", {"year": 2001}, format="json").status_code == 422


def test_runs_say_which_one_readers_see(scored: Account) -> None:
    request_run(actor=None, year=2025)

    results: list[dict[str, Any]] = client_with("kpi:read").get("/api/runs/?year=2025").json()["results"]

    assert [(one["number"], one["state"], one["is_current"]) for one in results] == [
        (2, "queued", False),
        (1, "done", True),
    ]


def test_standing_opens_its_items_only_to_those_who_may(
    scored: Account, outsider: Account, client_as: SignIn
) -> None:
    standing = Standing.objects.get(person=scored.person)
    address = f"/api/standings/{standing.pk}/"

    replies = [
        client_as(scored).get(address),
        client_as(outsider).get(address),
        client_with("kpi:read").get(address),
    ]

    items = [reply.json()["items"] for reply in replies]
    assert [None if one is None else [item["indicator"] for item in one] for one in items] == [
        ["signing", "incidents"],
        None,
        ["signing", "incidents"],
    ]
    assert items[0][0]["figures"] == [
        {"code": "signed", "title": "签约项目", "value": "1", "unit": "个", "bands": []}
    ]
