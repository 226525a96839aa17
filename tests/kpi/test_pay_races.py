"""Two at once on real connections: one sheet of a month, one confirmation, one carrying out of grades."""

import pytest

from kpi import actions
from kpi.models import GradeRound, PayLine, PaySheet
from staff.models import Account, Appointment, Role
from tests.factories.rewards import open_round, release_pay
from tests.factories.staff import make_account
from tests.projects.test_protection_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_make_the_same_month(hr: Account, manager: Account, officer: Account) -> None:
    release_pay(hr, manager)
    second = make_account(Role.HR)

    said = at_once(
        lambda: actions.make_pay_sheet(actor=hr, year=2025, month=1),
        lambda: actions.make_pay_sheet(actor=second, year=2025, month=1),
    )

    # Whoever comes second is told, or finds the draft of the first and makes it anew; there is one sheet either way.
    assert said.count("done") >= 1
    assert (PaySheet.objects.count(), PayLine.objects.count()) == (1, 1)


def test_a_correction_beside_a_confirmation(hr: Account, manager: Account, officer: Account) -> None:
    release_pay(hr, manager)
    second = make_account(Role.HR)
    sheet = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    seen = sheet.version

    said = at_once(
        lambda: actions.drop_pay_sheet(actor=hr, sheet=sheet),
        lambda: actions.confirm_pay_sheet(actor=second, sheet=sheet, approve=True, seen=seen),
    )

    assert said.count("done") == 1
    assert PaySheet.objects.filter(state="draft").count() == 0


def test_grades_are_carried_out_once(hr: Account, manager: Account, officer: Account) -> None:
    assert officer.person is not None
    found = open_round(hr, manager, {officer.person: "85"})
    actions.submit_grade_round(actor=hr, found=found)
    actions.approve_grade_round(actor=manager, found=found, approve=True)
    second = make_account(Role.HR)

    said = at_once(
        lambda: actions.apply_grade_round(actor=hr, found=found),
        lambda: actions.apply_grade_round(actor=second, found=found),
    )

    assert sorted(said) == ["Conflict", "done"]
    assert GradeRound.objects.get().state == "applied"
    assert Appointment.objects.filter(person=officer.person).count() == 2
