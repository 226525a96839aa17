"""How much each person looks after, against what the grade may (在管上限)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from projects.models import LoadLimit, Project
from projects.workflow import KEY_CLASSES, Stage, Status
from staff.models import Grade

# An assumption until the house settles its own: running projects, key projects among them.
DEFAULTS: dict[Grade, tuple[int, int]] = {Grade.SENIOR: (12, 4), Grade.FIRST: (10, 2), Grade.SECOND: (6, 1)}


@dataclass(frozen=True)
class Limit:
    """What holds for a grade; `rule` is None for the default."""

    grade: Grade
    projects: int
    key_projects: int
    rule: LoadLimit | None


def limits_on(day: date) -> list[Limit]:
    """The limit of each grade on the day, highest grade first; one query."""
    latest = {
        rule.grade: rule for rule in LoadLimit.objects.filter(holds_from__lte=day).order_by("holds_from")
    }
    return [
        Limit(
            grade,
            rule.projects if rule else DEFAULTS[grade][0],
            rule.key_projects if rule else DEFAULTS[grade][1],
            rule,
        )
        for grade in Grade
        for rule in [latest.get(grade)]
    ]


def running() -> QuerySet[Project]:
    """The projects that somebody has to see to: neither lost nor paused nor in production."""
    return Project.objects.filter(status=Status.ACTIVE).exclude(stage=Stage.PRODUCED)


def with_load(people: QuerySet[Any], day: date | None = None) -> QuerySet[Any]:
    """People annotated with `grade`, as `running`, `running_key`, their limits, and `room`: how many more, below zero when over.

    Room for key projects is no more than room for projects. Somebody without a post has no limit and no room. The count is of
    custody and says nothing about the projects, so it takes in secret ones.
    """
    own = running().filter(owner=OuterRef("pk")).order_by().values("owner")
    key = own.filter(project_class__in=KEY_CLASSES)
    limits = limits_on(day or timezone.localdate())
    counted = people.annotate(
        running=_number(own),
        running_key=_number(key),
        most=_by_grade({each.grade: each.projects for each in limits}),
        most_key=_by_grade({each.grade: each.key_projects for each in limits}),
    )
    return counted.annotate(
        room=F("most") - F("running"),
        room_key=Least(F("most_key") - F("running_key"), F("most") - F("running")),
    )


def _number(rows: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), Value(0))


def _by_grade(numbers: dict[Grade, int]) -> Case:
    whens = [When(Q(grade=grade), then=Value(number)) for grade, number in numbers.items()]
    return Case(*whens, default=None, output_field=IntegerField(null=True))
