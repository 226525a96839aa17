"""What the score reads of the projects: recognised facts, and nothing else."""

from datetime import date
from typing import Any

from django.db.models import Case, DecimalField, F, QuerySet, Value, When

from projects.models import Achievement, Currency, Recognition

FACT_FIELDS = (
    "id",
    "kind",
    "state",
    "project",
    "person",
    "happened_on",
    "recognised_on",
    "reversed_on",
    "recognised_cny",
    "recognised_usd",
    "level",
    "incident_reason",
    "project__industry",
    "project__project_class",
    "project__capital_source",
    "project__channel",
    "project__park",
    "project__team",
)


def recognised_facts(year: int) -> QuerySet[Achievement, dict[str, Any]]:
    """The facts of a year (认定事实): what happened in it and was recognised, the reversed ones included.

    `recognised_cny` in 元, `recognised_usd` in USD (0 for what was recognised in 元). A reversed fact takes its credit
    back. In the order of the happening, so that lines are posted alike in every run.
    """
    return (
        Achievement.objects.filter(
            state__in=(Recognition.RECOGNISED, Recognition.REVERSED),
            happened_on__gte=date(year, 1, 1),
            happened_on__lt=date(year + 1, 1, 1),
        )
        .annotate(
            recognised_usd=Case(
                When(currency=Currency.USD, then=F("recognised_amount")),
                default=Value(0),
                output_field=DecimalField(max_digits=18, decimal_places=2),
            )
        )
        .order_by("happened_on", "id")
        .values(*FACT_FIELDS)
    )
