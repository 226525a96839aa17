"""Figures of the dashboard and the cockpit: each is counted from the visible set, and links to the list that sums to it.

Amounts in 元 (`amount`), 美元 (`amount_usd`); every query is a constant number of statements whatever the data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from projects.access import SEES_ALL, achievements_visible_to, parts_counted_for
from projects.models import Achievement, Project, StageChange
from projects.queries.achievement_tally import recognised_by_month
from projects.queries.facts import RECOGNISED_USD
from projects.queries.portfolio import pace_of, stock_of
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
    def teams(self) -> list[tuple[int, str]]:
        """Keys and public ids of the team and of the offices below it; none when the scope is everything."""
        if self.team is None:
            return []
        below = Team.objects.filter(parent=self.team).order_by("position")
        return [(self.team.pk, self.team.public_id), *below.values_list("pk", "public_id")]

    @property
    def team_keys(self) -> list[int] | None:
        """The keys of the teams; None when the scope is everything."""
        return [key for key, _public_id in self.teams] or None

    @property
    def team_ids(self) -> list[str]:
        return [public_id for _pk, public_id in self.teams]

    def projects(self) -> list[QuerySet[Project]]:
        """The projects that count for the reader, of the team and of the offices below it; in parts, each with an index of its own."""
        parts = parts_counted_for(self.actor)
        if self.team is None:
            return parts
        return [part.filter(team__in=[pk for pk, _id in self.teams]) for part in parts]

    def of_these(self, rows: QuerySet[Any]) -> list[QuerySet[Any]]:
        """The rows that belong to these projects, in parts; nothing is asked of the projects where all of them count."""
        if self.team is None and self.actor.is_role(*SEES_ALL):
            return [rows.exclude(project=None)]
        return [rows.filter(project__in=part.order_by().values("pk")) for part in self.projects()]

    def achievements(self) -> list[QuerySet[Achievement]]:
        """Recognised achievements of the year in these projects; whoever sees a project sees its achievements."""
        return self.of_these(Achievement.objects.filter(state="recognised", happened_on__year=self.year))

    @cached_property
    def stock(self) -> list[dict[str, Any]]:
        """The projects per status, stage and industry: number and 元; stock, funnel and industries are sums over these."""
        return [dict(vars(row)) for row in stock_of(self.actor, self.team_keys)]

    @cached_property
    def pace(self) -> list[dict[str, Any]]:
        """The active projects per stage: next steps overdue, and by days since the last progress (`age0` and on)."""
        rows = []
        for row in pace_of(self.actor, self.team_keys, self.today):
            days = (self.today - row.progressed_on).days
            ages = {
                f"age{n}": row.count if _is_aged(days, low, high) else 0
                for n, (_l, low, high) in enumerate(AGES)
            }
            rows.append({"stage": row.stage, "overdue": row.overdue, **ages})
        return rows

    @cached_property
    def recognised(self) -> list[dict[str, Any]]:
        """What was recognised in the year per kind and month: number, 元, and USD of what was paid in; kept, else read once."""
        if self.team is None and self.actor.is_role(*SEES_ALL):
            return recognised_by_month(self.year)
        usd = Sum(RECOGNISED_USD, filter=Q(kind="paid_in"))
        figures = {
            "count": Count("pk"),
            "amount": Coalesce(Sum("recognised_cny"), ZERO, output_field=models.DecimalField()),
            "usd": Coalesce(usd, ZERO, output_field=models.DecimalField()),
        }
        grouped: list[QuerySet[Any, Any]] = [
            part.order_by().values("kind", "happened_on__month") for part in self.achievements()
        ]
        return [row for part in grouped for row in part.annotate(**figures)]

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


def _active(scope: Scope) -> list[dict[str, Any]]:
    return [row for row in scope.stock if row["status"] == Status.ACTIVE]


def _sums(rows: Sequence[dict[str, Any]], by: str, *names: str) -> dict[Any, dict[str, Any]]:
    """The figures of the rows, summed per value of `by`."""
    summed: dict[Any, dict[str, Any]] = {}
    for row in rows:
        own = summed.setdefault(row[by], dict.fromkeys(names, 0))
        for name in names:
            own[name] += row[name]
    return summed


def stock(scope: Scope) -> dict[str, Any]:
    """Projects worked on now: how many, planned investment (元), those whose next step is overdue."""
    found = _active(scope)
    return {
        "count": sum(row["count"] for row in found),
        "amount": sum((row["amount"] for row in found), ZERO),
        "overdue": sum(row["overdue"] for row in scope.pace),
    }


def year_totals(scope: Scope) -> dict[str, Any]:
    """What was recognised this year: signings (number, 元), foreign capital paid in (USD), starts, productions."""
    summed = _sums(scope.recognised, "kind", "count", "amount", "usd")
    none = {"count": 0, "amount": ZERO, "usd": ZERO}
    signed, paid_in = summed.get("signed", none), summed.get("paid_in", none)
    return {
        "signed": signed["count"],
        "signed_amount": signed["amount"],
        "paid_in_usd": paid_in["usd"],
        "started": summed.get("started", none)["count"],
        "produced": summed.get("produced", none)["count"],
    }


def waiting(scope: Scope) -> int:
    """Reported and not yet decided, whatever the year."""
    visible = achievements_visible_to(scope.actor).filter(state="submitted")
    parts = [visible] if scope.team is None else scope.of_these(visible)
    return sum(part.count() for part in parts)


def funnel(scope: Scope) -> list[FunnelStep]:
    """Every stage in order, with stock, conversion from the stage before, and the median days a project stays there."""
    now = _sums(_active(scope), "stage", "count", "amount")
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


def _reached(scope: Scope) -> dict[str, int]:
    """How many projects, whatever their status, stand at each stage or beyond."""
    standing = _sums(scope.stock, "stage", "count")
    counts = [standing.get(stage, {"count": 0})["count"] for stage in ORDER]
    return {stage: sum(counts[here:]) for here, stage in enumerate(ORDER)}


def _median_days(scope: Scope) -> dict[str, int]:
    """The median number of days between entering a stage and leaving it, over moves of the last two years.

    Each move knows its days (`StageChange.stayed`), so the database only counts equal ones.
    """
    moves = StageChange.objects.filter(happened_on__gte=scope.today - timedelta(730), stayed__isnull=False)
    stays: dict[str, list[tuple[int, int]]] = {}
    for part in scope.of_these(moves.exclude(from_stage="")):
        for row in part.order_by().values("from_stage", "stayed").annotate(count=Count("pk")):
            stays.setdefault(row["from_stage"], []).append((row["stayed"], row["count"]))
    return {stage: _median(sorted(days)) for stage, days in stays.items()}


def _median(counted: Sequence[tuple[int, int]]) -> int:
    """The median of (value, how often) in order of value, between two middle ones their mean, to whole days (half to even)."""
    total = sum(count for _value, count in counted)
    lower, upper = (_value_at(counted, place) for place in ((total - 1) // 2, total // 2))
    return round((lower + upper) / 2)


def _value_at(counted: Sequence[tuple[int, int]], place: int) -> int:
    for value, count in counted:
        if place < count:
            return value
        place -= count
    return counted[-1][0]


def ageing(scope: Scope) -> list[dict[str, Any]]:
    """Active projects per stage by days since the last progress, each cell with the list behind it."""
    rows = _sums(scope.pace, "stage", *(f"age{n}" for n in range(len(AGES))))
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


def _is_aged(days: int, low: int, high: int | None) -> bool:
    return days >= low and (high is None or days <= high)


def by_industry(scope: Scope) -> Sequence[Any]:
    """Active projects and planned investment (元) per industry, the largest first."""
    summed = _sums(_active(scope), "industry", "count", "amount")
    rows = [{"industry": industry, **row} for industry, row in summed.items()]
    return sorted(rows, key=lambda row: (-row["amount"], row["industry"]))


def by_month(scope: Scope) -> list[tuple[int, int, Decimal]]:
    """Signings recognised per month of the year: (month, number, 元)."""
    signed = [row for row in scope.recognised if row["kind"] == "signed"]
    rows = _sums(signed, "happened_on__month", "count", "amount")
    return [
        (month, rows.get(month, {}).get("count", 0), rows.get(month, {}).get("amount", ZERO))
        for month in range(1, 13)
    ]
