"""Projects as lists and the board draw them: by key, with only what they show, in a statement that is compiled once."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, F, OuterRef, QuerySet, Subquery

from projects.models import RUNNING, Achievement, Blocker, Project, Recognition
from promotion.prepared import IsAnyOf, Prepared, Slot


class DrawnProject(NamedTuple):
    """One project of a page; what is said of its company, team and specialist stands beside it, as do its clocks."""

    pk: int
    public_id: str
    code: str
    name: str
    version: int
    stage: str
    stage_since: date
    status: str
    project_class: str
    industry: str
    channel: str
    planned_investment: Decimal | None
    admission_note: str
    owner_id: int
    team_id: int
    next_step: str
    next_step_on: date | None
    verified_on: date | None
    company_name: str
    credit_code: str
    team_name: str
    owner_name: str
    counts_from: date | None
    answered_on: date | None
    judged_on: date | None
    fed_back_on: date | None
    report_from: date | None
    blocker_due: date | None
    blocker_yellow: date | None
    has_returned: bool
    has_pending: bool

    @property
    def clock(self) -> "DrawnProject":
        """Its clocks; without any, none of them has begun."""
        return self


# Where a column of the row has another name in the tables.
PLACES = {
    "company_name": "company__name",
    "credit_code": "company__credit_code",
    "team_name": "team__name",
    "owner_name": "owner__name",
    **{
        name: f"clock__{name}"
        for name in ("counts_from", "answered_on", "judged_on", "fed_back_on", "report_from")
    },
}


def with_marks(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Adds `has_returned` and `has_pending`: whether a report was sent back, or waits; and `blocker_due`, `blocker_yellow`:
    the earliest due day and yellow day of the blockers that run."""
    reported = Achievement.objects.filter(project=OuterRef("pk"))
    running = Blocker.objects.filter(project=OuterRef("pk"), state__in=RUNNING).order_by("due_on")
    return projects.annotate(
        blocker_due=Subquery(running.values("due_on")[:1]),
        blocker_yellow=Subquery(running.order_by("yellow_on").values("yellow_on")[:1]),
        has_returned=Exists(reported.filter(state=Recognition.RETURNED)),
        has_pending=Exists(reported.filter(state=Recognition.SUBMITTED)),
    )


def _by_keys() -> QuerySet[Project, Any]:
    keys = Slot("keys", ArrayField(BigIntegerField()))
    chosen = with_marks(Project.objects.filter(IsAnyOf(F("pk"), keys)).order_by())
    return chosen.values_list(*(PLACES.get(name, name) for name in DrawnProject._fields))


_BY_KEYS = Prepared(_by_keys)


def drawn_projects(keys: Sequence[int]) -> dict[int, DrawnProject]:
    """The projects with these keys, which the caller found among the visible ones; one statement."""
    rows = _BY_KEYS.rows(keys=list(keys)) if keys else []
    return {row[0]: DrawnProject._make(row) for row in rows}
