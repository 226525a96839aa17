"""Another system at the door: a lead written once, changes followed, the ranking read, the document served from here alone."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from projects.actions import advance_project
from projects.models import Company, Project
from promotion.models import AuditEntry
from staff.actions import issue_token
from staff.models import Account, ApiToken, Role, Team
from tests.factories.staff import make_account
from tests.factories.stories import (
    YEAR,
    a_paper,
    give_targets,
    publish_year,
    recalculate,
    recognised_signing,
    signed_project,
)

pytestmark = pytest.mark.django_db(transaction=True)
Reply = tuple[int, dict[str, Any], dict[str, str]]
Ask = Callable[..., Reply]

LEAD = {
    "company_name": "演示接口来源有限公司",
    "name": "接口推送的线索",
    "channel": "online",
    "planned_investment": "350000000.00",
    "next_step": "电话联系",
}


@pytest.fixture(autouse=True)
def _unthrottled() -> None:
    cache.clear()


@pytest.fixture
def system(administrator: Account) -> tuple[Account, str]:
    """Another system's account with a key for projects and rankings."""
    account = make_account(Role.API_CLIENT, person=None)
    _token, key = issue_token(
        actor=administrator,
        account=account,
        name="省级平台",
        scopes=[ApiToken.Scope.READ_PROJECTS, ApiToken.Scope.WRITE_PROJECTS, ApiToken.Scope.READ_KPI],
    )
    return account, key


@pytest.fixture
def ask(live_server: Any, system: tuple[Account, str]) -> Ask:
    """`ask("POST", "/api/leads/", {...}, key=…)` over the wire: status, body, headers."""

    def send(method: str, path: str, body: Any = None, *, token: str = "", **headers: str) -> Reply:
        sent = {"Authorization": f"Token {token or system[1]}", "Content-Type": "application/json", **headers}
        data = json.dumps(body).encode() if body is not None else None
        request = Request(live_server.url + path, data=data, headers=sent, method=method)  # noqa: S310 loopback
        try:
            with urlopen(request) as reply:  # noqa: S310 loopback
                return reply.status, json.loads(reply.read()), dict(reply.headers)
        except HTTPError as error:
            return error.code, json.loads(error.read()), dict(error.headers)

    return send


def test_a_lead_sent_twice_with_one_key_is_one_lead(
    ask: Ask, officer: Account, system: tuple[Account, str], first_team: Team
) -> None:
    assert officer.person
    lead = {**LEAD, "owner": officer.person.staff_number}
    once = {"Idempotency-Key": "platform-4711"}
    first = ask("POST", "/api/leads/", lead, **once)
    second = ask("POST", "/api/leads/", lead, **once)

    assert (first[0], second[0]) == (201, 201)
    assert first[1] == second[1]
    assert second[2]["Idempotency-Replayed"] == "true"
    project = Project.objects.select_related("company").get()
    assert (project.name, project.company.name, project.team, project.owner) == (
        LEAD["name"],
        LEAD["company_name"],
        first_team,
        officer.person,
    )
    assert first[1]["public_id"] == project.public_id
    assert AuditEntry.objects.filter(verb="lead.log", actor_name=system[0].display_name).count() == 1

    status, body, _headers = ask("POST", "/api/leads/", {**lead, "name": "另一条"}, **once)
    assert (status, body["code"]) == (409, "conflict")
    assert Project.objects.count() == 1


def test_bad_input_is_answered_in_sentences_and_writes_nothing(ask: Ask, officer: Account) -> None:
    assert officer.person
    lead = {**LEAD, "owner": officer.person.staff_number}
    asked: list[tuple[dict[str, Any], int, str]] = [
        ({**lead, "colour": "red"}, 400, "colour"),
        ({**lead, "next_step_on": "2026-02-30"}, 400, "next_step_on"),
        ({**lead, "credit_code": "91350100M000100Y44"}, 422, "credit_code"),
        ({**lead, "owner": "没有的工号"}, 422, "owner"),
    ]
    for body, status, field in asked:
        answered, said, _headers = ask("POST", "/api/leads/", body)
        assert (answered, list(said["fields"])) == (status, [field]), body
        assert said["message"]
    assert not Project.objects.exists()
    assert not Company.objects.exists()


def test_a_key_does_no_more_than_its_scopes(ask: Ask, administrator: Account, officer: Account) -> None:
    _token, reading = issue_token(
        actor=administrator, account=officer, name="只读", scopes=[ApiToken.Scope.READ_PROJECTS]
    )

    assert ask("POST", "/api/leads/", LEAD, token=reading)[0] == 403
    assert ask("GET", "/api/ranking/", token=reading)[0] == 403
    assert ask("GET", "/api/projects/", token=reading)[0] == 200
    assert ask("GET", "/api/projects/", token="wrong-key")[0] == 401
    assert not Project.objects.exists()


def test_changes_are_followed_from_a_moment_on(ask: Ask, officer: Account) -> None:
    older = signed_project(officer, "早先的项目")
    newer = signed_project(officer, "后来的项目")
    everything = feed(ask, (timezone.now() - timedelta(hours=1)).isoformat())
    assert [row["name"] for row in everything] == ["早先的项目", "后来的项目"]

    last = everything[-1]
    assert feed(ask, last["changed_at"], after=last["public_id"]) == []
    advance_project(
        actor=officer,
        project=Project.objects.get(pk=older.pk),
        to="registered",
        details={"credit_code": "91350100M000100Y43"},
        milestone={
            "happened_on": timezone.localdate(),
            "amount": 50_000_000,
            "evidence": [a_paper("营业执照.pdf")],
        },
    )
    changed = feed(ask, last["changed_at"], after=last["public_id"])
    assert [(row["name"], row["stage"]) for row in changed] == [("早先的项目", "registered")]
    assert newer.public_id == last["public_id"]


def feed(ask: Ask, since: str, **more: str) -> list[dict[str, Any]]:
    status, body, _headers = ask("GET", f"/api/projects/?{urlencode({'changed_since': since, **more})}")
    assert status == 200, body
    return list(body["results"])


def test_the_ranking_is_read(
    ask: Ask,
    hr: Account,
    manager: Account,
    officer: Account,
    outsider: Account,
    first_team: Team,
    second_team: Team,
) -> None:
    publish_year(hr, manager)
    give_targets(hr, (officer, 1), (outsider, 1), (first_team, 1), (second_team, 1))
    recognised_signing(officer, manager, "一号电池")
    recalculate()
    status, body, _headers = ask("GET", f"/api/ranking/?year={YEAR}&group=teams")

    assert status == 200
    assert [(row["rank"], row["name"], row["total"]) for row in body["results"]] == [
        (1, first_team.name, "50.0000"),
        (2, second_team.name, "0.0000"),
    ]


def test_the_document_is_openapi_three_one(ask: Ask) -> None:
    status, document, _headers = ask("GET", "/api/openapi.json")

    assert (status, document["openapi"]) == (200, "3.1.0")
    assert {"/api/leads/", "/api/projects/", "/api/ranking/", "/api/runs/"} <= set(document["paths"])
    assert "Idempotency-Key" in json.dumps(document["paths"]["/api/leads/"]["post"])
    assert "http" not in json.dumps(document.get("servers", []))


def test_the_docs_page_needs_nothing_from_outside(
    visit: Callable[..., Page], live_server: Any, administrator: Account
) -> None:
    page = visit(administrator, "/profile/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(live_server.url + "/api/")
    expect(page.locator("#swagger-ui .opblock").first).to_be_visible(timeout=15_000)
    # The page draws further operations as one comes near them.
    leads = page.locator("#swagger-ui .opblock-summary-control", has_text="/api/leads/").first
    for _turn in range(80):
        if leads.count():
            break
        page.locator("#swagger-ui .opblock").last.scroll_into_view_if_needed()
        page.wait_for_timeout(150)
    leads.click()
    expect(page.locator("#swagger-ui")).to_contain_text("Idempotency-Key")

    outside = [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))]
    assert outside == []
