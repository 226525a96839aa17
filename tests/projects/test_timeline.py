"""Writing follow-ups."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from projects.actions import write_follow_up
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
