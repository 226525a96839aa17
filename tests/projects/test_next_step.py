"""The next step: planned, done together with the one after it, put off with a reason; its course stays."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from projects.actions import (
    change_project,
    finish_next_step,
    plan_next_step,
    postpone_next_step,
    write_follow_up,
)
from projects.models import FollowUp, NextStepEntry, Project
from projects.queries.due import next_steps_due
from promotion.errors import Conflict, NotAllowed, Refused
from staff.models import Account
from tests.factories.projects import make_project, make_share

ClientAs = Callable[[Account], Client]
TODAY = timezone.localdate()


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, next_step="首次拜访", next_step_on=TODAY)


def course(project: Project) -> list[tuple[object, ...]]:
    rows = NextStepEntry.objects.filter(project=project).order_by("pk")
    return list(rows.values_list("act", "text", "due_on", "moved_to", "reason"))


def test_done_and_what_comes_next_in_one_go(officer: Account, project: Project) -> None:
    later = TODAY + timedelta(3)

    finish_next_step(
        actor=officer,
        project=project,
        text="见到总经理，认可地块。",
        kind="visit",
        next_step="送方案",
        next_step_on=later,
    )

    project.refresh_from_db()
    assert (project.next_step, project.next_step_on, project.next_step_postponed) == ("送方案", later, 0)
    assert course(project) == [
        ("done", "首次拜访", TODAY, None, "见到总经理，认可地块。"),
        ("set", "送方案", later, None, ""),
    ]
    assert FollowUp.objects.get().text == "完成：首次拜访。见到总经理，认可地块。"


def test_postponing_needs_a_later_day_and_a_reason_and_is_counted(officer: Account, project: Project) -> None:
    for days in (2, 5):
        postpone_next_step(actor=officer, project=project, to=TODAY + timedelta(days), reason="对方出差")

    with pytest.raises(Refused) as refusal:
        postpone_next_step(actor=officer, project=project, to=TODAY + timedelta(5), reason=" ")

    project.refresh_from_db()
    assert set(refusal.value.fields) == {"to", "reason"}
    assert (project.next_step_postponed, len(course(project))) == (2, 2)
    assert course(project)[-1] == (
        "postponed",
        "首次拜访",
        TODAY + timedelta(2),
        TODAY + timedelta(5),
        "对方出差",
    )


def test_a_later_day_typed_elsewhere_is_a_postponement_too(officer: Account, project: Project) -> None:
    change_project(actor=officer, project=project, seen=None, next_step_on=TODAY + timedelta(1))
    write_follow_up(
        actor=officer,
        project=project,
        kind="call",
        text="又推后。",
        next_step="首次拜访",
        next_step_on=TODAY + timedelta(4),
    )
    project.refresh_from_db()
    assert project.next_step_postponed == 2

    plan_next_step(actor=officer, project=project, next_step="改为来访", next_step_on=TODAY)

    project.refresh_from_db()
    assert project.next_step_postponed == 0
    assert [row[0] for row in course(project)] == ["postponed", "postponed", "replaced", "set"]


def test_the_one_responsible_must_have_custody_and_finds_it_due(
    officer: Account, colleague: Account, outsider: Account, project: Project
) -> None:
    assert colleague.person
    assert outsider.person
    make_share(project, colleague.person)

    plan_next_step(
        actor=officer,
        project=project,
        next_step="送样",
        next_step_on=TODAY,
        next_step_at=time(14, 30),
        next_step_person=colleague.person,
    )
    with pytest.raises(Refused, match="不在这个项目上"):
        plan_next_step(actor=officer, project=project, next_step="送样", next_step_person=outsider.person)

    assert [one.title for one in next_steps_due(officer, TODAY)] == []
    assert [(one.title, one.at) for one in next_steps_due(colleague, TODAY)] == [("送样", time(14, 30))]


def test_an_own_step_follows_a_handover(officer: Account, colleague: Account, project: Project) -> None:
    assert officer.person
    assert colleague.person
    plan_next_step(
        actor=officer, project=project, next_step="送样", next_step_on=TODAY, next_step_person=officer.person
    )

    Project.objects.filter(pk=project.pk).update(owner=colleague.person)

    assert [one.title for one in next_steps_due(colleague, TODAY)] == ["送样"]


def test_days_that_are_over_strangers_and_old_pages_are_refused(
    officer: Account, auditor: Account, project: Project
) -> None:
    with pytest.raises(Refused, match="日期已过"):
        plan_next_step(actor=officer, project=project, next_step="来访", next_step_on=date(2026, 1, 1))
    with pytest.raises(NotAllowed):
        finish_next_step(actor=auditor, project=project)
    with pytest.raises(Conflict):
        finish_next_step(actor=officer, project=project, seen=project.version + 1)


def test_pages_keep_what_was_typed_and_lead_back(
    officer: Account, project: Project, client_as: ClientAs
) -> None:
    client, base = client_as(officer), f"/projects/{project.public_id}/next-step/"

    wrong = client.post(f"{base}postpone/", {"to": TODAY.isoformat(), "reason": "对方出差"})
    right = client.post(f"{base}finish/", {"text": "见到了", "kind": "visit", "next": "/"})
    again = client.post(f"{base}finish/", {"text": "见到了", "kind": "visit"})

    assert (wrong.status_code, "对方出差" in wrong.content.decode()) == (422, True)
    assert (right.status_code, right["Location"]) == (302, "/")
    assert (again.status_code, "没有待办的下一步" in again.content.decode()) == (422, True)
    assert "缺下一步" in client.get(f"/projects/{project.public_id}/").content.decode()


def test_api_plans_finishes_and_postpones(
    officer: Account, colleague: Account, project: Project, client_as: ClientAs
) -> None:
    assert colleague.person
    make_share(project, colleague.person)
    client, base = client_as(officer), f"/api/projects/{project.public_id}/"
    day = (TODAY + timedelta(9)).isoformat()

    planned = client.put(
        f"{base}next-step/",
        {
            "next_step": "送样",
            "next_step_on": TODAY.isoformat(),
            "next_step_person": colleague.person.staff_number,
        },
        content_type="application/json",
    )
    moved = client.post(
        f"{base}next-step/postpone/", {"to": day, "reason": "等样品"}, content_type="application/json"
    )
    done = client.post(
        f"{base}next-step/finish/", {"text": "送到", "next_step": "回访"}, content_type="application/json"
    )

    assert [one.status_code for one in (planned, moved, done)] == [200, 200, 200]
    assert (moved.json()["next_step_on"], done.json()["next_step"]) == (day, "回访")
    acts = [one["act"] for one in client.get(f"{base}next-steps/").json()]
    assert acts == ["set", "done", "postponed", "set", "replaced"]
    assert (
        client.post(f"{base}next-step/postpone/", {"to": day}, content_type="application/json").status_code
        == 400
    )
