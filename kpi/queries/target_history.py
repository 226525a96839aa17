"""How a subject's target came about: every value that was set, changed or withdrawn, by whom and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from kpi.models import Target, TargetLevel, TargetPeriod
from kpi.queries.target import TargetLine
from staff.models import Account

SHOWN = 20


@dataclass(frozen=True, slots=True)
class TargetChange:
    """One value that was written: `amount` None where it was withdrawn, `before` None where nothing had been set."""

    period: TargetPeriod
    level: TargetLevel
    before: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class TargetWriting:
    """What was written at once, by whom and when."""

    at: datetime
    who: str
    changes: tuple[TargetChange, ...]


def target_history(line: TargetLine, year: int, code: str, *, shown: int = SHOWN) -> list[TargetWriting]:
    """The writings of one target of a subject, newest first. The line comes from the reader's visible set (`target_lines`)."""
    events: Any = Target.pgh_event_model.objects  # type: ignore[attr-defined]
    subject = {line.key[0]: line.key[1]}
    rows = list(
        events.filter(year=year, indicator=code, **subject).select_related("pgh_context").order_by("pgh_id")
    )
    names = _names(rows)
    last: dict[tuple[str, str], Decimal | None] = {}
    found = []
    for _context, group in groupby(rows, key=lambda row: (row.pgh_context_id, row.pgh_created_at)):
        together = list(group)
        changes = tuple(_changes(together, last))
        if changes:
            who = names.get(_actor(together[0]) or 0, "")
            found.append(TargetWriting(together[0].pgh_created_at, who, changes))
    return found[::-1][:shown]


def _changes(rows: Iterable[Any], last: dict[tuple[str, str], Decimal | None]) -> Iterable[TargetChange]:
    """What became of each value; `last` holds what it was before and is carried on."""
    for row in rows:
        place = (row.period, row.level)
        before, amount = last.get(place), None if row.pgh_label == "delete" else row.amount
        last[place] = amount
        if before != amount:
            yield TargetChange(TargetPeriod(row.period), TargetLevel(row.level), before, amount)


def _actor(row: Any) -> int | None:
    return (row.pgh_context.metadata or {}).get("actor") if row.pgh_context else None


def _names(rows: list[Any]) -> dict[int, str]:
    """The names of the accounts that wrote: an account is named wherever it did something."""
    actors = {actor for row in rows if (actor := _actor(row)) is not None}
    return dict(Account.objects.filter(pk__in=actors).values_list("pk", "display_name"))


def last_writing(
    year: int, place: tuple[str, int | None, int | None, str, str]
) -> tuple[str, datetime] | None:
    """Who last set or withdrew one value and when. `place` is target, person, team, period and level."""
    events: Any = Target.pgh_event_model.objects  # type: ignore[attr-defined]
    names = ("indicator", "person", "team", "period", "level")
    rows = events.filter(year=year, **dict(zip(names, place, strict=True))).select_related("pgh_context")
    last = rows.order_by("-pgh_id").first()
    return None if last is None else (_names([last]).get(_actor(last) or 0, ""), last.pgh_created_at)
