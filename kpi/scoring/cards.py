"""Cards by rule (亮牌): which rules a subject's figures break at the end of a period. Pure; people decide afterwards.

A rule is broken from its limit on: 20 points behind is broken at exactly 20. A red card takes the place of the yellow one
of the same kind.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from kpi.scoring.rounding import plain

Kind = Literal["behind", "last", "idle", "incidents"]
Colour = Literal["yellow", "red"]
HUNDRED = Decimal(100)
SEVERITY: Mapping[str, int] = {"yellow": 1, "red": 2}


@dataclass(frozen=True, slots=True)
class Rule:
    """From which limit on a card is due: percentage points, months in a row, months, or a number of incidents."""

    kind: Kind
    colour: Colour
    limit: Decimal


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a subject at the end of a period.

    `progress`: completion of each target as a ratio by title; `elapsed`: the part of the year that is past; `times_last`: months
    in a row that it closed last; `idle_months`: months without a signing; `incidents`: recognised in the period.
    """

    progress: Mapping[str, Decimal] = field(default_factory=dict)
    elapsed: Decimal = Decimal(0)
    times_last: int = 0
    idle_months: int = 0
    incidents: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule with the figures that break it: `actual` against `limit`, for `behind` the target that is furthest behind."""

    kind: Kind
    colour: Colour
    actual: Decimal
    limit: Decimal
    title: str = ""
    progress: Decimal | None = None
    elapsed: Decimal | None = None

    def figures(self) -> dict[str, str]:
        """As plain data."""
        found = {"actual": plain(self.actual), "limit": plain(self.limit)}
        if self.title:
            found |= {"title": self.title}
        if self.progress is not None and self.elapsed is not None:
            found |= {"progress": plain(self.progress), "elapsed": plain(self.elapsed)}
        return found


def finding(rule: Rule, record: Record) -> Finding | None:
    """What the rule says of the record; None where it is kept."""
    if rule.kind == "behind":
        return _behind(rule, record)
    actual = Decimal(
        {"last": record.times_last, "idle": record.idle_months, "incidents": record.incidents}[rule.kind]
    )
    return Finding(rule.kind, rule.colour, actual, rule.limit) if actual >= rule.limit else None


def _behind(rule: Rule, record: Record) -> Finding | None:
    """The target that is furthest behind the part of the year that is past, where it is so many points behind."""
    if not record.progress:
        return None
    title, progress = min(record.progress.items(), key=lambda each: (each[1], each[0]))
    points = (record.elapsed - progress) * HUNDRED
    if points < rule.limit:
        return None
    return Finding("behind", rule.colour, points, rule.limit, title, progress, record.elapsed)


def findings(rules: Iterable[Rule], record: Record) -> list[Finding]:
    """One finding for each kind of rule that is broken, the red one before the yellow."""
    worst: dict[str, Finding] = {}
    for rule in rules:
        one = finding(rule, record)
        held = worst.get(rule.kind)
        if one is not None and (held is None or _weight(one) > _weight(held)):
            worst[rule.kind] = one
    return list(worst.values())


def _weight(one: Finding) -> tuple[int, Decimal]:
    return SEVERITY[one.colour], one.limit


def months_between(last: date | None, as_of: date) -> int:
    """Whole calendar months since the month of a day; since the year began where there was none."""
    if last is None:
        return as_of.month
    return (as_of.year - last.year) * 12 + as_of.month - last.month


def times_last(by_month: Sequence[tuple[int, int]]) -> int:
    """How often in a row, from the newest on, a subject closed a month last: (rank, last rank of that month), oldest first.

    A month in which everybody shares one rank has no last.
    """
    count = 0
    for rank, last in reversed(by_month):
        if rank != last or last <= 1:
            return count
        count += 1
    return count
