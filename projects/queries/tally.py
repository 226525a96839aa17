"""How many projects one sees and what they plan to invest, by stage, from kept totals (`ProjectTally`).

What an account sees falls into two parts that have nothing in common: whole teams' projects, which are kept as totals, and what
it sees besides (secret projects; those of other teams that it owns, shares or reads), which is little and read.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, Count, DecimalField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from projects.access import SEES_ALL
from projects.access.sight import Eyes, personal_sight
from projects.models import Project, ProjectTally
from projects.models.tally import COUNTED
from projects.workflow import ORDER, Status
from promotion.prepared import IsAnyOf, Prepared, Slot
from staff.access import posts_of
from staff.models import Account, Role

TEAMS = Slot("teams", ArrayField(BigIntegerField()))


@dataclass(frozen=True)
class Total:
    """A number of projects and their planned investment in 元; none when no amount is known."""

    count: int = 0
    amount: Decimal | None = None

    def __add__(self, other: "Total") -> "Total":
        known = [amount for amount in (self.amount, other.amount) if amount is not None]
        return Total(self.count + other.count, sum(known, Decimal(0)) if known else None)


NOTHING = Total()


@dataclass(frozen=True)
class Kept:
    """A choice that totals are kept by: a status (any, if empty), stages, and teams (all, if none)."""

    status: str = Status.ACTIVE
    stages: frozenset[str] = frozenset(ORDER)
    teams: frozenset[int] = frozenset()

    @property
    def is_plain(self) -> bool:
        """The board and the list before anybody narrows them."""
        return self == PLAIN


PLAIN = Kept()


def stage_totals(actor: Account, kept: Kept = PLAIN) -> Mapping[str, Total]:
    """The chosen projects that the actor sees, by stage: exactly what counting them gives; one statement."""
    return _by_stage(
        _TOTALS.rows(actor.role, bool(kept.status), status=kept.status, **sight_values(actor)), kept
    )


def led_totals(leader: Account) -> Mapping[str, Total]:
    """The active projects that a leader answers for, by stage: those of the teams he leads, and his own; one statement."""
    values = Eyes.of(leader).values | {"teams": sorted(posts_of(leader).led)}
    return _by_stage(_ANSWERED_FOR.rows(**values), PLAIN)


def _by_stage(rows: Iterable[Sequence[Any]], kept: Kept) -> Mapping[str, Total]:
    found: dict[str, Total] = defaultdict(Total)
    for team, stage, count, known, amount in rows:
        if count and stage in kept.stages and (not kept.teams or team in kept.teams):
            found[stage] += Total(count, amount if known else None)
    return found


def total_of(actor: Account, kept: Kept = PLAIN) -> Total:
    """The chosen projects that the actor sees, all together."""
    return sum(stage_totals(actor, kept).values(), NOTHING)


def counted_by_stage(found: QuerySet[Project]) -> Mapping[str, Total]:
    """Number and planned investment of any projects, by stage; read."""
    grouped: QuerySet[Any, Any] = found.order_by().values("stage")
    rows = grouped.annotate(count=Count("pk"), amount=Sum("planned_investment"))
    return {row["stage"]: Total(row["count"], row["amount"]) for row in rows}


def sight_values(actor: Account) -> dict[str, Any]:
    """What fills the slots of `of_teams` and `besides`."""
    teams = [] if actor.role in SEES_ALL else sorted(posts_of(actor).seen)
    return {**Eyes.of(actor).values, "teams": teams}


def of_teams(role: str) -> Q:
    """Projects seen because of their team: of all teams for those who oversee, of one's own for others; never secret ones."""
    return Q(is_secret=False) if role in SEES_ALL else Q(IsAnyOf(F("team_id"), TEAMS), is_secret=False)


def besides(role: str) -> Q:
    """The projects that the role sees besides those of `of_teams`."""
    seen = Q() if role == Role.AUDITOR else Q(pk__in=personal_sight().values("project"))
    return seen & (Q(is_secret=True) if role in SEES_ALL else ~of_teams(role))


def _totals(role: str, has_status: bool) -> QuerySet[Any, Any]:
    status = Q(status=Slot("status")) if has_status else Q()
    own = Q() if role in SEES_ALL else Q(IsAnyOf(F("team"), TEAMS))
    return _summed(ProjectTally.objects.filter(status, own), Project.objects.filter(status, besides(role)))


def _answered_for() -> QuerySet[Any, Any]:
    """What the slots' teams have, and what a person owns or was named to read besides; an owner sees the project always."""
    rest = besides(Role.LEADER) & (Q(owner=Slot("person")) | Q(IsAnyOf(F("team_id"), TEAMS)))
    kept = ProjectTally.objects.filter(IsAnyOf(F("team"), TEAMS), status=Status.ACTIVE)
    return _summed(kept, Project.objects.filter(rest, status=Status.ACTIVE))


def _summed(kept: QuerySet[Any, Any], read: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Kept totals, and projects that are read, each summed by team and stage."""
    kept = kept.order_by().values("team", "stage")
    kept = kept.annotate(projects=Sum("count"), with_amount=Sum("known"), money=Sum("amount"))
    money = Coalesce(Sum("planned_investment"), Decimal(0), output_field=DecimalField())
    read = read.order_by().values("team", "stage")
    read = read.annotate(projects=Count("pk"), with_amount=Count("planned_investment"), money=money)
    columns = ("team", "stage", "projects", "with_amount", "money")
    return kept.values_list(*columns).union(read.values_list(*columns), all=True)


_TOTALS = Prepared(_totals)
_ANSWERED_FOR = Prepared(_answered_for)


@dataclass(frozen=True)
class Drift:
    """A kept total that is not what counting gives: number and amount (元) of each."""

    team: int
    status: str
    stage: str
    industry: str
    counted: tuple[int, Decimal]
    kept: tuple[int, Decimal]


_DRIFT = f"""
    WITH counted (team, status, stage, industry, count, known, amount) AS ({COUNTED}),
    kept AS (
        SELECT team, status, stage, industry, sum(count) AS count, sum(known) AS known, sum(amount) AS amount
          FROM projects_projecttally GROUP BY team, status, stage, industry
    )
    SELECT team, status, stage, industry, coalesce(counted.count, 0), coalesce(counted.amount, 0),
           coalesce(kept.count, 0), coalesce(kept.amount, 0)
      FROM counted FULL JOIN kept USING (team, status, stage, industry)
     WHERE (coalesce(counted.count, 0), coalesce(counted.known, 0), coalesce(counted.amount, 0))
        <> (coalesce(kept.count, 0), coalesce(kept.known, 0), coalesce(kept.amount, 0))
     ORDER BY team, status, stage, industry
"""  # noqa: S608 - no values


def drifted_totals() -> list[Drift]:
    """The totals that differ from the projects, in one statement, so that changes under way cannot come between."""
    with connection.cursor() as cursor:
        cursor.execute(_DRIFT)
        return [
            Drift(team, status, stage, industry, counted=(count, amount), kept=(kept, money))
            for team, status, stage, industry, count, amount, kept, money in cursor.fetchall()
        ]
