"""The target table (目标表) as a workbook: the same columns out and in, read row by row with reasons for what is refused."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from kpi.models import Target, TargetLevel
from kpi.queries.target import TargetLine, target_lines, wanted_targets
from kpi.scoring.rounding import plain
from kpi.scoring.scheme import Target as WantedTarget
from promotion.chinese import fold
from promotion.errors import Refused
from promotion.web.tables import Table, TableRow
from promotion.web.workbooks import Kind, Sheet, SheetColumn
from staff.models import Account

# The headings are the workbook's format, the same in every language.
YEAR, KIND, CODE, NAME, TARGET, UNIT, AMOUNT, STRETCH = (
    "年度", "对象类型", "代码/工号", "名称", "目标", "单位", "数值", "加压",
)  # fmt: skip
HEADINGS = (YEAR, KIND, CODE, NAME, TARGET, UNIT, AMOUNT, STRETCH)
REQUIRED = (KIND, CODE, TARGET, AMOUNT)
TEAM, PERSON = "团队", "个人"
KINDS = {"团队": TEAM, "队": TEAM, "team": TEAM, "个人": PERSON, "人员": PERSON, "person": PERSON}
LARGEST = Decimal(10) ** 14
WIDTHS = {CODE: 12, NAME: 22, TARGET: 16, AMOUNT: 14, STRETCH: 14}


@dataclass
class TargetPreview:
    """What a workbook would write: `accepted` rows with old and new values, `rejected` rows with their reasons."""

    accepted: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)


def target_columns() -> list[SheetColumn]:
    """The columns of the table; a number shows the decimals it has."""
    kinds: dict[str, tuple[Kind, str]] = {YEAR: ("integer", "0")}
    kinds |= dict.fromkeys((AMOUNT, STRETCH), ("number", "0.####"))
    return [
        SheetColumn(
            name, kinds.get(name, ("text", ""))[0], WIDTHS.get(name, 10), kinds.get(name, ("text", ""))[1]
        )
        for name in HEADINGS
    ]


def target_sheet(year: int, lines: Iterable[TargetLine], wanted: Sequence[WantedTarget]) -> Sheet:
    """One row per subject and target; what has not been set is an empty cell, to be filled in and uploaded again."""
    rows = [
        [
            year,
            PERSON if line.person else TEAM,
            line.code,
            line.name,
            target.title,
            target.unit,
            *(present.amount if present else None for present in both(line, target.code)),
        ]
        for line in lines
        for target in wanted
    ]
    return Sheet(name=_("目标"), columns=target_columns(), rows=rows, freeze_columns=4)


def both(line: TargetLine, code: str) -> tuple[Target | None, Target | None]:
    """The year's base and stretch target."""
    return line.at(code), line.at(code, level=TargetLevel.STRETCH)


def rejected_sheet(rejected: Iterable[Mapping[str, Any]]) -> Sheet:
    """The refused rows as they were written, with the reasons in front: the import ignores those columns."""
    reasons = [SheetColumn(_("行号"), "integer", 7), SheetColumn(_("退回原因"), "text", 48)]
    columns = [SheetColumn(name, "text", WIDTHS.get(name, 10)) for name in HEADINGS]
    rows = [
        [entry["line"], "；".join(entry["reasons"]), *(entry["cells"].get(name, "") for name in HEADINGS)]
        for entry in rejected
    ]
    return Sheet(name=_("退回的行"), columns=[*reasons, *columns], rows=rows)


def read_targets(actor: Account, year: int, table: Table) -> TargetPreview:
    """Plan what the table would write for the year; rows without a value are left alone.

    Raises Refused when columns are missing or the year has no published scheme.
    """
    missing = [name for name in REQUIRED if name not in table.headings]
    if missing:
        raise Refused(_("缺少列：%(names)s。请用下载的目标表填写。") % {"names": "、".join(missing)})
    wanted = wanted_targets(year)
    if not wanted:
        raise Refused(_("%(year)s 年还没有已发布的考核细则；请先发布细则，再下达目标。") % {"year": year})
    reader = _Reader(year, wanted, target_lines(actor, year, level=None))
    for row in table.rows:
        reader.read(row)
    return reader.preview


class _Reader:
    """Reads rows against the year's subjects and targets."""

    def __init__(self, year: int, wanted: Sequence[WantedTarget], lines: Sequence[TargetLine]) -> None:
        self.year = year
        self.preview = TargetPreview()
        self.places = {
            fold(name): place for place, one in enumerate(wanted) for name in (one.code, one.title)
        }
        self.wanted = wanted
        self.lines = {(PERSON if line.person else TEAM, fold(line.code)): line for line in lines}
        self.seen: Counter[tuple[Any, ...]] = Counter()

    def read(self, row: TableRow) -> None:
        cells = row.cells
        if not cells.get(AMOUNT) and not cells.get(STRETCH):
            return
        reasons: list[str] = []
        line = self._subject(cells, reasons)
        place = self._target(cells, reasons)
        amount = self._number(cells, AMOUNT, reasons)
        stretch = self._number(cells, STRETCH, reasons)
        if cells.get(YEAR, "") not in ("", str(self.year)):
            words = {"year": self.year, "written": cells[YEAR]}
            reasons.append(_("年度是 %(written)s，这里导入的是 %(year)s 年。") % words)
        if amount is None and not reasons:
            reasons.append(_("没有填数值。"))
        if amount is not None and stretch is not None and stretch < amount:
            reasons.append(_("加压目标不能低于基本目标。"))
        if line is not None and place is not None:
            self.seen[(line.key, place)] += 1
            if self.seen[(line.key, place)] > 1:
                reasons.append(_("同一对象的同一目标在表中重复。"))
        if reasons or line is None or place is None or amount is None:
            self.preview.rejected.append({"line": row.line, "cells": dict(cells), "reasons": reasons})
            return
        self.preview.accepted.append(self._planned(row.line, line, place, amount, stretch))

    def _planned(
        self, number: int, line: TargetLine, place: int, amount: Decimal, stretch: Decimal | None
    ) -> dict[str, Any]:
        target = self.wanted[place]
        old, old_stretch = (plain(one.amount) if one else "" for one in both(line, target.code))
        new_stretch = plain(stretch) if stretch is not None else old_stretch
        return {
            "line": number,
            "code": target.code,
            "title": target.title,
            "unit": target.unit,
            "person": line.person.pk if line.person else None,
            "team": line.team.pk if line.team and not line.person else None,
            "subject": line.code,
            "name": line.name,
            "old": old,
            "new": plain(amount),
            "old_stretch": old_stretch,
            "new_stretch": new_stretch,
            "same": (old, old_stretch) == (plain(amount), new_stretch),
        }

    def _subject(self, cells: Mapping[str, str], reasons: list[str]) -> TargetLine | None:
        kind = KINDS.get(fold(cells.get(KIND, "")))
        if kind is None:
            reasons.append(_("对象类型请填“团队”或“个人”。"))
            return None
        code = cells.get(CODE, "")
        found = self.lines.get((kind, fold(code)))
        if found is None:
            words = {"year": self.year, "kind": kind, "code": code}
            reasons.append(_("%(year)s 年没有代码或工号为“%(code)s”的参评%(kind)s。") % words)
        elif cells.get(NAME) and fold(cells[NAME]) != fold(found.name):
            words = {"code": code, "name": found.name, "written": cells[NAME]}
            reasons.append(_("%(code)s 是“%(name)s”，不是“%(written)s”；请核对。") % words)
        return found

    def _target(self, cells: Mapping[str, str], reasons: list[str]) -> int | None:
        text = cells.get(TARGET, "")
        place = self.places.get(fold(text))
        if place is None:
            known = "、".join(one.title for one in self.wanted)
            reasons.append(_("没有名为“%(text)s”的目标；可填：%(known)s。") % {"text": text, "known": known})
            return None
        unit = cells.get(UNIT, "")
        if unit and unit != self.wanted[place].unit:
            words = {"unit": unit, "wanted": self.wanted[place].unit}
            reasons.append(_("单位是“%(unit)s”，细则用“%(wanted)s”；请换算后再填。") % words)
        return place

    def _number(self, cells: Mapping[str, str], heading: str, reasons: list[str]) -> Decimal | None:
        text = cells.get(heading, "").replace(",", "").replace("，", "")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not 0 <= number < LARGEST or number != round(number, 4):
            words = {"heading": heading, "text": cells[heading]}
            reasons.append(
                _("%(heading)s“%(text)s”不是有效的数：不能是负数，最多四位小数，不带单位。") % words
            )
            return None
        return number
