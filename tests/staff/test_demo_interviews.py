"""The round of the demo that stands in the middle of its interviews, whatever day it is."""

from datetime import date

import pytest
from django.utils import timezone

from promotion.models import ImportBatch
from staff.demo.interviews import tell_interviews
from staff.models import Account, Competition, InterviewSession, Role, ScoreSheet
from tests.factories.competition import make_requirement
from tests.factories.staff import make_account, make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("today", [None, date(2026, 10, 5), date(2027, 1, 1), date(2028, 2, 29)])
def test_a_session_is_closed_one_runs_and_one_is_to_come(
    today: date | None, hr: Account, manager: Account, leader: Account, administrator: Account
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

    tell_interviews(cast, today or timezone.localdate())

    assert Competition.objects.get().state == "interviewing"
    assert list(InterviewSession.objects.values_list("state", flat=True).order_by("pk")) == [
        "closed",
        "planned",
        "planned",
    ]
    assert ScoreSheet.objects.filter(state="open").count() == 1
    assert [len(each.accepted) for each in ImportBatch.objects.all()] == [2]
