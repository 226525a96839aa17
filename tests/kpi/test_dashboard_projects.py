"""The dashboard's sums of projects are what counting gives, for everybody and for every team, after any history."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kpi.queries.dashboard import AGES, Scope, ageing, by_industry, funnel, stock
from projects.access import SEES_ALL, projects_visible_to
from projects.models import Project
from projects.workflow import ORDER, Status
from tests.projects.test_tally import House, step

pytestmark = pytest.mark.django_db


def pace(house: House, draw: list[int]) -> None:
    """The projects last got on on different days, and their next steps are due on different days or never."""
    today = timezone.localdate()
    for project, number in zip(house.projects, draw, strict=False):
        due = None if number % 3 == 0 else today + timedelta(number % 5 - 2)
        Project.objects.filter(pk=project.pk).update(
            progressed_on=today - timedelta((0, 30, 31, 60, 61, 90, 91, 400)[number % 8]),
            next_step_on=due,
            next_step="回访" if due else "",
        )


def check(scope: Scope) -> None:
    oversees = scope.actor.is_role(*SEES_ALL)
    counted = Project.objects.all() if oversees else projects_visible_to(scope.actor)
    if scope.team:
        counted = counted.filter(Q(team=scope.team) | Q(team__parent=scope.team))
    rows = list(counted)
    active = [row for row in rows if row.status == Status.ACTIVE]
    late = [row for row in active if row.next_step_on and row.next_step_on < scope.today]
    assert stock(scope) == {"count": len(active), "amount": money(active), "overdue": len(late)}

    steps, table = funnel(scope), ageing(scope)
    for place, stage in enumerate(ORDER):
        here = [row for row in active if row.stage == stage]
        reached = sum(row.stage in ORDER[place:] for row in rows)
        assert (steps[place].count, steps[place].amount, steps[place].reached) == (
            len(here),
            money(here),
            reached,
        )
        days = [(scope.today - row.progressed_on).days for row in here]
        expected = [
            sum(low <= day <= (day if high is None else high) for day in days) for _label, low, high in AGES
        ]
        assert [cell["count"] for cell in table[place]["cells"]] == expected

    found = {row["industry"]: (row["count"], row["amount"]) for row in by_industry(scope)}
    industries = {row.industry: [one for one in active if one.industry == row.industry] for row in active}
    assert found == {industry: (len(each), money(each)) for industry, each in industries.items()}


def money(rows: list[Project]) -> Decimal:
    return sum((row.planned_investment or Decimal(0) for row in rows), Decimal(0))


@settings(
    max_examples=10,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    history=st.lists(step, min_size=4, max_size=12), draw=st.lists(st.integers(0, 40), min_size=6, max_size=9)
)
def test_sums_are_what_counting_gives(history: list[tuple[str, int, int]], draw: list[int]) -> None:
    with transaction.atomic():
        house = House()
        for place in range(6):
            house.enter(place // 2, place // 3)
        for verb, one, value in history:
            getattr(house, verb)(one, value)
        pace(house, draw)
        house.hide(draw[0], 1)  # nearly nobody sees it, and to those who oversee it counts
        today = timezone.localdate()
        for reader in house.readers:
            for team in (None, *house.teams):
                check(Scope(reader, team, today.year, today))
        transaction.set_rollback(True)
