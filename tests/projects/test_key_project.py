"""Recognition of key projects: who asks and decides, what is frozen, what the class of the project says, who sees it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.actions import change_project
from projects.actions.key_project import (
    recognise_key_project,
    recognise_proposed,
    return_key_project,
    revoke_key_project,
    submit_key_project,
    withdraw_key_project,
)
from projects.actions.key_threshold import adopt_key_thresholds, end_key_threshold, settle_key_threshold
from projects.key_threshold_defaults import DEFAULTS
from projects.models import KeyProjectRecognition, KeyProjectThreshold, Project
from projects.queries.key_project import proposals, table_on
from promotion.errors import Conflict, NotAllowed, NotFound, Outcome, Refused
from promotion.models import AuditEntry, Notice
from staff.models import Account
from tests.factories.projects import make_project, make_recognised, make_share
from tests.projects.test_protection_races import at_once

pytestmark = pytest.mark.django_db
YI = Decimal(100_000_000)


@pytest.fixture
def table(manager: Account) -> list[KeyProjectThreshold]:
    return adopt_key_thresholds(actor=manager, holds_from=date(2026, 1, 1))


def signed_project(officer: Account, manager: Account, worth: Decimal = 6 * YI, **fields: Any) -> Project:
    """A project whose signing is recognised."""
    project = make_project(officer, stage="signed", planned_investment=worth, **fields)
    make_recognised(project, officer, manager, amount=worth, amount_cny=worth)
    return project


@pytest.fixture
def project(officer: Account, manager: Account, table: object) -> Project:
    return signed_project(officer, manager)


def test_the_suggested_table_is_adopted_once_and_marked(
    manager: Account, officer: Account, table: list[KeyProjectThreshold]
) -> None:
    assert (len(table), all(row.is_assumption for row in table)) == (len(DEFAULTS), True)
    with pytest.raises(Refused, match="已经有认定标准"):
        adopt_key_thresholds(actor=manager)
    with pytest.raises(NotAllowed):
        adopt_key_thresholds(actor=officer)


def test_a_row_ends_where_the_next_with_its_conditions_begins(manager: Account, table: object) -> None:
    row = settle_key_threshold(
        actor=manager, project_class="major", milestone="signed", measure="contract", amount=3 * YI,
        holds_from=date(2026, 7, 1), note="新办法",
    )  # fmt: skip

    def general(day: date) -> list[Decimal]:
        held = [one for one in table_on(day) if not one.industry and not one.capital_source]
        return [one.amount for one in held if one.project_class == "major" and one.measure == "contract"]

    assert (general(date(2026, 6, 30)), general(date(2026, 7, 1))) == ([5 * YI], [3 * YI])
    end_key_threshold(actor=manager, threshold=row, on=date(2026, 9, 1), reason="办法废止")
    assert (general(date(2026, 8, 31)), general(date(2026, 9, 1))) == ([3 * YI], [])
    with pytest.raises(NotFound):
        end_key_threshold(actor=manager, threshold=row, on=date(2026, 10, 1), reason="再停")
    with pytest.raises(Conflict, match="已经有一条"):
        settle_key_threshold(
            actor=manager, project_class="major", milestone="signed", measure="contract", amount=YI,
            holds_from=date(2026, 7, 1),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"project_class": "ordinary"}, "project_class"),
        ({"milestone": "output"}, "milestone"),
        ({"amount": Decimal(0)}, "amount"),
        ({"holds_from": date(206, 1, 1)}, "holds_from"),
        ({"note": "长" * 201}, "note"),
    ],
)
def test_a_wrong_row_is_refused_at_its_field(manager: Account, change: dict[str, Any], field: str) -> None:
    given = {
        "project_class": "major", "milestone": "signed", "measure": "contract", "amount": YI,
        "holds_from": date(2026, 1, 1), **change,
    }  # fmt: skip
    with pytest.raises(Refused) as refusal:
        settle_key_threshold(actor=manager, **given)
    assert list(refusal.value.fields) == [field]


def test_a_request_is_recognised_by_a_second_person_and_the_class_follows(
    officer: Account, manager: Account, project: Project, django_capture_on_commit_callbacks: Any
) -> None:
    paper = SimpleUploadedFile("认定申请.txt", "申请".encode(), "text/plain")
    with django_capture_on_commit_callbacks(execute=True):
        row = submit_key_project(actor=officer, project=project, project_class="major", papers=[paper])
        row = recognise_key_project(actor=manager, recognition=row, seen=row.version)

    project.refresh_from_db()
    assert (row.state, row.class_before, row.measured) == ("recognised", "ordinary", 6 * YI)
    assert row.threshold is not None
    assert (row.threshold.amount, project.project_class, row.papers.count()) == (5 * YI, "major", 1)
    assert Notice.objects.filter(recipient=manager, text__contains="申请把").count() == 1
    assert Notice.objects.filter(recipient=officer, text__contains="已认定为重大").count() == 1
    assert [
        *AuditEntry.objects.filter(verb__startswith="key-project")
        .order_by("pk")
        .values_list("verb", flat=True)
    ] == [
        "key-project.submit",
        "key-project.recognise",
    ]


def test_a_recognised_class_is_not_typed_by_hand_and_a_planned_one_is(
    officer: Account, manager: Account, project: Project
) -> None:
    change_project(actor=officer, project=project, seen=None, project_class="strategic")
    row = recognise_proposed(actor=manager, project=project, project_class="major")
    with pytest.raises(Refused, match="已认定为重大") as refusal:
        change_project(actor=officer, project=project, seen=None, project_class="ordinary")
    assert list(refusal.value.fields) == ["project_class"]
    change_project(actor=officer, project=project, seen=None, summary="别的照改")

    revoke_key_project(actor=manager, recognition=row, reason="合同解除")

    project.refresh_from_db()
    assert project.project_class == "strategic"
    change_project(actor=officer, project=project, seen=None, project_class="ordinary")


def test_a_higher_class_takes_the_place_of_the_lower(
    officer: Account, manager: Account, deputy: Account, project: Project
) -> None:
    first = recognise_proposed(actor=manager, project=project, project_class="major")
    asked = submit_key_project(actor=officer, project=project, project_class="strategic", reason="二期签约")
    with pytest.raises(Refused, match="写明理由"):
        recognise_key_project(actor=deputy, recognition=asked)
    second = recognise_key_project(actor=deputy, recognition=asked, note="二期合并计算")

    first.refresh_from_db()
    project.refresh_from_db()
    assert (first.state, first.end_reason, second.class_before) == ("replaced", "调整为重特大", "major")
    assert (second.threshold, project.project_class) == (None, "strategic")
    with pytest.raises(Refused, match="已经认定为重特大"):
        submit_key_project(actor=officer, project=project, project_class="strategic")


def test_who_may_not_decide(
    officer: Account, leader: Account, manager: Account, deputy: Account, hr: Account, project: Project
) -> None:
    asked = submit_key_project(actor=manager, project=project, project_class="major")
    assert deputy.person is not None
    make_share(project, deputy.person)
    for actor, sentence in (
        (manager, "申请人"),
        (leader, "分管领导认定"),
        (hr, "分管领导认定"),
        (deputy, "份额"),
    ):
        with pytest.raises(NotAllowed, match=sentence):
            recognise_key_project(actor=actor, recognition=asked)
        with pytest.raises(NotAllowed):
            return_key_project(actor=actor, recognition=asked, reason="不同意")
    with pytest.raises(NotAllowed, match="撤回自己的"):
        withdraw_key_project(actor=officer, recognition=asked)
    withdraw_key_project(actor=manager, recognition=asked)
    with pytest.raises(Conflict, match="已撤回"):
        withdraw_key_project(actor=manager, recognition=asked)


def test_an_exception_needs_its_reasons(
    officer: Account, manager: Account, deputy: Account, table: object
) -> None:
    small = signed_project(officer, manager, YI)
    with pytest.raises(Refused, match="还没有达到重大标准") as refusal:
        submit_key_project(actor=officer, project=small, project_class="major")
    assert list(refusal.value.fields) == ["reason"]
    with pytest.raises(Refused, match="没有达到任何"):
        recognise_proposed(actor=manager, project=small, project_class="major")
    asked = submit_key_project(actor=officer, project=small, project_class="major", reason="链主配套")
    with pytest.raises(Refused, match="写明理由"):
        recognise_key_project(actor=manager, recognition=asked)
    row = recognise_key_project(actor=manager, recognition=asked, note="同意例外")
    assert (row.threshold, row.measured, row.decision_note) == (None, None, "同意例外")


def test_a_returned_request_says_why_and_another_may_follow(
    officer: Account, manager: Account, project: Project
) -> None:
    first = submit_key_project(actor=officer, project=project, project_class="major")
    with pytest.raises(Conflict, match="等待认定"):
        submit_key_project(actor=officer, project=project, project_class="major")
    with pytest.raises(Refused, match="退回的原因"):
        return_key_project(actor=manager, recognition=first, reason=" ")
    return_key_project(actor=manager, recognition=first, reason="缺协议")
    assert submit_key_project(actor=officer, project=project, project_class="major").state == "submitted"


def test_the_day_lies_between_report_and_today_and_decides_the_figures(
    manager: Account, project: Project
) -> None:
    for day in (date(2025, 12, 31), date(2999, 1, 1)):
        with pytest.raises(Outcome):
            recognise_proposed(actor=manager, project=project, project_class="major", on=day)
    with pytest.raises(Refused, match="没有达到任何"):
        recognise_proposed(actor=manager, project=project, project_class="major", on=date(2026, 3, 9))
    row = recognise_proposed(actor=manager, project=project, project_class="major", on=date(2026, 3, 10))
    assert (row.recognised_on, row.measured_on) == (date(2026, 3, 10), date(2026, 3, 10))


def test_the_database_holds_the_second_person_and_the_reason(
    officer: Account, manager: Account, project: Project
) -> None:
    row = submit_key_project(actor=officer, project=project, project_class="major")
    rows = KeyProjectRecognition.objects.filter(pk=row.pk)
    wrong = {"state": "recognised", "recognised_on": date(2026, 4, 1), "class_before": "ordinary"}
    for more in ({"decided_by": officer}, {"decided_by": manager, "threshold": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong, **more)


def test_what_is_proposed_leaves_with_its_recognition_or_request(
    officer: Account, outsider: Account, manager: Account, project: Project
) -> None:
    signed_project(officer, manager, YI)
    today = date(2026, 11, 1)
    assert [one.pk for one in proposals(manager, today)] == [project.pk]
    assert list(proposals(outsider, today)) == []
    row = submit_key_project(actor=officer, project=project, project_class="major")
    assert list(proposals(manager, today)) == []
    recognise_key_project(actor=manager, recognition=row)
    assert list(proposals(manager, today)) == []
    make_recognised(project, officer, manager, kind="started", amount=None, amount_cny=None)
    settle_key_threshold(
        actor=manager, project_class="strategic", milestone="started", measure="planned", amount=6 * YI,
        holds_from=date(2026, 1, 1),
    )  # fmt: skip
    assert [one.reached for one in proposals(manager, today)] == ["strategic"]  # type: ignore[attr-defined]


def test_pages_show_the_standing_and_dialogs_decide(
    client_as: Callable[[Account], Client], officer: Account, manager: Account, project: Project
) -> None:
    Project.objects.filter(pk=project.pk).update(project_class="major")
    page = client_as(officer).get(reverse("projects:detail", args=[project.public_id])).content.decode()
    assert ("重大·拟定" in page, "重大为拟定等级" in page) == (True, True)
    asking = client_as(officer).get(reverse("projects:key-ask", args=[project.public_id])).content.decode()
    assert "60,000.00" in asking

    answer = client_as(officer).post(
        reverse("projects:key-ask", args=[project.public_id]), {"project_class": "strategic", "reason": ""}
    )
    assert (answer.status_code, "例外认定请写明理由" in answer.content.decode()) == (422, True)
    client_as(officer).post(reverse("projects:key-ask", args=[project.public_id]), {"project_class": "major"})
    row = KeyProjectRecognition.objects.get()
    answer = client_as(manager).post(
        reverse("projects:key-recognise", args=[row.public_id]),
        {"project_class": "major", "seen": row.version},
    )
    assert answer.status_code == 302

    page = client_as(officer).get(reverse("projects:detail", args=[project.public_id])).content.decode()
    assert "重大·已认定" in page
    for name in ("key-recognitions", "key-proposals", "key-thresholds"):
        assert client_as(manager).get(reverse(f"projects:{name}")).status_code == 200


def test_a_recognition_is_seen_with_its_project(
    client_as: Callable[[Account], Client],
    officer: Account,
    outsider: Account,
    manager: Account,
    project: Project,
) -> None:
    row = recognise_proposed(actor=manager, project=project, project_class="major")
    url = reverse("projects:key-recognition", args=[row.public_id])
    assert [client_as(one).get(url).status_code for one in (officer, manager, outsider)] == [200, 200, 404]
    assert project.name not in client_as(outsider).get(reverse("projects:key-recognitions")).content.decode()


@pytest.mark.parametrize("name", ["key-recognitions", "key-proposals", "key-thresholds"])
def test_lists_cost_the_same_with_one_and_three_rows(
    client_as: Callable[[Account], Client], officer: Account, manager: Account, table: object, name: str
) -> None:
    def add() -> None:
        recognise_proposed(actor=manager, project=signed_project(officer, manager), project_class="major")
        signed_project(officer, manager)

    client, url = client_as(manager), reverse(f"projects:{name}")
    add()
    client.get(url)
    with CaptureQueriesContext(connection) as once:
        client.get(url)
    add()
    add()
    with CaptureQueriesContext(connection) as thrice:
        client.get(url)
    assert len(thrice) == len(once)


def test_the_api_does_what_the_pages_do(
    client_as: Callable[[Account], Client],
    officer: Account,
    manager: Account,
    deputy: Account,
    project: Project,
) -> None:
    client, decider = client_as(officer), client_as(manager)
    proposed = decider.get("/api/key-recognitions/proposals/").json()["results"]
    assert [(one["public_id"], one["reached"], "50,000.00" in one["reason"]) for one in proposed] == [
        (project.public_id, "major", True)
    ]
    asked = client.post(
        "/api/key-recognitions/", {"project": project.public_id, "project_class": "major"}, "application/json"
    )
    key = asked.json()["public_id"]
    refused = client.post(f"/api/key-recognitions/{key}/recognise/", {}, "application/json")
    done = decider.post(f"/api/key-recognitions/{key}/recognise/", {"version": 1}, "application/json")
    gone = decider.post(f"/api/key-recognitions/{key}/revoke/", {"reason": "合同解除"}, "application/json")
    assert (asked.status_code, refused.status_code, done.json()["state"], gone.json()["state"]) == (
        201, 403, "recognised", "revoked",
    )  # fmt: skip
    again = decider.post(
        "/api/key-recognitions/recognise-proposed/",
        {"project": project.public_id, "project_class": "major"},
        "application/json",
    )
    assert (again.status_code, client.get("/api/key-recognitions/").json()["count"]) == (201, 2)
    row = decider.post(
        "/api/key-thresholds/",
        {
            "project_class": "major",
            "milestone": "started",
            "measure": "planned",
            "amount": "1",
            "holds_from": "2026-01-01",
        },
        "application/json",
    )
    ended = decider.post(
        f"/api/key-thresholds/{row.json()['id']}/end/",
        {"on": "2026-02-01", "reason": "停用"},
        "application/json",
    )
    assert (row.status_code, ended.json()["holds_until"]) == (201, "2026-02-01")
    assert client.get("/api/key-thresholds/").json()["count"] == len(DEFAULTS) + 1


@pytest.mark.django_db(transaction=True)
def test_two_decide_at_once(officer: Account, manager: Account, deputy: Account) -> None:
    adopt_key_thresholds(actor=manager, holds_from=date(2026, 1, 1))
    project = signed_project(officer, manager)
    row = submit_key_project(actor=officer, project=project, project_class="major")

    said = at_once(
        lambda: recognise_key_project(actor=manager, recognition=row),
        lambda: return_key_project(actor=deputy, recognition=row, reason="不符"),
    )
    proposed = signed_project(officer, manager)
    twice = at_once(
        *(
            lambda actor=actor: recognise_proposed(actor=actor, project=proposed, project_class="major")
            for actor in (manager, deputy)
        )
    )

    assert (sorted(said), sorted(twice)) == (["Conflict", "done"], ["Refused", "done"])
    assert KeyProjectRecognition.objects.filter(project=proposed).count() == 1
