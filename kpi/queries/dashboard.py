"""Figures of the dashboard and the cockpit: each is counted from the visible set, and links to the list that sums to it.

Amounts in 元 (`amount`), 美元 (`amount_usd`); every query is a constant number of statements whatever the data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db import connection, models
from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, Lag
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from projects.access import achievements_visible_to, projects_counted_for
from projects.models import Achievement, Project, StageChange
from projects.queries.facts import RECOGNISED_USD
from projects.workflow import ORDER, Stage, Status
from staff.models import Account, Team

ZERO = Decimal(0)
# Days since the last progress: (label, from, to), the last without an end.
AGES: tuple[tuple[Any, int, int | None], ...] = (
    (_("0—30 天"), 0, 30),
    (_("31—60 天"), 31, 60),
    (_("61—90 天"), 61, 90),
    (_("90 天以上"), 91, None),
)


@dataclass
class Scope:
    """What the dashboard is about: who looks, at which team (None: all that is visible), in which year, on which day."""

    actor: Account
    team: Team | None
    year: int
    today: date

    @cached_property
    def team_ids(self) -> list[str]:
        """The public ids of the team and of the offices below it; none when the scope is everything."""
        if self.team is None:
            return []
        below = Team.objects.filter(parent=self.team).order_by("position")
        return [self.team.public_id, *below.values_list("public_id", flat=True)]

    def projects(self) -> QuerySet[Project]:
        """The projects that count for the reader, of the team and of the offices below it."""
        visible = projects_counted_for(self.actor)
        if self.team is None:
            return visible
        return visible.filter(Q(team=self.team) | Q(team__parent=self.team))

    def achievements(self) -> QuerySet[Achievement]:
        """Recognised achievements of the year in these projects; whoever sees a project sees its achievements."""
        recognised = Achievement.objects.filter(state="recognised", happened_on__year=self.year)
        return recognised.filter(project__in=self.projects().values("pk"))

    def url(self, name: str, **query: object) -> str:
        """The address of a list with this scope's team, the offices below it, and further filters."""
        key = "project_team" if name == "projects:achievements" else "team"
        parts: dict[str, object] = {key: self.team_ids} if self.team_ids else {}
        return f"{reverse(name)}?{urlencode(parts | {k: v for k, v in query.items() if v is not None}, doseq=True)}"


@dataclass(frozen=True)
class Figure:
    """A number with its unit and the list behind it."""

    label: str
    value: Any
    unit: str
    url: str


@dataclass(frozen=True)
class FunnelStep:
    """A stage with what stands there now, and how many of all projects ever came at least so far."""

    stage: Stage
    count: int
    amount: Decimal
    reached: int
    conversion: Decimal | None
    median_days: int | None
    url: str
    reached_url: str


def stock(scope: Scope) -> dict[str, Any]:
    """Projects worked on now: how many, planned investment (元), those whose next step is overdue or missing."""
    active = Q(status=Status.ACTIVE)
    return scope.projects().aggregate(
        count=Count("pk", filter=active),
        amount=Coalesce(Sum("planned_investment", filter=active), ZERO, output_field=models.DecimalField()),
        overdue=Count("pk", filter=active & Q(next_step_on__lt=scope.today)),
        aimless=Count("pk", filter=active & Q(next_step="")),
    )


def year_totals(scope: Scope) -> dict[str, Any]:
    """What was recognised this year: signings (number, 元), foreign capital paid in (USD), starts, productions."""
    paid_in = Q(kind="paid_in")
    return scope.achievements().aggregate(
        signed=Count("pk", filter=Q(kind="signed")),
        signed_amount=Coalesce(
            Sum("recognised_cny", filter=Q(kind="signed")), ZERO, output_field=models.DecimalField()
        ),
        paid_in_usd=Coalesce(Sum(RECOGNISED_USD, filter=paid_in), ZERO, output_field=models.DecimalField()),
        started=Count("pk", filter=Q(kind="started")),
        produced=Count("pk", filter=Q(kind="produced")),
    )


def waiting(scope: Scope) -> int:
    """Reported and not yet decided, whatever the year."""
    visible = achievements_visible_to(scope.actor).filter(state="submitted")
    if scope.team is not None:
        visible = visible.filter(project__in=scope.projects().values("pk"))
    return visible.count()


def funnel(scope: Scope) -> list[FunnelStep]:
    """Every stage in order, with stock, conversion from the stage before, and the median days a project stays there."""
    now: dict[str, Any] = {
        row["stage"]: row
        for row in scope.projects()
        .filter(status=Status.ACTIVE)
        .order_by()
        .values("stage")
        .annotate(
            count=Count("pk"),
            amount=Coalesce(Sum("planned_investment"), ZERO, output_field=models.DecimalField()),
        )
    }
    reached = _reached(scope)
    days = _median_days(scope)
    steps: list[FunnelStep] = []
    before: int | None = None
    for stage in ORDER:
        row = now.get(stage, {"count": 0, "amount": ZERO})
        came = reached.get(stage, 0)
        rate = (Decimal(came) / Decimal(before)) if before else None
        steps.append(
            FunnelStep(
                stage,
                row["count"],
                row["amount"],
                came,
                rate,
                days.get(stage),
                scope.url("projects:list", stage=stage.value, status=Status.ACTIVE.value),
                scope.url("projects:list", reached=stage.value, status="any"),
            )
        )
        before = came
    return steps


def _place() -> Case:
    return Case(
        *(When(stage=stage, then=Value(place)) for place, stage in enumerate(ORDER)),
        output_field=models.IntegerField(),
    )


def _reached(scope: Scope) -> dict[str, int]:
    """How many projects, whatever their status, stand at each stage or beyond."""
    counted = scope.projects().order_by().annotate(place=_place()).values("place").annotate(count=Count("pk"))
    by_place = {row["place"]: row["count"] for row in counted}
    return {
        stage: sum(n for place, n in by_place.items() if place >= here) for here, stage in enumerate(ORDER)
    }


def _median_days(scope: Scope) -> dict[str, int]:
    """The median number of days between entering a stage and leaving it, over moves of the last two years."""
    moves = StageChange.objects.filter(
        project__in=scope.projects().values("pk"), happened_on__gte=scope.today - timedelta(730)
    ).annotate(
        entered=models.Window(Lag("happened_on"), partition_by=[F("project")], order_by=[F("id").asc()]),
    )
    sql, parameters = moves.order_by().values("from_stage", "happened_on", "entered").query.sql_with_params()
    # The inner statement is compiled by the ORM, its values stay parameters.
    statement = (
        "SELECT from_stage, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY happened_on - entered))::int "  # noqa: S608
        f"FROM ({sql}) AS moves WHERE entered IS NOT NULL AND from_stage <> '' GROUP BY from_stage"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return dict(cursor.fetchall())


def ageing(scope: Scope) -> list[dict[str, Any]]:
    """Active projects per stage by days since the last progress, each cell with the list behind it."""
    aggregates = {
        f"age{n}": Count("pk", filter=_aged(scope.today, low, high)) for n, (_l, low, high) in enumerate(AGES)
    }
    rows: dict[str, Any] = {
        row["stage"]: row
        for row in scope.projects()
        .filter(status=Status.ACTIVE)
        .order_by()
        .values("stage")
        .annotate(**aggregates)
    }
    return [
        {
            "stage": stage,
            "cells": [
                {
                    "count": rows.get(stage, {}).get(f"age{n}", 0),
                    "url": scope.url(
                        "projects:list", stage=stage.value, status="active", idle_from=low, idle_to=high
                    ),
                }
                for n, (_label, low, high) in enumerate(AGES)
            ],
        }
        for stage in ORDER
    ]


def _aged(today: date, low: int, high: int | None) -> Q:
    aged = Q(progressed_on__lte=today - timedelta(low))
    return aged if high is None else aged & Q(progressed_on__gte=today - timedelta(high))


def by_industry(scope: Scope) -> Sequence[Any]:
    """Active projects and planned investment (元) per industry, the largest first."""
    return list(
        scope.projects()
        .filter(status=Status.ACTIVE)
        .order_by()
        .values("industry")
        .annotate(
            count=Count("pk"),
            amount=Coalesce(Sum("planned_investment"), ZERO, output_field=models.DecimalField()),
        )
        .order_by("-amount")
    )


def by_month(scope: Scope) -> list[tuple[int, int, Decimal]]:
    """Signings recognised per month of the year: (month, number, 元)."""
    rows: dict[int, Any] = {
        row["happened_on__month"]: row
        for row in scope.achievements()
        .filter(kind="signed")
        .order_by()
        .values("happened_on__month")
        .annotate(
            count=Count("pk"),
            amount=Coalesce(Sum("recognised_cny"), ZERO, output_field=models.DecimalField()),
        )
    }
    return [
        (month, rows.get(month, {}).get("count", 0), rows.get(month, {}).get("amount", ZERO))
        for month in range(1, 13)
    ]
