"""What each grade asks for: on a day, and how it came about (任职条件)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from staff.models import Grade, GradeRequirement


@dataclass(frozen=True)
class RequirementLine:
    """One requirement, and the grade's whole order if it were moved up by one place; empty when it cannot be."""

    row: GradeRequirement
    moved_up: list[int]


@dataclass(frozen=True)
class RequirementList:
    """A grade with what it asks for on the day, what is announced for later, and what it asked for before."""

    grade: Grade
    present: list[RequirementLine]
    later: list[GradeRequirement]
    past: list[GradeRequirement]

    @property
    def is_empty(self) -> bool:
        """Nothing was ever settled for the grade."""
        return not (self.present or self.later or self.past)


def requirements_on(grade: str, day: date) -> QuerySet[GradeRequirement]:
    """What the grade asks for on the day."""
    return GradeRequirement.objects.filter(
        Q(holds_until=None) | Q(holds_until__gt=day), grade=grade, holds_from__lte=day
    )


def requirement_lists(day: date) -> list[RequirementList]:
    """All grades, highest first; one query. What was withdrawn before its day is left out."""
    rows = list(GradeRequirement.objects.exclude(holds_until=F("holds_from")))
    return [_list(grade, [row for row in rows if row.grade == grade], day) for grade in Grade]


def _list(grade: Grade, rows: list[GradeRequirement], day: date) -> RequirementList:
    order = [row.pk for row in rows if row.holds_until is None]
    return RequirementList(
        grade=grade,
        present=[RequirementLine(row, _moved_up(order, row.pk)) for row in rows if _holds(row, day)],
        later=[row for row in rows if row.holds_from > day],
        past=[row for row in rows if row.holds_until is not None and row.holds_until <= day],
    )


def _moved_up(order: list[int], key: int) -> list[int]:
    place = order.index(key) if key in order else 0
    return [*order[: place - 1], key, order[place - 1], *order[place + 1 :]] if place else []


def _holds(row: GradeRequirement, day: date) -> bool:
    return row.holds_from <= day and (row.holds_until is None or row.holds_until > day)
