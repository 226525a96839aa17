"""Which projects stand still: no verified progress for longer than their stage and class allow, in working days."""

from collections.abc import Mapping
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q

from projects.models import AgeingRule, ProjectClass
from projects.workflow import STALL_DAYS, Stage
from promotion.working_days import WorkingCalendar

Cutoffs = Mapping[tuple[str, str], date]


def ageing_days(today: date) -> dict[tuple[str, str], int]:
    """Working days per stage and class: the latest rule that holds on the day, else the default; one query."""
    days = {
        (stage.value, size): allowed for stage, allowed in STALL_DAYS.items() for size in ProjectClass.values
    }
    for rule in AgeingRule.objects.filter(holds_from__lte=today).order_by("holds_from", "pk"):
        days[(rule.stage, rule.project_class)] = rule.working_days
    return days


def ageing_table(today: date) -> list[tuple[Stage, list[int], int]]:
    """Each stage that can stall with its working days by class today, and the default of the stage."""
    days = ageing_days(today)
    return [
        (stage, [days[(stage.value, size)] for size in ProjectClass.values], default)
        for stage, default in STALL_DAYS.items()
    ]


def ageing_cutoffs(today: date, calendar: WorkingCalendar) -> Cutoffs:
    """Verified before this day means that a project of the stage and class stands still today."""
    spans = ageing_days(today)
    before = {count: calendar.before(today, count) for count in set(spans.values())}
    return {key: before[count] for key, count in spans.items()}


def stalled_on(cutoffs: Cutoffs) -> Q:
    """Projects that stand still."""
    return reduce(or_, stalled_parts(cutoffs), Q(pk=None))


def stalled_parts(cutoffs: Cutoffs) -> list[Q]:
    """Projects that stand still, by stage, each project in one part; classes with the same cutoff are asked together."""
    parts = []
    for stage in dict.fromkeys(stage for stage, _size in cutoffs):
        sizes = {size: cutoffs[(stage, size)] for size in ProjectClass.values if (stage, size) in cutoffs}
        if len(set(sizes.values())) == 1:
            parts.append(Q(stage=stage, verified_on__lt=next(iter(sizes.values()))))
        else:
            parts += [
                Q(stage=stage, project_class=size, verified_on__lt=cutoff) for size, cutoff in sizes.items()
            ]
    return parts
