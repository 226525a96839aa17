"""Two at once on real connections: one place of a project in a drive, one result, one specialist, no blocker beside a closing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from projects.actions import close_department, name_specialist, raise_blocker
from projects.actions.drive import close_drive, start_drive
from projects.actions.drive_lines import Target, add_to_drive, mark_done, report_on_line
from projects.models import Drive, ProjectSpecialist
from staff.models import Account
from tests.factories.departments import make_contact, make_department
from tests.factories.projects import make_project
from tests.projects.test_protection_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def target() -> Target:
    return Target(timezone.localdate() + timedelta(30), text="厂房交付")


@pytest.fixture
def drive(manager: Account, leader: Account, officer: Account) -> Drive:
    assert leader.person is not None
    today = timezone.localdate()
    return start_drive(
        actor=manager, name="百日攻坚", leader=leader.person, starts_on=today, ends_on=today + timedelta(90),
        projects=[make_project(officer)], target=target(),
    )  # fmt: skip


def test_two_list_one_project(manager: Account, deputy: Account, officer: Account, drive: Drive) -> None:
    project = make_project(officer)

    said = at_once(
        *(
            lambda actor=actor: add_to_drive(actor=actor, drive=drive, projects=[project], target=target())
            for actor in (manager, deputy)
        )
    )

    assert sorted(said) == ["Conflict", "done"]
    assert drive.lines.filter(project=project).count() == 1


def test_a_result_and_a_report_beside_a_closing(
    manager: Account, deputy: Account, officer: Account, drive: Drive
) -> None:
    line = drive.lines.get()

    said = at_once(
        lambda: mark_done(actor=manager, line=line, result="已交付"),
        lambda: mark_done(actor=deputy, line=line, result="已交付"),
    )
    closing = at_once(
        lambda: close_drive(actor=manager, drive=drive, result="完成"),
        lambda: close_drive(actor=deputy, drive=drive, result="完成"),
        lambda: report_on_line(actor=officer, line=line, done="补报"),
    )

    assert sorted(said) == ["Conflict", "done"]
    assert (sorted(closing), line.check_ins.count()) == (["Conflict", "Conflict", "done"], 0)


def test_two_specialists_of_one_department(officer: Account, manager: Account) -> None:
    department, project = make_department(), make_project(officer)
    contacts = [make_contact(department, name) for name in ("蒋立群", "苏敏")]

    said = at_once(
        *(
            lambda actor=actor, contact=contact: name_specialist(
                actor=actor, project=project, contact=contact, seen=0
            )
            for actor, contact in zip((officer, manager), contacts, strict=True)
        )
    )

    assert sorted(said) == ["Conflict", "done"]
    assert ProjectSpecialist.objects.filter(project=project, ends_on=None).count() == 1


def test_a_department_closes_or_gets_the_blocker(officer: Account, hr: Account) -> None:
    department, project = make_department(), make_project(officer)

    said = at_once(
        lambda: close_department(actor=hr, department=department),
        lambda: raise_blocker(actor=officer, project=project, department=department, title="外线未批"),
    )

    department.refresh_from_db()
    assert sorted(said) == ["Refused", "done"]
    assert department.is_open is bool(department.blockers.count())
