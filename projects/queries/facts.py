"""What the score reads of the projects: recognised facts, and nothing else."""

from datetime import date
from typing import Any

from django.db.models import Case, DecimalField, F, QuerySet, Value, When
from django.db.models.functions import Coalesce, Round

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
    "recognised_people",
    "level",
    "incident_reason",
    "project__industry",
    "project__project_class",
    "project__capital_source",
    "project__channel",
    "project__park",
    "project__team",
)


DOLLARS: DecimalField = DecimalField(max_digits=18, decimal_places=2)
# What was recognised in US dollars: as it is, or from 元 at the dollar rate of the day for other foreign money; else empty.
# The ledger says the same in SQL of its own (kpi/actions/ledger.py).
RECOGNISED_USD = Case(
    When(currency=Currency.USD, then=F("recognised_amount")),
    When(
        usd_rate__gt=0,
        then=Round(F("recognised_cny") / F("usd_rate"), precision=2, output_field=DOLLARS),
    ),
    default=None,
    output_field=DOLLARS,
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
            recognised_usd=Coalesce(RECOGNISED_USD, Value(0), output_field=DOLLARS),
        )
        .order_by("happened_on", "id")
        .values(*FACT_FIELDS)
    )
