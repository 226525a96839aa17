"""What became of what was signed: rates of fulfilment (履约率) of a set of projects, set by set in the database.

The set are the visible projects whose signing was recognised and happened in the period. Every figure is of recognised
facts of these projects, whenever they happened. The rates:

- 履约率 fulfilment: projects registered and with money paid in ÷ projects signed;
- 注册率 registration: projects whose registration was recognised ÷ projects signed;
- 开工率 start, 投产率 production: likewise for the start of construction and for production;
- 到账率 paid-in: money paid in ÷ registered capital, over the projects that have registered capital;
- 合同到账率 paid-in of the contract: money paid in ÷ contract amounts with increases of capital;
- 固投完成率 fixed-asset: fixed-asset investment ÷ contract amounts with increases of capital.

What is promised grows with an increase, as the registered capital does: the money of an increase would otherwise be counted without
ever having been due.

Amounts are in 元 at the rates of their days; a rate without a denominator is empty, not zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.access import projects_visible_to
from projects.models import Achievement, AchievementKind, Channel, Project, Recognition
from staff.models import Account

MONEY: DecimalField = DecimalField(max_digits=20, decimal_places=2)
NOTHING = Value(Decimal(0), output_field=MONEY)


@dataclass(frozen=True)
class Grouping:
    """By what the projects are put together: the field, what names a group, and the list's filter for it."""

    key: str
    label: Any
    field: str
    name: str
    filter: str


GROUPINGS = (
    Grouping("team", _("团队"), "team__public_id", "team__name", "team"),
    Grouping("officer", _("专员"), "owner__public_id", "owner__name", "officer"),
    Grouping("channel", _("渠道"), "channel", "channel", "channel"),
)


@dataclass(frozen=True)
class Rate:
    """One rate: its parts by the names of the annotations, and what narrows the list to its numerator."""

    key: str
    label: Any
    numerator: str
    denominator: str
    reached: str = ""
    is_money: bool = False


RATES = (
    Rate("registration", _("注册率"), "registered", "signed", "registered"),
    Rate("start", _("开工率"), "started", "signed", "started"),
    Rate("production", _("投产率"), "produced", "signed", "produced"),
    Rate("fulfilment", _("履约率"), "fulfilled", "signed", "fulfilled"),
    Rate("paid_in", _("到账率"), "paid_in_registered", "capital", "capital", is_money=True),
    Rate("paid_in_contract", _("合同到账率"), "paid_in", "committed", is_money=True),
    Rate("fixed_asset", _("固投完成率"), "fixed_asset", "committed", is_money=True),
)


@dataclass(frozen=True)
class Figure:
    """One rate of a group with its parts; `ratio` is empty without a denominator."""

    rate: Rate
    numerator: Decimal
    denominator: Decimal
    url: str

    @property
    def ratio(self) -> Decimal | None:
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class FulfilmentRow:
    """A group of projects (or all of them) with its rates."""

    key: str
    label: str
    signed: int
    contract: Decimal
    figures: tuple[Figure, ...]
    url: str


def signed_projects(
    actor: Account, *, start: date | None = None, end: date | None = None
) -> QuerySet[Project]:
    """The visible projects signed from `start` up to and including `end`, each with its recognised facts.

    Adds signed_on, contract, committed (contract with increases of capital), capital (registered with its increases, None where not),
    has_registered, has_started, has_completed, has_produced, has_fulfilled, paid_in, paid_in_registered (0 where nothing is
    registered) and fixed_asset, in 元.
    """
    facts = Achievement.objects.filter(project=OuterRef("pk"), state=Recognition.RECOGNISED).order_by()
    signing = facts.filter(kind=AchievementKind.SIGNED)
    signed = Achievement.objects.filter(kind=AchievementKind.SIGNED, state=Recognition.RECOGNISED)
    if start:
        signed = signed.filter(happened_on__gte=start)
    if end:
        signed = signed.filter(happened_on__lte=end)
    found = projects_visible_to(actor).filter(pk__in=signed.values("project"))
    found = found.annotate(
        signed_on=Subquery(signing.values("happened_on")[:1], output_field=DateField()),
        contract=Coalesce(Subquery(signing.values("recognised_cny")[:1]), NOTHING, output_field=MONEY),
        registered_capital=Subquery(
            facts.filter(kind="registered").values("recognised_cny")[:1], output_field=MONEY
        ),
        increased=_sum(facts, AchievementKind.INCREASE),
        paid_in=_sum(facts, AchievementKind.PAID_IN),
        fixed_asset=_sum(facts, AchievementKind.FIXED_ASSET),
        **{
            f"has_{kind}": Exists(facts.filter(kind=kind))
            for kind in ("registered", "started", "completed", "produced")
        },
    )
    found = found.annotate(
        committed=ExpressionWrapper(F("contract") + F("increased"), output_field=MONEY),
        capital=ExpressionWrapper(F("registered_capital") + F("increased"), output_field=MONEY),
    )
    return found.annotate(
        paid_in_registered=Case(When(capital__gt=0, then=F("paid_in")), default=NOTHING, output_field=MONEY),
        has_fulfilled=Case(
            When(has_registered=True, paid_in__gt=0, then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
    )


def _sum(facts: QuerySet, kind: str) -> Any:
    summed = facts.filter(kind=kind).values("project").annotate(total=Sum("recognised_cny")).values("total")
    return Coalesce(Subquery(summed), NOTHING, output_field=MONEY)


TOTALS: Mapping[str, Any] = {
    "signed": Count("pk"),
    "registered": Count("pk", filter=Q(has_registered=True)),
    "started": Count("pk", filter=Q(has_started=True)),
    "produced": Count("pk", filter=Q(has_produced=True)),
    "fulfilled": Count("pk", filter=Q(has_fulfilled=True)),
    "contract_sum": Sum("contract"),
    "committed_sum": Sum("committed"),
    "capital_sum": Sum("capital"),
    "paid_in_sum": Sum("paid_in"),
    "paid_in_registered_sum": Sum("paid_in_registered"),
    "fixed_asset_sum": Sum("fixed_asset"),
}


def grouping_of(key: str) -> Grouping:
    """The grouping of this key, the first one for any other."""
    return next((each for each in GROUPINGS if each.key == key), GROUPINGS[0])


def fulfilment(
    actor: Account, grouping: Grouping, *, start: date | None = None, end: date | None = None
) -> tuple[list[FulfilmentRow], FulfilmentRow]:
    """The groups by how much they signed, and all of them together; two queries."""
    projects = signed_projects(actor, start=start, end=end).order_by()
    period = {name: f"{day:%Y-%m-%d}" for name, day in (("from", start), ("to", end)) if day}
    found = projects.values(grouping.field, grouping.name).annotate(**TOTALS)
    rows = [
        _row(row[grouping.field], _name(grouping, row), row, period | {grouping.filter: row[grouping.field]})
        for row in found.order_by(F("contract_sum").desc(nulls_last=True), grouping.field)
    ]
    return rows, _row("", str(_("合计")), projects.aggregate(**TOTALS), period)


def _name(grouping: Grouping, row: Mapping[str, Any]) -> str:
    text = str(row[grouping.name])
    return str(Channel(text).label) if grouping.key == "channel" else text


def _row(key: str, label: str, totals: Mapping[str, Any], query: dict[str, Any]) -> FulfilmentRow:
    address = reverse("projects:fulfilment-projects")

    def url(reached: str = "") -> str:
        asked = query | ({"reached": reached} if reached else {})
        return f"{address}?{urlencode(asked)}" if asked else address

    def value(name: str, rate: Rate) -> Decimal:
        found = totals[f"{name}_sum"] if rate.is_money else totals[name]
        return Decimal(found or 0)

    return FulfilmentRow(
        key=key,
        label=label,
        signed=totals["signed"],
        contract=totals["contract_sum"] or Decimal(0),
        figures=tuple(
            Figure(rate, value(rate.numerator, rate), value(rate.denominator, rate), url(rate.reached))
            for rate in RATES
        ),
        url=url(),
    )
