"""The target table (目标表) as a workbook: the same columns out and in, read cell by cell with reasons for what is refused."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from kpi.models import TargetLevel, TargetPeriod
from kpi.queries.target import TargetLine, target_lines, wanted_targets, with_values
from kpi.queries.target_plan import TargetPreview
from kpi.scoring.periods import MEASURED
from kpi.scoring.scheme import Target as WantedTarget
from promotion.chinese import fold
from promotion.errors import Refused
from promotion.web.tables import Table, TableRow
from promotion.web.workbooks import Kind, Sheet, SheetColumn
from staff.models import Account

# The headings are the workbook's format, the same in every language.
YEAR, KIND, CODE, NAME, TARGET, UNIT, LEVEL = (
    "年度", "对象类型", "代码/工号", "名称", "目标", "单位", "档次",
)  # fmt: skip
# One column for each part of the year: 全年, 上半年, 第一季度, 1月 …
PERIODS: dict[str, str] = {
    "".join(MEASURED[name].title.split()): name for name in map(str, TargetPeriod.values)
}
HEADINGS = (YEAR, KIND, CODE, NAME, TARGET, UNIT, LEVEL, *PERIODS)
REQUIRED = (KIND, CODE, TARGET)
TEAM, PERSON = "团队", "个人"
KINDS = {"团队": TEAM, "队": TEAM, "team": TEAM, "个人": PERSON, "人员": PERSON, "person": PERSON}
BASE, STRETCH = "基本", "加压"
LEVELS = {
    "": TargetLevel.BASE, "基本": TargetLevel.BASE, "基本目标": TargetLevel.BASE, "base": TargetLevel.BASE,
    "加压": TargetLevel.STRETCH, "加压目标": TargetLevel.STRETCH, "stretch": TargetLevel.STRETCH,
}  # fmt: skip
LARGEST = Decimal(10) ** 14
WIDTHS = {CODE: 12, NAME: 22, TARGET: 16}


def target_columns() -> list[SheetColumn]:
    """The columns of the table; a number shows the decimals it has."""
    kinds: dict[str, tuple[Kind, str]] = {YEAR: ("integer", "0")}
    kinds |= dict.fromkeys(PERIODS, ("number", "0.####"))
    return [
        SheetColumn(
            name, kinds.get(name, ("text", ""))[0], WIDTHS.get(name, 10), kinds.get(name, ("text", ""))[1]
        )
        for name in HEADINGS
    ]


def target_sheet(year: int, lines: Iterable[TargetLine], wanted: Sequence[WantedTarget]) -> Sheet:
    """One row per subject, target and level, one column per part of the year; what has not been set is an empty cell."""
    rows = [
        [
            year,
            PERSON if line.person else TEAM,
            line.code,
            line.name,
            target.title,
            target.unit,
            STRETCH if level == TargetLevel.STRETCH else BASE,
            *(_value(line, target, period, level) for period in PERIODS.values()),
        ]
        for line in lines
        for target in wanted
        for level in TargetLevel.values
    ]
    return Sheet(name=_("目标"), columns=target_columns(), rows=rows, freeze_columns=7)


def _value(line: TargetLine, target: WantedTarget, period: str, level: str) -> Decimal | None:
    """The present value; one that was set in another unit is left out, because the column has this one."""
    present = line.at(target.code, period, level)
    return present.amount if present and present.unit in ("", target.unit) else None


def help_sheet() -> Sheet:
    """How the table is filled in; the import reads the first sheet only."""
    columns = [SheetColumn(_("列"), "text", 18), SheetColumn(_("怎么填"), "text", 70)]
    rows = [
        [f"{KIND}、{CODE}", _("团队填代码，个人填工号；名称只用来核对。")],
        [TARGET, _("细则里目标的名称或代码；单位要与细则一致。")],
        [LEVEL, _("基本或加压；空着就是基本。加压目标不能低于同一时段的基本目标。")],
        ["、".join(list(PERIODS)[:4]) + " …", _("不带单位的数，最多四位小数；空着的格不动原来的目标。")],
    ]
    return Sheet(name=_("填写说明"), columns=columns, rows=rows, landscape=False)


def rejected_sheet(rejected: Iterable[Mapping[str, Any]]) -> Sheet:
    """The refused rows as they were written, with the reasons in front: the import ignores those columns."""
    reasons = [SheetColumn(_("行号"), "integer", 7), SheetColumn(_("退回原因"), "text", 48)]
    columns = [SheetColumn(name, "text", WIDTHS.get(name, 10)) for name in HEADINGS]
    rows = [
        [
            entry["line"] or None,
            "；".join(entry["reasons"]),
            *(entry["cells"].get(name, "") for name in HEADINGS),
        ]
        for entry in rejected
    ]
    return Sheet(name=_("退回的行"), columns=[*reasons, *columns], rows=rows)


def read_targets(actor: Account, year: int, table: Table) -> TargetPreview:
    """Plan what the table would write for the year; empty cells are left alone.

    Raises Refused when columns are missing or the year has no published scheme.
    """
    missing = [name for name in REQUIRED if name not in table.headings]
    if not missing and not any(name in PERIODS for name in table.headings):
        missing = [next(iter(PERIODS))]
    if missing:
        raise Refused(_("缺少列：%(names)s。请用下载的目标表填写。") % {"names": "、".join(missing)})
    wanted = wanted_targets(year)
    if not wanted:
        raise Refused(_("%(year)s 年还没有已发布的考核细则；请先发布细则，再下达目标。") % {"year": year})
    lines = with_values(actor, year, target_lines(actor, year))
    reader = _Reader(year, wanted, lines, table)
    for row in table.rows:
        reader.read(row)
    return reader.preview


class _Reader:
    """Reads rows against the year's subjects and targets."""

    def __init__(
        self, year: int, wanted: Sequence[WantedTarget], lines: Sequence[TargetLine], table: Table
    ) -> None:
        self.year, self.wanted, self.table = year, wanted, table
        self.preview = TargetPreview()
        self.by_name = {fold(name): one for one in wanted for name in (one.code, one.title)}
        self.lines = {(PERSON if line.person else TEAM, fold(line.code)): line for line in lines}
        self.seen: Counter[tuple[Any, ...]] = Counter()

    def read(self, row: TableRow) -> None:
        """One row: all its cells are planned, or none with the reasons."""
        cells = row.cells
        filled = [name for name in PERIODS if cells.get(name)]
        if not filled:
            return
        reasons: list[str] = []
        if cells.get(YEAR, "") not in ("", str(self.year)):
            words = {"year": self.year, "written": cells[YEAR]}
            reasons.append(_("年度是 %(written)s，这里导入的是 %(year)s 年。") % words)
        line, target = self._subject(cells, reasons), self._target(cells, reasons)
        level = self._level(cells, reasons)
        numbers = {name: self._number(row, name, reasons) for name in filled}
        if line is not None and target is not None and level is not None:
            self.seen[line.key, target.code, level] += 1
            if self.seen[line.key, target.code, level] > 1:
                reasons.append(_("同一对象、同一目标、同一档次在表中重复。"))
        if reasons or line is None or target is None or level is None:
            self.preview.rejected.append({"line": row.line, "cells": dict(cells), "reasons": reasons})
            return
        for name, number in numbers.items():
            if number is not None:
                self.preview.put(line, target, PERIODS[name], level, number, row=row.line)

    def _subject(self, cells: Mapping[str, str], reasons: list[str]) -> TargetLine | None:
        kind = KINDS.get(fold(cells.get(KIND, "")))
        if kind is None:
            reasons.append(_("对象类型请填“团队”或“个人”。"))
            return None
        code = cells.get(CODE, "")
        found = self.lines.get((kind, fold(code)))
        if found is None:
            words = {"year": self.year, "kind": kind, "code": code}
            reasons.append(_("%(year)s 年没有代码或工号为“%(code)s”的%(kind)s。") % words)
        elif cells.get(NAME) and fold(cells[NAME]) != fold(found.name):
            words = {"code": code, "name": found.name, "written": cells[NAME]}
            reasons.append(_("%(code)s 是“%(name)s”，不是“%(written)s”；请核对。") % words)
        return found

    def _target(self, cells: Mapping[str, str], reasons: list[str]) -> WantedTarget | None:
        text = cells.get(TARGET, "")
        found = self.by_name.get(fold(text))
        if found is None:
            known = "、".join(one.title for one in self.wanted)
            reasons.append(_("没有名为“%(text)s”的目标；可填：%(known)s。") % {"text": text, "known": known})
            return None
        unit = cells.get(UNIT, "")
        if unit and unit != found.unit:
            words = {"unit": unit, "wanted": found.unit}
            reasons.append(_("单位是“%(unit)s”，细则用“%(wanted)s”；请换算后再填。") % words)
        return found

    def _level(self, cells: Mapping[str, str], reasons: list[str]) -> str | None:
        text = cells.get(LEVEL, "")
        found = LEVELS.get(fold(text))
        if found is None:
            reasons.append(_("档次请填“基本”或“加压”，不是“%(text)s”。") % {"text": text})
        return found

    def _number(self, row: TableRow, heading: str, reasons: list[str]) -> Decimal | None:
        text = row.cells[heading].replace(",", "").replace("，", "")
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not 0 <= number < LARGEST or number != round(number, 4):
            words = {
                "cell": self.table.cell(heading, row.line),
                "heading": heading,
                "text": row.cells[heading],
            }
            reasons.append(
                _("%(cell)s 格（%(heading)s）“%(text)s”不是有效的数：不能是负数，最多四位小数，不带单位。")
                % words
            )
            return None
        return number
