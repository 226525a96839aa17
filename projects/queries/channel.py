"""What each source channel has brought (渠道产出)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from projects.access import achievements_visible_to, projects_visible_to
from projects.models import AchievementKind, Channel, Recognition
from projects.queries.facts import RECOGNISED_USD
from projects.workflow import Stage, stages_from
from staff.models import Account

# The stages whose counts the page shows: how many projects have come at least that far.
REACHED = (Stage.LEAD, Stage.NEGOTIATION, Stage.SIGNED, Stage.REGISTERED, Stage.STARTED)


@dataclass(frozen=True)
class ChannelYield:
    """One channel's projects by the stage they have reached, planned investment (元) and recognised money (USD).

    `reached` has for each stage of REACHED its value, its name and how many projects came at least that far.
    """

    channel: str
    label: str
    reached: tuple[tuple[str, str, int], ...]
    planned: Decimal
    paid_in_usd: Decimal


def channel_yields(actor: Account) -> list[ChannelYield]:
    """Every channel with its yield among the visible projects, in the order of the list of channels; two queries."""
    counts = {f"reached_{stage}": Count("pk", filter=Q(stage__in=stages_from(stage))) for stage in REACHED}
    rows = (
        projects_visible_to(actor)
        .order_by()
        .values("channel")
        .annotate(planned=Sum("planned_investment"), **counts)
    )
    found = {row["channel"]: row for row in rows}
    money = dict(
        achievements_visible_to(actor)
        .filter(
            kind=AchievementKind.PAID_IN,
            state=Recognition.RECOGNISED,
            project__in=projects_visible_to(actor).values("pk"),
        )
        .order_by()
        .values_list("project__channel")
        .annotate(usd=Sum(RECOGNISED_USD))
    )
    return [_yield(Channel(value), found.get(value, {}), money.get(value)) for value in Channel.values]


def _yield(channel: Channel, row: Mapping[str, Any], paid_in: Decimal | None) -> ChannelYield:
    return ChannelYield(
        channel=channel.value,
        label=str(channel.label),
        reached=tuple((stage.value, str(stage.label), row.get(f"reached_{stage}", 0)) for stage in REACHED),
        planned=row.get("planned") or Decimal(0),
        paid_in_usd=paid_in or Decimal(0),
    )
