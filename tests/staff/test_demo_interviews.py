"""The round of the demo that stands in the middle of its interviews, whatever day it is."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from promotion.models import ImportBatch
from staff.demo.interviews import tell_interviews
from staff.models import Account, Competition, InterviewSession, Role, ScoreSheet
from tests.factories.competition import make_requirement
from tests.factories.staff import make_account, make_person, make_team

pytestmark = pytest.mark.django_db


def next_one(month: int, number: int) -> date:
    """The next such day of a year, today included; a demo may be told of any day from today on."""
    day = timezone.localdate()
    while (day.month, day.day) != (month, number):
        day += timedelta(days=1)
    return day


@pytest.mark.parametrize("of_year", [None, (10, 5), (1, 1), (2, 29)])
def test_a_session_is_closed_one_runs_and_one_is_to_come(
    of_year: tuple[int, int] | None, hr: Account, manager: Account, leader: Account, administrator: Account
) -> None:
    make_requirement()
    make_team(code="GJ7")
    for number in range(12):
        make_person(staff_number=f"JG{number:03}")
    cast = {
        "hr": hr,
        "manager": manager,
        "deputy": make_account(Role.MANAGER),
        "leader": leader,
        "admin": administrator,
        "staff": make_account(Role.STAFF),
    }

    tell_interviews(cast, next_one(*of_year) if of_year else timezone.localdate())

    assert Competition.objects.get().state == "interviewing"
    assert list(InterviewSession.objects.values_list("state", flat=True).order_by("pk")) == [
        "closed",
        "planned",
        "planned",
    ]
    assert ScoreSheet.objects.filter(state="open").count() == 1
    assert [len(each.accepted) for each in ImportBatch.objects.all()] == [2]
