"""How many achievements one sees and what they sum to, from kept totals (`AchievementTally`), for those who oversee all teams.

They see everything but secret projects that they may not open; those are few, read and taken off. Others see a part by
project and person, which is not kept, and read it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from projects.access import SEES_ALL
from projects.access.sight import hidden_from
from projects.models import Achievement, AchievementTally
from projects.models.achievement_tally import COUNTED, GROUP, NUMBERS, SUMMED
from projects.queries.facts import RECOGNISED_USD
from staff.models import Account

#: What is summed of an achievement that is read, under the names of the kept sums.
READ: Mapping[str, Any] = {
    "reported_cny": "amount_cny",
    "recognised_cny": "recognised_cny",
    "recognised_usd": RECOGNISED_USD,
    "people": "people",
    "recognised_people": "recognised_people",
}


@dataclass(frozen=True)
class KeptChoice:
    """A choice that totals are kept by: kinds, states and a year of happening; empty ones mean all."""

    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    year: int | None = None

    @property
    def lookups(self) -> dict[str, Any]:
        """Kinds and states as a filter."""
        found: dict[str, Any] = {"kind__in": self.kinds} if self.kinds else {}
        return found | ({"state__in": self.states} if self.states else {})


def achievement_totals(actor: Account, choice: KeptChoice) -> dict[str, Any] | None:
    """`count` and the sums over what the actor sees, exactly as reading it gives: None where no chosen one has an amount.

    Nothing for an account that does not oversee all teams.
    """
    if not actor.is_role(*SEES_ALL):
        return None
    rows = AchievementTally.objects.filter(**choice.lookups)
    kept = (rows.filter(year=choice.year) if choice.year else rows).order_by()
    found = kept.aggregate(
        **{f"sum_{name}": Coalesce(Sum(name), 0, output_field=_field(name)) for name in NUMBERS}
    )
    hidden = Achievement.objects.filter(
        project__in=hidden_from(actor).values("pk"), **choice.lookups
    ).order_by()
    if choice.year:
        hidden = hidden.filter(happened_on__year=choice.year)
    taken = hidden.aggregate(
        sum_count=Count("pk"),
        **{f"sum_{name}": Sum(value) for name, value in READ.items()},
        **{f"sum_known_{name}": Count(value) for name, value in READ.items()},
    )
    left = {name: found[f"sum_{name}"] - (taken[f"sum_{name}"] or 0) for name in NUMBERS}
    return {"count": left["count"]} | {name: left[name] if left[f"known_{name}"] else None for name in SUMMED}


def _field(name: str) -> Any:
    return AchievementTally._meta.get_field(name)


def recognised_by_month(year: int) -> list[dict[str, Any]]:
    """What was recognised of projects in a year, secret ones too: number, 元 and USD per kind and month."""
    rows: Any = AchievementTally.objects.filter(state="recognised", year=year, of_project=True).order_by()
    summed = rows.values("kind", "month").annotate(
        number=Sum("count"), money=Sum("recognised_cny"), dollars=Sum("recognised_usd")
    )
    return [
        {
            "kind": row["kind"],
            "happened_on__month": row["month"],
            "count": row["number"],
            "amount": row["money"],
            "usd": row["dollars"] if row["kind"] == "paid_in" else Decimal(0),
        }
        for row in summed
        if row["number"]
    ]


_DRIFT = f"""
    WITH counted AS ({COUNTED}),
    kept AS (
        SELECT {", ".join(GROUP)}, {", ".join(f"sum({name}) AS {name}" for name in NUMBERS)}
          FROM projects_achievementtally GROUP BY {", ".join(GROUP)}
    )
    SELECT {", ".join(GROUP)}, coalesce(counted.count, 0), coalesce(kept.count, 0)
      FROM counted FULL JOIN kept USING ({", ".join(GROUP)})
     WHERE ({", ".join(f"coalesce(counted.{name}, 0)" for name in NUMBERS)})
        <> ({", ".join(f"coalesce(kept.{name}, 0)" for name in NUMBERS)})
     ORDER BY {", ".join(GROUP)}
"""  # noqa: S608 - no values


def drifted_achievements() -> Sequence[tuple[Any, ...]]:
    """Kind, state, year, month, whether of a project, and the numbers counted and kept, of each kept total that differs."""
    with connection.cursor() as cursor:
        cursor.execute(_DRIFT)
        return list(cursor.fetchall())
