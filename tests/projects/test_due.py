"""What is due, from every subject."""

from datetime import timedelta

import pytest
from django.utils import timezone

from projects.queries.due import due_items
from staff.models import Account
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db


def test_next_steps_are_due_up_to_the_day_the_earliest_first(officer: Account, outsider: Account) -> None:
    today = timezone.localdate()
    later = make_project(officer, name="乙", next_step="回访", next_step_on=today + timedelta(2))
    sooner = make_project(officer, name="甲", next_step="来访", next_step_on=today - timedelta(1))
    make_project(officer, name="丙", next_step="签约", next_step_on=today + timedelta(30))
    make_project(outsider, name="丁", next_step="电话", next_step_on=today)

    found = due_items(officer, today + timedelta(7))

    assert [(item.key, item.title, item.overdue(today)) for item in found] == [
        (str(sooner.pk), "来访", True),
        (str(later.pk), "回访", False),
    ]
