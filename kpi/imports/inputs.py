"""The input table (录入表) as a workbook: every cell the year asks for in one row, read with reasons for what is refused."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from kpi.models import NOT_HANDED_IN, AssessmentInput, InputKind
from kpi.queries.input_course import in_words, value_words
from kpi.queries.input_faults import InputRow, fault_of
from kpi.queries.input_rows import Cell, Live, Row, live_inputs, live_of, sheet_columns, sheet_rows
from kpi.queries.input_sheets import Asked, InputSheet
from kpi.scoring.rounding import plain
from projects.access import projects_visible_to
from promotion.chinese import fold
from promotion.errors import Refused
from promotion.web.tables import Table, TableRow
from promotion.web.workbooks import Sheet, SheetColumn
from staff.access import assessed_teams_visible_to, people_visible_to
from staff.models import Account, Person, Team

# The headings are the workbook's format, the same in every language.
YEAR, KIND, ITEM, PART, BAND, SUBJECT, CODE, NAME, PROJECT, WHO, FROM, VALUE, UNIT, REASON, DATED = (
    "年度", "录入类别", "录入项", "细目", "档", "对象类型", "代码/工号", "名称", "项目", "评分人/酌定人", "起始日", "取值", "单位", "理由",
    "评定日期",
)  # fmt: skip
HEADINGS = (YEAR, KIND, ITEM, PART, BAND, SUBJECT, CODE, NAME, PROJECT, WHO, FROM, VALUE, UNIT, REASON, DATED)
REQUIRED = (KIND, VALUE)
TEAM, PERSON = "团队", "个人"
KINDS = {"rating": "评议票", "choice": "酌定分", "category": "考核类别", "measure": "填报数", "rate": "汇率"}
WIDTHS = {ITEM: 22, PART: 22, CODE: 12, NAME: 20, WHO: 14, REASON: 30, VALUE: 12}


def input_table(actor: Account, asked: Asked, wanted: str = "") -> Sheet:
    """Every cell of the year's sheets, or of one: what is not recorded is an empty cell, to be filled in and uploaded."""
    inputs = list(live_inputs(actor, asked.year))
    sheets = [sheet for sheet in asked.sheets if wanted in ("", sheet.name)]
    rows = [row for sheet in sheets for row in _lines(asked, sheet, live_of(inputs, sheet))]
    columns = [SheetColumn(name, "text", WIDTHS.get(name, 10)) for name in HEADINGS]
    return Sheet(name=_("录入"), columns=columns, rows=rows, freeze_columns=3)


def _lines(asked: Asked, sheet: InputSheet, live: Live) -> Iterator[list[Any]]:
    if sheet.kind == InputKind.RATE:
        for entry in sorted([*live.holds.values(), *live.waits.values()], key=lambda one: one.pk):
            yield _line(asked, sheet, None, None, entry)
    elif sheet.kind == InputKind.RATING:
        for panel in sheet.panels:
            columns = sheet_columns(asked, sheet, live, panel.code)
            spare = max((panel.expected or 1) - len(columns), 0)
            for row in sheet_rows(asked, sheet, live, columns):
                yield from (_line(asked, sheet, row, cell, cell.latest) for cell in row.cells)
                yield from (_line(asked, sheet, row, None, None, panel.code) for _spare in range(spare))
    else:
        for row in sheet_rows(asked, sheet, live, sheet_columns(asked, sheet, live)):
            yield from (_line(asked, sheet, row, None, entry) for entry in row.history)
            cells = [] if row.history else [cell for cell in row.cells if cell.asked]
            yield from (_line(asked, sheet, row, cell, cell.latest) for cell in cells)


def _line(
    asked: Asked,
    sheet: InputSheet,
    row: Row | None,
    cell: Cell | None,
    entry: AssessmentInput | None,
    panel: str = "",
) -> list[Any]:
    column = cell.column if cell else None
    part = column.part if column else entry.part if entry else panel
    who = column.voter if column and column.voter else (entry.voter or entry.author) if entry else ""
    return [
        str(asked.year),
        KINDS[sheet.kind],
        entry.code if entry and sheet.kind == InputKind.RATE else sheet.title,
        _part_title(sheet, part),
        column.band if column else "",
        "" if row is None else PERSON if row.one.key[0] == "person" else TEAM,
        row.code if row else "",
        row.name if row else "",
        row.project.code if row and row.project else "",
        who,
        entry.holds_from.isoformat() if entry and entry.holds_from else "",
        value_words(asked, entry) if entry else "",
        column.unit if column else "",
        entry.reason if entry else "",
        entry.dated.isoformat() if entry and entry.dated else "",
    ]


def _part_title(sheet: InputSheet, part: str) -> str:
    titles = {panel.code: panel.title for panel in sheet.panels}
    for owner in sheet.owners:
        titles |= {code: one.title for code, one in owner.measures.items()}
    return titles.get(part, part)


def rejected_inputs(rejected: Iterable[Mapping[str, Any]]) -> Sheet:
    """The refused rows as they were written, with the reasons in front: the import ignores those columns."""
    reasons = [SheetColumn(_("行号"), "integer", 7), SheetColumn(_("退回原因"), "text", 48)]
    columns = [SheetColumn(name, "text", WIDTHS.get(name, 10)) for name in HEADINGS]
    rows = [
        [entry["line"], "；".join(entry["reasons"]), *(entry["cells"].get(name, "") for name in HEADINGS)]
        for entry in rejected
    ]
    return Sheet(name=_("退回的行"), columns=[*reasons, *columns], rows=rows)


@dataclass
class InputPreview:
    """What a workbook would record: `accepted` rows with old and new values, `rejected` rows with their reasons."""

    accepted: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)


def read_inputs(actor: Account, asked: Asked, table: Table) -> InputPreview:
    """Plan what the table would record for the year; rows without a value are left alone.

    Raises Refused when columns are missing or the year has no published scheme.
    """
    missing = [name for name in REQUIRED if name not in table.headings]
    if missing:
        raise Refused(_("缺少列：%(names)s。请用下载的录入表填写。") % {"names": "、".join(missing)})
    if asked.scheme is None:
        raise Refused(_("%(year)s 年还没有已发布的考核细则；请先发布细则，再录入。") % {"year": asked.year})
    reader = _Reader(actor, asked)
    for row in table.rows:
        reader.read(row)
    return reader.preview


class _Reader:
    """Reads rows against what the year asks for."""

    def __init__(self, actor: Account, asked: Asked) -> None:
        self.asked, self.preview = asked, InputPreview()
        self.people = {fold(one.staff_number): one for one in people_visible_to(actor)}
        self.teams = {fold(one.code): one for one in assessed_teams_visible_to(actor)}
        self.projects = projects_visible_to(actor)
        self.live = {one.key: one for one in live_inputs(actor, asked.year)}
        self.seen: Counter[tuple[object, ...]] = Counter()

    def read(self, row: TableRow) -> None:
        if not row.cells.get(VALUE):
            return
        reasons: list[str] = []
        planned = self._row(row.cells, reasons)
        if planned is not None and not reasons:
            self.seen[planned.key] += 1
            fault = _("同一项在表中重复。") if self.seen[planned.key] > 1 else fault_of(planned, self.asked)
            reasons += [fault] if fault else []
        if planned is None or reasons:
            self.preview.rejected.append({"line": row.line, "cells": dict(row.cells), "reasons": reasons})
            return
        self.preview.accepted.append(self._planned(row.line, planned))

    def _row(self, cells: Mapping[str, str], reasons: list[str]) -> InputRow | None:
        if cells.get(YEAR, "") not in ("", str(self.asked.year)):
            words = {"year": self.asked.year, "written": cells[YEAR]}
            reasons.append(_("年度是 %(written)s，这里导入的是 %(year)s 年。") % words)
        kind = self._kind(cells, reasons)
        sheet = self._sheet(kind, cells, reasons) if kind else None
        if kind is None or sheet is None:
            return None
        value, option = self._value(kind, cells, reasons)
        project = self._project(cells, reasons)
        part = self._part(sheet, cells.get(PART, ""))
        who = cells.get(WHO, "")
        return InputRow(
            kind=kind,
            code=cells.get(ITEM, "").upper() if kind == InputKind.RATE else sheet.code,
            part=part,
            band=self._band(sheet, part, cells.get(BAND, "")),
            voter=who if kind == InputKind.RATING else "",
            author=who if kind == InputKind.CHOICE else "",
            option=option,
            value=value,
            reason=cells.get(REASON, ""),
            holds_from=self._day(cells, FROM, reasons),
            dated=self._day(cells, DATED, reasons),
            project=project,
            **self._subject(kind, cells, reasons),
        )

    def _kind(self, cells: Mapping[str, str], reasons: list[str]) -> str | None:
        text = fold(cells.get(KIND, ""))
        for kind, label in KINDS.items():
            if text in (kind, fold(label)):
                return kind
        known = "、".join(KINDS.values())
        reasons.append(_("录入类别请填：%(known)s。") % {"known": known})
        return None

    def _sheet(self, kind: str, cells: Mapping[str, str], reasons: list[str]) -> InputSheet | None:
        text, by_project = fold(cells.get(ITEM, "")), bool(cells.get(PROJECT))
        held = [one for one in self.asked.sheets if one.kind == kind and one.by_project == by_project]
        for sheet in held:
            if kind in (InputKind.CATEGORY, InputKind.RATE) or text in (fold(sheet.code), fold(sheet.title)):
                return sheet
        known = "、".join(sheet.title for sheet in held) or _("（无）")
        words = {"text": cells.get(ITEM, ""), "known": known}
        reasons.append(_("没有名为“%(text)s”的录入项；可填：%(known)s。") % words)
        return None

    def _subject(self, kind: str, cells: Mapping[str, str], reasons: list[str]) -> dict[str, Any]:
        if kind == InputKind.RATE:
            return {}
        asked, code = fold(cells.get(SUBJECT, "")), cells.get(CODE, "")
        found: Person | Team | None = None
        if asked in (fold(PERSON), "人员", "person"):
            found = self.people.get(fold(code))
        elif asked in (fold(TEAM), "队", "team"):
            found = self.teams.get(fold(code))
        else:
            reasons.append(_("对象类型请填“团队”或“个人”。"))
            return {}
        if found is None:
            reasons.append(_("没有代码或工号为“%(code)s”的对象。") % {"code": code})
        elif cells.get(NAME) and fold(cells[NAME]) != fold(found.name):
            words = {"code": code, "name": found.name, "written": cells[NAME]}
            reasons.append(_("%(code)s 是“%(name)s”，不是“%(written)s”；请核对。") % words)
        return {"person" if isinstance(found, Person) else "team": found} if found else {}

    def _part(self, sheet: InputSheet, text: str) -> str:
        """The code of a panel or measure, from its code or title; a sheet with one of them need not name it."""
        titles = {panel.code: panel.title for panel in sheet.panels} or {
            one.part: _part_title(sheet, one.part) for one in sheet.columns
        }
        for code, title in titles.items():
            if fold(text) in (fold(code), fold(title)):
                return code
        return next(iter(titles)) if not text and len(titles) == 1 else text

    def _band(self, sheet: InputSheet, part: str, text: str) -> str:
        for owner in sheet.owners:
            for band in owner.measures[part].bands if part in owner.measures else ():
                if fold(text) in (fold(band.code), fold(band.title)):
                    return band.code
        return text

    def _value(self, kind: str, cells: Mapping[str, str], reasons: list[str]) -> tuple[Decimal | None, str]:
        text = cells.get(VALUE, "")
        if kind == InputKind.CATEGORY:
            kinds = self.asked.scheme.categories if self.asked.scheme else {}
            named = [code for code, title in kinds.items() if fold(text) in (fold(code), fold(title))]
            return None, named[0] if named else text
        if kind == InputKind.RATING and text in (NOT_HANDED_IN, "缺", "缺票"):
            return None, ""
        try:
            return Decimal(text.replace(",", "").replace("，", "")), ""
        except InvalidOperation:
            reasons.append(_("取值“%(text)s”不是数。") % {"text": text[:20]})
            return None, ""

    def _project(self, cells: Mapping[str, str], reasons: list[str]) -> Any:
        code = cells.get(PROJECT, "")
        if not code:
            return None
        found = self.projects.filter(code=code).first()
        if found is None:
            reasons.append(_("没有编号为“%(code)s”的项目。") % {"code": code})
        return found

    def _day(self, cells: Mapping[str, str], heading: str, reasons: list[str]) -> date | None:
        text = cells.get(heading, "")[:10]
        if not text:
            return None
        try:
            return date.fromisoformat(text.replace("/", "-"))
        except ValueError:
            words = {"heading": heading, "text": text}
            reasons.append(_("%(heading)s“%(text)s”不是日期，应写成 2026-01-01。") % words)
            return None

    def _planned(self, number: int, row: InputRow) -> dict[str, Any]:
        """The row as it is kept, with what stood in its place for the preview."""
        held = self.live.get(row.key)
        entry = AssessmentInput(year=self.asked.year, **_fields(row))
        words = in_words(self.asked, entry)
        return {
            "line": number,
            "row": as_kept(row),
            "name": row.person.name if row.person else row.team.name if row.team else "",
            "title": words.title,
            "detail": " · ".join(filter(None, [words.detail, row.voter])),
            "old": value_words(self.asked, held) if held else "",
            "new": words.value,
            "held": held.pk if held else None,
            "same": held is not None and held.same_as(entry),
        }


def _fields(row: InputRow) -> dict[str, Any]:
    """What is recorded of the row; what stood in its place is kept beside it."""
    return {name: getattr(row, name) for name in InputRow.__dataclass_fields__ if name != "seen"}


def as_kept(row: InputRow) -> dict[str, Any]:
    """A row as plain values."""
    kept = {name: value for name, value in _fields(row).items() if isinstance(value, str)}
    return kept | {
        "value": None if row.value is None else plain(row.value),
        "holds_from": row.holds_from.isoformat() if row.holds_from else None,
        "dated": row.dated.isoformat() if row.dated else None,
        "person": row.person.pk if row.person else None,
        "team": row.team.pk if row.team else None,
        "project": row.project.pk if row.project else None,
    }
