"""The gates through the REST API: the same actions, refusals and visibility as in the browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from projects.models import GateRequirement, Project
from staff.models import Account
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]
TODAY = str(timezone.localdate())


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, project_class="major", stage="admission")


@pytest.fixture
def post(client_as: SignIn) -> Callable[..., Any]:
    def send(actor: Account, path: str, body: dict[str, Any] | None = None) -> Any:
        return client_as(actor).post(f"/api/{path}", body or {}, content_type="application/json")

    return send


def test_an_application_is_decided_with_conditions(
    post: Callable[..., Any],
    client_as: SignIn,
    officer: Account,
    manager: Account,
    outsider: Account,
    project: Project,
) -> None:
    assert officer.person is not None
    post(manager, "gate-requirements/adopt/")
    made = post(officer, f"admissions/of-project/{project.public_id}/", {"land_area": "100", "jobs": 120})
    address = f"admissions/{made.json()['public_id']}/"
    verdicts = {line["verdict"] for line in made.json()["criteria"]}
    condition = {"text": "补能评", "owner": officer.person.staff_number, "due_on": TODAY}
    decision = {"decision": "conditional", "reason": "先补能评", "conditions": [condition], "version": 1}

    own = post(officer, f"{address}decide/", decision)
    decided = post(manager, f"{address}decide/", decision)
    again = post(manager, f"{address}decide/", decision)

    assert made.status_code == 201
    assert verdicts == {"met", "not_met", "no_figure"}
    assert own.status_code == 403
    assert decided.json()["conditions"][0]["text"] == "补能评"
    assert again.status_code == 409
    assert client_as(outsider).get(f"/api/{address}").status_code == 404
    listed = client_as(officer).get(
        "/api/admissions/", {"project": project.public_id, "decision": "conditional"}
    )
    assert listed.json()["count"] == 1
    gates = {
        line["label"]: line["passed"]
        for line in client_as(officer).get(f"/api/admissions/gates/{project.public_id}/").json()
    }
    assert gates["项目准入决定"]
    assert not gates["尽职调查"]


def test_an_inquiry_is_filled_concluded_sent_back_and_confirmed(
    post: Callable[..., Any], officer: Account, leader: Account, manager: Account, project: Project
) -> None:
    empty = post(officer, f"diligences/of-project/{project.public_id}/")
    post(manager, "gate-requirements/adopt/")
    made = post(officer, f"diligences/of-project/{project.public_id}/").json()
    address = f"diligences/{made['public_id']}/"
    early = post(officer, f"{address}conclude/", {"conclusion": "可", "risk": "low"})
    for item in made["items"]:
        post(officer, f"{address}findings/", {"item": item["id"], "finding": "无异常", "risk": "low"})
    stale = post(
        officer,
        f"{address}findings/",
        {"item": made["items"][0]["id"], "finding": "x", "risk": "low", "version": 1},
    )
    post(officer, f"{address}conclude/", {"conclusion": "可以合作", "risk": "middle"})

    own = post(officer, f"{address}confirm/")
    back = post(leader, f"{address}return/", {"note": "补审计报告"})
    post(officer, f"{address}conclude/", {"conclusion": "可以合作", "risk": "middle"})
    confirmed = post(leader, f"{address}confirm/", {"note": "同意"})

    assert empty.status_code == 422
    assert early.status_code == 422
    assert stale.status_code == 409
    assert own.status_code == 403
    assert (back.json()["state"], confirmed.json()["state"]) == ("open", "confirmed")
    assert confirmed.json()["found"] == len(made["items"])


def test_pre_coaching_is_begun_and_recorded(
    post: Callable[..., Any],
    client_as: SignIn,
    officer: Account,
    outsider: Account,
    manager: Account,
    project: Project,
) -> None:
    post(manager, "gate-requirements/adopt/")
    lines = post(officer, f"coaching/of-project/{project.public_id}/").json()
    address = f"coaching/{lines[0]['id']}/record/"

    wrong = post(officer, address, {"is_needed": False})
    kept = post(officer, address, {"advice": "已辅导", "advised_on": TODAY, "done_on": TODAY, "version": 1})
    stale = post(officer, address, {"advice": "再改", "version": 1})

    assert wrong.status_code == 422
    assert kept.json()["done_on"] == TODAY
    assert stale.status_code == 409
    assert post(outsider, address, {"advice": "x"}).status_code == 404
    left = (
        client_as(officer)
        .get("/api/coaching/", {"project": project.public_id, "left": "true"})
        .json()["count"]
    )
    assert left == len(lines) - 1


def test_the_configuration_is_settled_by_managers_only(
    post: Callable[..., Any], client_as: SignIn, officer: Account, manager: Account
) -> None:
    line = {"project_class": "ordinary", "milestone": "signed", "gate": "diligence", "holds_from": TODAY}
    criterion = {
        "project_class": "major", "metric": "jobs", "direction": "at_least", "threshold": "80", "holds_from": TODAY,
    }  # fmt: skip
    rule = {"project_class": "major", "working_days": 5, "quorum": 60, "holds_from": TODAY}
    topic = {"project_class": "major", "checklist": "diligence", "title": "出口管制", "holds_from": TODAY}
    bodies = {
        "gate-requirements/": line, "admission-criteria/": criterion, "review-rules/": rule, "checklist-topics/": topic,
    }  # fmt: skip

    refused = {post(officer, path, body).status_code for path, body in bodies.items()}
    made = {path: post(manager, path, body) for path, body in bodies.items()}

    assert refused == {403}
    assert {answer.status_code for answer in made.values()} == {201}
    assert post(manager, "gate-requirements/", line).status_code == 409
    assert post(manager, "review-rules/", {**rule, "quorum": 101}).status_code == 400
    ending = {"on": TODAY, "reason": "并入资信"}
    assert (
        post(manager, f"checklist-topics/{made['checklist-topics/'].json()['id']}/retire/", ending).json()[
            "holds_until"
        ]
        == TODAY
    )
    assert (
        post(
            manager, f"gate-requirements/{made['gate-requirements/'].json()['id']}/lift/", ending
        ).status_code
        == 200
    )
    assert GateRequirement.objects.get().holds_until == timezone.localdate()
    assert client_as(officer).get("/api/admission-criteria/").json()["count"] == 1
