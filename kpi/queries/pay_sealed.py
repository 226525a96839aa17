"""Sealed pay in clear, in memory only: who may see it is asked before, by who calls this."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpi.models import PayLine, PaySheet
from kpi.pay.line import Line, MonthLine, YearLine, document_of, line_of
from kpi.pay.month import ZERO
from kpi.pay.totals import Totals, grouped
from promotion.sealing import newest_mark, unseal

FIELDS = ("base", "performance", "target_base", "target_performance")


@dataclass(frozen=True, slots=True)
class Opened:
    """A line with what it says."""

    row: PayLine
    line: Any

    @property
    def totals(self) -> Totals:
        """The line as totals of one person."""
        return totals_of(self.line)


@dataclass(frozen=True, slots=True)
class SheetTotals:
    """What a sheet comes to by team and by grade; `salt` goes into its digest."""

    teams: dict[str, Totals]
    grades: dict[str, Totals]
    salt: str

    @property
    def whole(self) -> Totals:
        return sum(self.teams.values(), Totals())


def totals_of(line: Line) -> Totals:
    """What a line pays, and the same at target; a settlement adds to the year's performance pay only."""
    held, goal, roundings = ZERO, ZERO, 0
    if isinstance(line, MonthLine):
        held, goal = line.base + sum((each.base for each in line.arrears), ZERO), line.target_held
        roundings = 1 + 2 * len(line.arrears)
    return Totals(1, line.base_paid, line.performance_paid, held, goal, roundings)


def opened(rows: Iterable[PayLine]) -> list[Opened]:
    """The lines in clear; each row needs its `sheet`. Raises KeyTrouble without the right key."""
    return [
        Opened(
            row, line_of(json.loads(unseal(row.content, row.belongs)), is_settlement=row.sheet.is_settlement)
        )
        for row in rows
    ]


def summed(lines: Iterable[Opened], salt: str) -> SheetTotals:
    """Lines added up by team and grade."""
    listed = list(lines)
    return SheetTotals(
        grouped((str(each.row.team_id), each.totals) for each in listed),
        grouped((each.row.grade, each.totals) for each in listed),
        salt,
    )


def written(totals: SheetTotals) -> str:
    """Totals as the text that is sealed."""

    def plain(groups: dict[str, Totals]) -> dict[str, list[Any]]:
        return {
            key: [one.people, one.roundings, *(str(getattr(one, name)) for name in FIELDS)]
            for key, one in groups.items()
        }

    return json.dumps({"teams": plain(totals.teams), "grades": plain(totals.grades), "salt": totals.salt})


def sheet_totals(sheet: PaySheet) -> SheetTotals:
    """The totals of a sheet in clear."""
    document = json.loads(unseal(sheet.totals, sheet.belongs))

    def read(groups: dict[str, list[Any]]) -> dict[str, Totals]:
        return {
            key: Totals(people, roundings=roundings, **dict(zip(FIELDS, map(Decimal, rest), strict=True)))
            for key, (people, roundings, *rest) in groups.items()
        }

    return SheetTotals(read(document["teams"]), read(document["grades"]), document["salt"])


def digest_of(lines: Iterable[Opened], salt: str) -> str:
    """SHA-256 over salt and lines in clear, in the order of people: it shows a change and tells no amount."""
    digest = hashlib.sha256(salt.encode())
    for each in sorted(lines, key=lambda one: one.row.person_id):
        text = json.dumps(document_of(each.line), sort_keys=True, ensure_ascii=False)
        digest.update(f"|{each.row.person_id}|{each.row.team_id}|{each.row.grade}|{text}".encode())
    return digest.hexdigest()


def marks_in_use() -> dict[str, int]:
    """How many lines and totals each key seals, for the change of keys."""
    found: dict[str, int] = {}
    for rows in (PayLine.objects.all(), PaySheet.objects.exclude(totals="")):
        for mark in rows.order_by().values_list("key_mark", flat=True):
            found[mark] = found.get(mark, 0) + 1
    return found


def waiting_lines() -> int:
    """How many of them an older key seals."""
    return sum(count for mark, count in marks_in_use().items() if mark != newest_mark())


__all__ = [
    "MonthLine",
    "Opened",
    "SheetTotals",
    "YearLine",
    "digest_of",
    "marks_in_use",
    "opened",
    "sheet_totals",
    "summed",
    "totals_of",
    "waiting_lines",
    "written",
]
