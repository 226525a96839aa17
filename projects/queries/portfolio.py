"""What the dashboard sums of the projects that count for somebody (`access.parts_counted_for`), in all teams or in some.

Number and money are kept by status, stage and industry (`tally`); what depends on the day is counted from an index of the team.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Count, DateField, DecimalField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from projects.access import SEES_ALL
from projects.models import Project, ProjectTally
from projects.queries.tally import TEAMS, besides, of_teams, sight_values
from projects.workflow import Status
from promotion.prepared import IsAnyOf, Prepared, Slot
from staff.models import Account, Role

SOME = Slot("some", ArrayField(BigIntegerField()))


@dataclass(frozen=True)
class Stock:
    """The projects of a status, stage and industry: number and planned investment in 元."""

    status: str
    stage: str
    industry: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class Pace:
    """The active projects of a stage that last got on on a day: number, and how many have a next step that is overdue."""

    stage: str
    progressed_on: date
    count: int
    overdue: int


def stock_of(actor: Account, teams: Collection[int] | None) -> list[Stock]:
    """Number and money of the projects in these teams (None: all) that count for the actor; one statement."""
    rows = _STOCK.rows(actor.role, teams is not None, **_values(actor, teams))
    return [Stock(*row) for row in rows if row[3]]


def pace_of(actor: Account, teams: Collection[int] | None, today: date) -> list[Pace]:
    """When the active ones among them last got on, and which are late on a day; one statement."""
    rows = _PACE.rows(actor.role, teams is not None, **_values(actor, teams), day=today)
    return [Pace(*row) for row in rows]


def _values(actor: Account, teams: Collection[int] | None) -> dict[str, Any]:
    values = sight_values(actor)
    if teams is None:
        return values
    return values | {"some": sorted(teams), "teams": sorted(set(teams).intersection(values["teams"]))}


def _rest(role: str) -> Q:
    """What is in no kept total: to those who oversee every secret project counts, only its sum is told."""
    return besides(Role.AUDITOR if role in SEES_ALL else role)


def _stock(role: str, some: bool) -> QuerySet[Any, Any]:
    shared = Q(IsAnyOf(F("team"), TEAMS)) if role not in SEES_ALL else Q()
    if some and role in SEES_ALL:
        shared = Q(IsAnyOf(F("team"), SOME))
    kept: QuerySet[Any, Any] = ProjectTally.objects.filter(shared).order_by()
    kept = kept.values("status", "stage", "industry").annotate(projects=Sum("count"), money=Sum("amount"))
    read: QuerySet[Any, Any] = Project.objects.filter(_rest(role), _in_teams(some)).order_by()
    money = Coalesce(Sum("planned_investment"), Decimal(0), output_field=DecimalField())
    read = read.values("status", "stage", "industry").annotate(projects=Count("pk"), money=money)
    columns = ("status", "stage", "industry", "projects", "money")
    return kept.values_list(*columns).union(read.values_list(*columns), all=True)


def _pace(role: str, some: bool) -> QuerySet[Any, Any]:
    if role in SEES_ALL:
        return _by_day(_in_teams(some))
    return _by_day(of_teams(role)).union(_by_day(besides(role) & _in_teams(some)), all=True)


def _by_day(which: Q) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = Project.objects.filter(which, status=Status.ACTIVE).order_by()
    late = Count("stage", filter=Q(next_step_on__lt=Slot("day", DateField())))
    grouped = rows.values("stage", "progressed_on").annotate(projects=Count("*"), late=late)
    return grouped.values_list("stage", "progressed_on", "projects", "late")


def _in_teams(some: bool) -> Q:
    return Q(IsAnyOf(F("team_id"), SOME)) if some else Q()


_STOCK = Prepared(_stock)
_PACE = Prepared(_pace)
