"""Which exchange rates a scheme still lacks: the days on which foreign money came that no recorded rate reaches back to."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Avg, Count

from kpi.models import AssessmentInput, InputKind, InputState
from kpi.queries.calculation import as_of_day
from kpi.queries.input_sheets import Asked
from kpi.queries.measures import is_measurable
from projects.models import Achievement, Currency, Recognition


@dataclass(frozen=True, slots=True)
class LackingRate:
    """A day on which foreign money came. `noted` is the rate that was noted when it was recognised, as a suggestion."""

    currency: str
    on: date
    facts: int
    noted: Decimal | None


def lacking_rates(asked: Asked, today: date) -> list[LackingRate]:
    """The days of the year, and of earlier years that the scheme looks at, for which no rate was recorded."""
    if asked.scheme is None or asked.scheme.exchange is None or asked.scheme.exchange.rate != "day":
        return []
    measures = [one for owner in asked.scheme.owners for one in owner.measures.values()]
    used = [one for one in measures if one.converted and is_measurable(one)]
    first = min([one.since for one in used if one.since], default=date(asked.year, 1, 1))
    days = (
        Achievement.objects.filter(
            state=Recognition.RECOGNISED,
            kind__in={kind for one in used for kind in one.kinds},
            happened_on__range=(first, as_of_day(asked.year, today)),
            recognised_amount__isnull=False,
        )
        .exclude(currency=Currency.CNY)
        .values_list("currency", "happened_on")
        .annotate(facts=Count("pk"), noted=Avg("exchange_rate"))
        .order_by("currency", "happened_on")
    )
    known = _first_days(asked.year)
    return [
        LackingRate(currency, on, facts, None if noted is None else round(noted, 8))
        for currency, on, facts, noted in days
        if currency not in known or on < known[currency]
    ]


def _first_days(year: int) -> dict[str, date]:
    """The earliest day of each currency for which a rate was recorded or waits."""
    rates = AssessmentInput.objects.filter(
        kind=InputKind.RATE, year__lte=year, state__in=(InputState.SUBMITTED, InputState.CONFIRMED)
    )
    found: dict[str, date] = {}
    for currency, on in rates.values_list("code", "holds_from"):
        if on is not None:
            found[currency] = min(on, found.get(currency, on))
    return found
