"""Supervised drives: the lamp rule, who begins, directs, judges and closes them, and what follows from facts."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from projects.access.drive import drives_visible_to
from projects.actions.drive import change_drive, close_drive, start_drive
from projects.actions.drive_lines import (
    Target,
    add_to_drive,
    change_target,
    mark_done,
    remove_from_drive,
    report_on_line,
)
from projects.drive_rules import Cause, Lamp, judged_lamp, progress_by_facts
from projects.models import Drive, DriveProject, Project
from projects.queries.drive import drives_due, standings
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.projects import make_project, make_recognised
from tests.factories.staff import make_person

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"progress": 100}, (Lamp.GREEN, Cause.DONE)),
        ({"progress": 41}, (Lamp.GREEN, Cause.ON_COURSE)),
        ({"progress": 40}, (Lamp.YELLOW, Cause.BEHIND)),
        ({"progress": 21}, (Lamp.YELLOW, Cause.BEHIND)),
        ({"progress": 20}, (Lamp.RED, Cause.FAR_BEHIND)),
        ({"progress": 50, "next_check_in": DAY + timedelta(49)}, (Lamp.YELLOW, Cause.SILENT)),
        ({"progress": 80, "due_on": DAY + timedelta(49)}, (Lamp.RED, Cause.OVERDUE)),
        ({"progress": 99, "reached": True}, (Lamp.YELLOW, Cause.UNRECOGNISED)),
        ({"progress": 90, "stopped": True}, (Lamp.RED, Cause.STOPPED)),
    ],
)
def test_the_lamp_compares_with_an_even_course(given: dict[str, Any], expected: tuple[Lamp, Cause]) -> None:
    """Half of the time has passed, so 50 % is even."""
    facts = {
        "starts_on": DAY,
        "due_on": DAY + timedelta(100),
        "today": DAY + timedelta(50),
        "next_check_in": DAY + timedelta(50),
    }

    assert judged_lamp(**{**facts, **given}) == expected


@pytest.mark.parametrize(
    ("base", "now", "target", "recognised", "percent"),
    [
        ("lead", "lead", "signed", True, 0),
        ("lead", "admission", "signed", True, 66),
        ("lead", "signed", "signed", False, 99),
        ("lead", "signed", "signed", True, 100),
        ("admission", "negotiation", "signed", True, 0),
        ("signed", "registered", "signed", True, 100),
    ],
)
def test_progress_counts_the_stages_passed(
    base: str, now: str, target: str, recognised: bool, percent: int
) -> None:
    assert progress_by_facts(base, now, target, recognised=recognised) == percent


def in_days(count: int) -> date:
    return timezone.localdate() + timedelta(count)


def started(actor: Account, lead: Account, *projects: Project, **fields: Any) -> Drive:
    assert lead.person is not None
    target = fields.pop("target", Target(due_on=in_days(60), stage="signed"))
    return start_drive(
        actor=actor,
        leader=lead.person,
        projects=projects,
        target=target,
        **{"name": "三季度签约攻坚", "starts_on": in_days(0), "ends_on": in_days(90), **fields},
    )


def line_of(drive: Drive) -> DriveProject:
    return drive.lines.get()


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, name="动力电池", stage="negotiation")


@pytest.mark.django_db
def test_a_drive_begins_over_projects_with_one_target_and_tells_the_people(
    manager: Account, leader: Account, officer: Account, project: Project
) -> None:
    drive = started(manager, leader, project)

    line = line_of(drive)
    assert (line.target, line.base_stage, line.added_on) == ("进入「签约」", "negotiation", in_days(0))
    assert (leader.notices.count(), officer.notices.count()) == (1, 1)
    assert AuditEntry.objects.get(verb="drive.start").detail["projects"] == ["动力电池"]


@pytest.mark.django_db
def test_officers_begin_none(officer: Account, leader: Account, project: Project) -> None:
    with pytest.raises(NotAllowed):
        started(officer, leader, project)

    assert not Drive.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_on": in_days(0)}, "ends_on"),
        ({"name": " "}, "name"),
        ({"target": Target(due_on=in_days(90), stage="signed")}, "due_on"),
        ({"target": Target(due_on=in_days(30))}, "stage"),
        ({"target": Target(due_on=in_days(30), stage="lead")}, ""),
    ],
)
def test_what_cannot_begin_says_where(
    manager: Account, leader: Account, project: Project, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        started(manager, leader, project, **fields)

    assert list(refusal.value.fields) == ([field] if field else [])
    assert not Drive.objects.exists()


@pytest.mark.django_db
def test_a_project_is_listed_once_and_comes_back_anew(
    manager: Account, leader: Account, project: Project
) -> None:
    drive = started(manager, leader, project)
    target = Target(due_on=in_days(20), text="厂房交付")
    with pytest.raises(Conflict):
        add_to_drive(actor=manager, drive=drive, projects=[project], target=target)
    report_on_line(actor=manager, line=line_of(drive), done="已约谈")
    remove_from_drive(actor=manager, line=line_of(drive), reason="改由市级调度")

    add_to_drive(actor=leader, drive=drive, projects=[project], target=target)

    line = line_of(drive)
    assert (line.left_on, line.target, line.last_check_in_on) == (None, "厂房交付", None)
    assert line.check_ins.count() == 1


@pytest.mark.django_db
def test_progress_follows_from_stage_and_recognition(
    manager: Account, leader: Account, officer: Account, project: Project
) -> None:
    drive = started(manager, leader, project)
    project.stage = "signed"
    project.save()
    before = standings([line_of(drive)])[0]
    make_recognised(project, officer, manager)
    after = standings([line_of(drive)])[0]

    assert (before.progress, before.cause, before.words) == (
        99,
        Cause.UNRECOGNISED,
        "已到「签约」，里程碑待认定",
    )
    assert (after.progress, after.lamp, after.words) == (100, Lamp.GREEN, "已达目标，待销号")


@pytest.mark.django_db
def test_a_report_gives_percent_only_where_no_stage_says_it(
    manager: Account, leader: Account, officer: Account, project: Project
) -> None:
    drive = started(manager, leader, project)
    with pytest.raises(Refused) as refusal:
        report_on_line(actor=officer, line=line_of(drive), done="已报审", progress=80)
    assert list(refusal.value.fields) == ["progress"]
    change_target(
        actor=manager, line=line_of(drive), target=Target(in_days(50), text="完成环评"), reason="先办环评"
    )

    entry = report_on_line(actor=officer, line=line_of(drive), done="已报审", progress=80, issue="缺噪声报告")

    assert (entry.progress, line_of(drive).issue, line_of(drive).last_check_in_on) == (
        80,
        "缺噪声报告",
        in_days(0),
    )


@pytest.mark.django_db
def test_outsiders_neither_see_nor_report(
    manager: Account, leader: Account, outsider: Account, project: Project
) -> None:
    drive = started(manager, leader, project)

    assert not drives_visible_to(outsider).exists()
    with pytest.raises(NotFound):
        report_on_line(actor=outsider, line=line_of(drive), done="已约谈")


@pytest.mark.django_db
def test_done_is_said_by_somebody_else_and_only_over_recognised_facts(
    manager: Account, deputy: Account, leader: Account, officer: Account, project: Project
) -> None:
    drive = started(manager, leader, project)
    with pytest.raises(NotAllowed):
        mark_done(actor=leader, line=line_of(drive), result="已签约")
    with pytest.raises(Refused):
        mark_done(actor=manager, line=line_of(drive), result="已签约")
    project.stage = "signed"
    project.save()
    make_recognised(project, officer, manager)
    report_on_line(actor=manager, line=line_of(drive), done="已签约")
    with pytest.raises(NotAllowed):
        mark_done(actor=manager, line=line_of(drive), result="已签约")

    mark_done(actor=deputy, line=line_of(drive), result="已签约")

    assert (line_of(drive).done_by, standings([line_of(drive)])[0].cause) == (deputy, Cause.DONE)
    assert AuditEntry.objects.filter(verb="drive.done", actor=deputy).count() == 1
    with pytest.raises(Conflict):
        report_on_line(actor=officer, line=line_of(drive), done="补报")


@pytest.mark.django_db
def test_the_leader_neither_eases_targets_nor_closes(
    manager: Account, deputy: Account, leader: Account, project: Project
) -> None:
    drive = started(manager, manager_as_leader(manager), project)
    later = Target(due_on=in_days(80), stage="signed")
    with pytest.raises(NotAllowed):
        change_target(actor=manager, line=line_of(drive), target=later, reason="太紧")
    with pytest.raises(NotAllowed):
        change_drive(actor=manager, drive=drive, ends_on=in_days(200), reason="太紧")
    with pytest.raises(NotAllowed):
        close_drive(actor=manager, drive=drive, result="完成")

    closed = close_drive(actor=deputy, drive=drive, result="完成 0/1，转入下季度")

    assert (closed.closed_by, closed.result) == (deputy, "完成 0/1，转入下季度")
    with pytest.raises(Conflict):
        close_drive(actor=deputy, drive=drive, result="再次")


def manager_as_leader(manager: Account) -> Account:
    """Managers of the tests are no persons; this one is."""
    if manager.person is None:
        manager.person = make_person()
        manager.save()
    return manager


@pytest.mark.django_db
def test_two_editors_get_a_sentence(manager: Account, leader: Account, project: Project) -> None:
    drive = started(manager, leader, project)
    change_drive(actor=manager, drive=drive, name="四季度签约攻坚", seen=drive.version)

    with pytest.raises(Conflict) as conflict:
        change_drive(actor=leader, drive=drive, name="年末冲刺", seen=drive.version)

    assert "修改督查行动" in conflict.value.message


@pytest.mark.django_db
def test_what_is_due_names_reports_targets_and_ended_drives(
    manager: Account, leader: Account, officer: Account, project: Project
) -> None:
    drive = started(
        manager, leader, project,
        starts_on=in_days(-40), ends_on=in_days(1), target=Target(due_on=in_days(0), text="完成环评"),
    )  # fmt: skip
    DriveProject.objects.update(added_on=in_days(-40))

    own = [(item.kind, item.on) for item in drives_due(officer, in_days(0))]
    managers = [(item.kind, item.on) for item in drives_due(manager, in_days(0))]

    assert own == [("drive-report", in_days(-33)), ("drive-target", in_days(0))]
    assert managers == [("drive-close", in_days(0))]
    close_drive(actor=manager, drive=drive, result="已完成")
    assert (drives_due(officer, in_days(9)), drives_due(manager, in_days(9))) == ([], [])
