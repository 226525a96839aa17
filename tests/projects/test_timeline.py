"""Writing follow-ups."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from projects.actions import change_project, suspend_project, write_follow_up
from projects.models import Document, FollowUp, Project
from promotion.errors import NotAllowed, Refused
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.projects import make_project

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, next_step="首次拜访", next_step_on=date(2026, 1, 20))


def test_follow_up_sets_the_next_step_and_the_day_of_progress(officer: Account, project: Project) -> None:
    moment = datetime(2026, 2, 3, 9, 30, tzinfo=SHANGHAI)

    write_follow_up(
        actor=officer,
        project=project,
        kind="visit",
        text="看了二期厂房，要 30 亩地。",
        happened_at=moment,
        next_step="协调土地方案",
        next_step_on=date(2026, 2, 10),
        files=[SimpleUploadedFile("现场.txt", "厂房三跨".encode(), content_type="text/plain")],
    )

    project.refresh_from_db()
    assert (project.next_step, project.next_step_on) == ("协调土地方案", date(2026, 2, 10))
    assert (project.progressed_on, project.version) == (date(2026, 2, 3), 2)
    assert (FollowUp.objects.get().written_by, Document.objects.get().title) == (officer, "现场.txt")
    assert AuditEntry.objects.get().detail["files"] == ["现场.txt"]


def test_follow_up_without_a_next_step_keeps_the_one_that_stands(officer: Account, project: Project) -> None:
    write_follow_up(actor=officer, project=project, kind="call", text="电话确认来访时间。")

    project.refresh_from_db()
    assert (project.next_step, project.next_step_on, project.version) == ("首次拜访", date(2026, 1, 20), 1)
    assert project.progressed_on == timezone.localdate()


def test_older_follow_up_does_not_take_progress_back(officer: Account) -> None:
    project = make_project(officer, progressed_on=date(2026, 5, 1))

    write_follow_up(
        actor=officer,
        project=project,
        kind="note",
        text="补记年初接待。",
        happened_at=datetime(2026, 1, 8, 14, 0, tzinfo=SHANGHAI),
    )

    project.refresh_from_db()
    assert project.progressed_on == date(2026, 5, 1)


def test_follow_up_refuses_what_cannot_be_kept(officer: Account, project: Project) -> None:
    with pytest.raises(Refused) as refusal:
        write_follow_up(
            actor=officer,
            project=project,
            kind="dream",
            text="  ",
            happened_at=timezone.now() + timedelta(days=1),
            next_step_on=date(2026, 2, 10),
        )

    assert set(refusal.value.fields) == {"kind", "text", "happened_at", "next_step"}
    assert FollowUp.objects.count() == 0


def test_follow_up_with_a_forbidden_file_keeps_nothing(officer: Account, project: Project) -> None:
    with pytest.raises(Refused):
        write_follow_up(
            actor=officer,
            project=project,
            kind="note",
            text="附件",
            files=[SimpleUploadedFile("病毒.exe", b"MZ\x90\x00", content_type="application/pdf")],
        )

    assert (FollowUp.objects.count(), Document.objects.count()) == (0, 0)


def test_follow_up_is_for_those_who_work_on_the_project(colleague: Account, project: Project) -> None:
    with pytest.raises(NotAllowed):
        write_follow_up(actor=colleague, project=project, kind="note", text="路过")


def test_form_refreshes_the_tab_and_the_next_step_in_place(
    officer: Account, project: Project, client_as: Callable[[Account], Client]
) -> None:
    client, url = client_as(officer), f"/projects/{project.public_id}/follow-up/"
    typed = {
        "kind": "call",
        "happened_at": "2026-02-03T09:30",
        "text": "",
        "next_step": "来访",
        "next_step_on": "",
    }
    headers = {"HX-Request": "true", "HX-Target": "project-tab"}

    wrong = client.post(url, typed, headers=headers)
    right = client.post(url, {**typed, "text": "电话确认。"}, headers=headers)
    plain = client.post(url, {**typed, "text": "再次确认。"})

    body = right.content.decode()
    assert (wrong.status_code, list(wrong.context["follow_up_form"].errors)) == (422, ["text"])
    assert (right.status_code, "电话确认。" in body, 'id="next-step" hx-swap-oob' in body) == (
        200,
        True,
        True,
    )
    assert (plain.status_code, plain["Location"]) == (302, f"/projects/{project.public_id}/?tab=timeline")


def test_history_says_who_changed_what(
    officer: Account, project: Project, client_as: Callable[[Account], Client]
) -> None:
    change_project(actor=officer, project=project, seen=1, planned_investment=Decimal(350_000_000))
    suspend_project(actor=officer, project=project, reason="等待指标")

    body = client_as(officer).get(f"/projects/{project.public_id}/?tab=history").content.decode()

    assert ("1.00 亿元" in body, "3.50 亿元" in body, "理由：等待指标" in body) == (True, True, True)
