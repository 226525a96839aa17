"""Shares, plans, handovers and batches in the REST API: the same actions, the same refusals."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from projects.models import CreditShare, HandoverBatch, Project
from staff.models import Account
from tests.factories.projects import make_project, make_share

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def project(officer: Account) -> Project:
    made = make_project(officer)
    make_share(made, officer.person)
    return made


@pytest.fixture
def ask(client_as: Callable[[Account], Client]) -> Callable[..., tuple[int, Any]]:
    """A request of an account that is signed in; gives the status and the answer."""

    def send(account: Account, method: str, path: str, data: Any = None) -> tuple[int, Any]:
        client = client_as(account)
        if method == "get":
            answer = client.get(f"/api/{path}")
        else:
            answer = getattr(client, method)(
                f"/api/{path}", json.dumps(data or {}), content_type="application/json"
            )
        return answer.status_code, answer.json()

    return send


def test_shares_are_settled_and_read(
    ask: Callable[..., tuple[int, Any]],
    leader: Account,
    officer: Account,
    colleague: Account,
    project: Project,
) -> None:
    path = f"projects/{project.public_id}/shares/"
    body = {
        "weights": [{"role": "capture", "weight": "30"}, {"role": "landing", "weight": "70"}],
        "shares": [
            {"person": officer.person.staff_number, "role": "capture", "share": "100"},
            {"person": officer.person.staff_number, "role": "landing", "share": "60"},
            {"person": colleague.person.staff_number, "role": "landing", "share": "39"},
        ],
        "settlement": 1,
    }

    status, refusal = ask(leader, "post", path, body)
    assert (status, "内的份额合计为 99%" in refusal["message"]) == (422, True)
    body["shares"][2]["share"] = "40"
    assert ask(leader, "post", path, body)[0] == 200
    assert ask(leader, "post", path, body)[0] == 409

    status, rows = ask(officer, "get", path)
    assert [(row["role"], row["percent"]) for row in rows if row["holds_until"] is None] == [
        ("capture", "30.0000"),
        ("landing", "42.0000"),
        ("landing", "28.0000"),
    ]
    assert CreditShare.objects.filter(holds_until=None).count() == 3


def test_plan_is_started_and_worked(
    ask: Callable[..., tuple[int, Any]],
    officer: Account,
    outsider: Account,
    manager: Account,
    project: Project,
) -> None:
    template = {
        "project_class": "ordinary",
        "stage": "lead",
        "tasks": [{"title": "核实主体", "due_days": 3}],
        "number": 0,
    }
    assert ask(officer, "post", "service-templates/", template)[0] == 403
    assert ask(manager, "post", "service-templates/", template)[0] == 201
    path = f"projects/{project.public_id}/service-plan/"
    assert ask(officer, "get", path)[0] == 404

    status, plan = ask(officer, "post", path)
    assert (status, plan["edition"], [task["title"] for task in plan["tasks"]]) == (200, 1, ["核实主体"])
    entry = {"title": "走访", "due_on": (TODAY - timedelta(1)).isoformat()}
    status, task = ask(officer, "post", f"projects/{project.public_id}/service-tasks/", entry)
    assert status == 201
    task_path = f"service-tasks/{task['public_id']}/"
    assert ask(outsider, "post", f"{task_path}finish/")[0] == 404
    assert ask(officer, "post", f"{task_path}finish/", {"version": 1})[1]["state"] == "done"
    assert ask(officer, "post", f"{task_path}reopen/", {"version": 1})[0] == 409
    assert ask(officer, "post", f"{task_path}reopen/")[1]["state"] == "open"
    changed = {"owner": "leader", "due_on": TODAY.isoformat()}
    assert ask(officer, "patch", task_path, changed)[1]["owner"] == "leader"
    assert ask(officer, "post", f"{task_path}skip/", {"reason": "已办"})[1]["state"] == "skipped"
    status, listed = ask(officer, "get", "service-tasks/?state=open")
    assert [row["title"] for row in listed["results"]] == ["核实主体"]


def test_handover_is_asked_for_accepted_and_approved(
    ask: Callable[..., tuple[int, Any]],
    officer: Account,
    colleague: Account,
    leader: Account,
    project: Project,
) -> None:
    body = {"receiver": colleague.person.staff_number, "reason": "轮岗", "version": 1}
    status, asked = ask(officer, "post", f"projects/{project.public_id}/handovers/", body)
    path = f"handovers/{asked['public_id']}/"

    assert (status, asked["state"]) == (201, "proposed")
    assert ask(officer, "post", f"{path}approve/")[0] == 403
    assert ask(colleague, "post", f"{path}accept/", {"version": 1})[1]["state"] == "accepted"
    assert ask(leader, "post", f"{path}approve/", {"version": 1})[0] == 409
    assert ask(leader, "post", f"{path}approve/", {"version": 2, "note": "同意"})[1]["state"] == "approved"
    assert ask(officer, "post", f"{path}cancel/", {"reason": "算了"})[0] == 409
    assert ask(leader, "get", "handovers/?state=approved")[1]["results"][0]["public_id"] == asked["public_id"]


def test_custody_is_read_and_handed_over_whole(
    ask: Callable[..., tuple[int, Any]],
    officer: Account,
    colleague: Account,
    leader: Account,
    project: Project,
) -> None:
    number = officer.person.staff_number
    assert ask(colleague, "get", f"handover-batches/custody/?person={number}")[0] == 403
    status, items = ask(leader, "get", f"handover-batches/custody/?person={number}")
    assert (status, [item["item"] for item in items]) == (200, [f"project-{project.public_id}"])
    body = {
        "person": number,
        "kind": "leave",
        "last_day": TODAY.isoformat(),
        "reason": "离职",
        "receivers": [],
    }

    assert ask(leader, "post", "handover-batches/", body)[0] == 422
    body["receivers"] = [{"item": items[0]["item"], "receiver": colleague.person.staff_number}]
    status, batch = ask(leader, "post", "handover-batches/", body)

    assert (status, [one["receiver"] for one in batch["handovers"]]) == (201, [colleague.person.staff_number])
    assert HandoverBatch.objects.get().person == officer.person
