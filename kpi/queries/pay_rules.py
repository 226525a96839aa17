"""Scales and rules of pay: which holds on a day, and what pages list."""

from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from kpi.access.pay import pay_rules_visible_to, pay_scales_visible_to
from kpi.models import PayRule, PayScale, ReleaseState
from kpi.pay.scale import Monthly
from kpi.pay.table import Method
from staff.models import Account, Grade

# What an empty form begins with: assumptions, because the case names the ratio and no amounts.
SCALE_START: dict[str, Monthly] = {
    Grade.SENIOR.value: Monthly(Decimal(6000), Decimal(12000)),
    Grade.FIRST.value: Monthly(Decimal(5000), Decimal(10000)),
    Grade.SECOND.value: Monthly(Decimal(4000), Decimal(8000)),
}
RULE_START = {
    "method": Method.LINEAR.value,
    "points": [["0", "0"], ["80", "1"], ["100", "1.2"]],
    "advance_percent": Decimal(60),
    "day_basis": "calendar",
}


def scale_for(on: date) -> PayScale | None:
    """The released scale of the day: of those that began by then, the latest."""
    held = PayScale.objects.filter(state=ReleaseState.RELEASED, holds_from__lte=on)
    return held.order_by("-holds_from", "-released_at", "-pk").prefetch_related("lines").first()


def pay_rule_for(year: int) -> PayRule | None:
    """The released rule of the year."""
    held = PayRule.objects.filter(state=ReleaseState.RELEASED, holds_from__lte=year)
    return held.order_by("-holds_from", "-released_at", "-pk").first()


def scales_listed(actor: Account) -> QuerySet[PayScale]:
    """The scales that the actor sees, drafts first."""
    found = pay_scales_visible_to(actor).select_related("drafted_by", "released_by").prefetch_related("lines")
    return found.order_by("state", "-pk")


def pay_rules_listed(actor: Account) -> QuerySet[PayRule]:
    """The rules that the actor sees, drafts first."""
    return pay_rules_visible_to(actor).select_related("drafted_by", "released_by").order_by("state", "-pk")
