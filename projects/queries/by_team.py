"""The first cards of the board and what stalls on it, asked team by team so that an index answers each question.

What an account sees is split as in `tally`: whole teams' projects, which lie in order in an index of the team, and the few that it
sees besides. Only for the board before anybody narrows it.
"""

from collections import defaultdict
from collections.abc import Hashable
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateField, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from projects.access import SEES_ALL
from projects.models import Project
from projects.queries.ageing import Cutoffs, stalled_on, stalled_parts
from projects.queries.tally import besides, of_teams, sight_values
from projects.workflow import ORDER, Status
from promotion.prepared import Prepared, Slot
from staff.models import Account

ORDERING = (F("planned_investment").desc(nulls_last=True), "-pk")


def in_order(pk: int, investment: Decimal | None) -> tuple[bool, Decimal, int]:
    """What sorts projects as `ORDERING` does."""
    return investment is None, -(investment or Decimal(0)), -pk


def first_of_stages(actor: Account, limit: int) -> list[int]:
    """The keys of the first `limit` active projects of each stage that the actor sees; one statement."""
    values = sight_values(actor)
    teams = {f"team{place}": team for place, team in enumerate(values["teams"])}
    found: dict[str, list[tuple[int, Decimal | None]]] = defaultdict(list)
    for pk, stage, investment in _FIRST.rows(actor.role, len(teams), limit, **values, **teams):
        found[stage].append((pk, investment))
    return [
        pk for rows in found.values() for pk, _sum in sorted(rows, key=lambda row: in_order(*row))[:limit]
    ]


def _first(role: str, teams: int, limit: int) -> QuerySet[Any, Any]:
    """The first of each team and stage, and the first of each stage among what is seen besides."""
    active: QuerySet[Project] = Project.objects.filter(status=Status.ACTIVE)
    shared = [Q(team=Slot(f"team{place}")) for place in range(teams)] if role not in SEES_ALL else [Q()]
    place = Window(RowNumber(), partition_by=[F("stage")], order_by=ORDERING)
    columns = ("pk", "stage", "planned_investment")
    parts = [
        active.filter(part, is_secret=False, stage=stage).order_by(*ORDERING).values_list(*columns)[:limit]
        for part in shared
        for stage in ORDER
    ]
    rest = active.filter(besides(role)).order_by().annotate(place=place).filter(place__lte=limit)
    return rest.values_list(*columns).union(*parts, all=True)


def stalled_count(actor: Account, cutoffs: Cutoffs) -> int:
    """How many active projects that the actor sees stand still; one statement."""
    days = sorted(set(cutoffs.values()))
    shape: tuple[Hashable, ...] = tuple((*key, days.index(day)) for key, day in cutoffs.items())
    cuts = {f"cut{place}": day for place, day in enumerate(days)}
    return sum(count for (count,) in _STALLED.rows(actor.role, shape, **sight_values(actor), **cuts))


def _stalled(role: str, shape: tuple[tuple[str, str, int], ...]) -> QuerySet[Any, Any]:
    """One count for each stage (and class, where classes differ), and one for what is seen besides."""
    cutoffs: Any = {(stage, size): Slot(f"cut{place}", DateField()) for stage, size, place in shape}
    active = Project.objects.filter(status=Status.ACTIVE).order_by()
    parts = [active.filter(of_teams(role), part) for part in stalled_parts(cutoffs)]
    rest = active.filter(besides(role), stalled_on(cutoffs))
    first, *others = (
        rows.values("status").annotate(stalled=Count("*")).values_list("stalled") for rows in (rest, *parts)
    )
    return first.union(*others, all=True)


_FIRST = Prepared(_first)
_STALLED = Prepared(_stalled)
