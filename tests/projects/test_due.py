"""What is due, from every subject."""

from datetime import timedelta

import pytest
from django.utils import timezone

from projects.models import ProjectClock
from projects.queries.due import SOURCES, due_items
from projects.queries.due_facts import anything_due
from projects.queries.mention import unseen_mentions
from staff.models import Account
from tests.architecture.visits import all_visits
from tests.factories.projects import make_project
from tests.factories.sites import make_plot, make_reservation

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


def test_only_what_has_nothing_is_left_unasked(
    officer: Account, outsider: Account, leader: Account, manager: Account
) -> None:
    today = timezone.localdate()
    project = make_project(officer, next_step="回访", next_step_on=today + timedelta(3))
    make_project(officer, stage="started", stage_since=today + timedelta(3))
    all_visits(project, officer, manager)
    make_reservation(project, make_plot(manager), officer, state="locked", ends_on=today + timedelta(9))
    ProjectClock.objects.create(
        project=make_project(officer, stage="negotiation"),
        counts_from=today - timedelta(9),
        report_from=today,
    )

    asked, denied = set(), set()
    for account in (officer, outsider, leader, manager):
        for until in (today + timedelta(days) for days in (-4000, -9, -1, 0, 1, 2, 3, 9, 60, 4000)):
            facts = anything_due(account, until)
            for source in SOURCES:
                if facts.get(source.__name__, True):
                    asked.add(source.__name__)
                else:
                    denied.add(source.__name__)
                    assert source(account, until) == [], (account.role, until, source)
            assert facts["mentioned"] or not unseen_mentions(account).exists()
    names = {name for name in facts if name.endswith("_due")} - {"targets_due"}
    assert names <= {source.__name__ for source in SOURCES}
    assert denied == names
    assert asked >= names
