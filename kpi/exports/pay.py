"""Pay as it leaves the house: a sheet as a workbook, slips as PDF under either name of the body."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kpi.models import PaySheet
from kpi.pay.line import MonthLine
from kpi.pay.scale import performance_share
from kpi.pay.totals import added
from kpi.queries.pay import PersonYear
from kpi.queries.pay_sealed import Opened
from kpi.queries.pay_words import said, sentence
from promotion.papers import render_paper
from promotion.web.formats import number
from promotion.web.workbooks import Sheet, SheetColumn
from staff.models import BodyName

# The same bytes for the same slips, whenever they are packed.
PACKED = (2026, 1, 1, 0, 0, 0)
HUNDRED = Decimal(100)


def pay_sheet_book(sheet: PaySheet, lines: list[Opened]) -> Sheet:
    """One person a row, in 元, with how each amount came about."""
    columns = [
        SheetColumn(_("工号"), "text", 10),
        SheetColumn(_("姓名"), "text", 10),
        SheetColumn(_("团队"), "text", 18),
        SheetColumn(_("级别"), "text", 14),
        SheetColumn(_("基本底薪（元）"), "number", 14),
        SheetColumn(_("考核薪酬（元）"), "number", 14),
        SheetColumn(_("合计（元）"), "number", 14),
        SheetColumn(_("达标占比"), "percent", 10),
        SheetColumn(_("实发占比"), "percent", 10),
        SheetColumn(_("说明"), "text", 70),
    ]
    rows = [
        [
            each.row.person.staff_number, each.row.person.name, each.row.team.name, each.row.get_grade_display(),
            each.line.base_paid, each.line.performance_paid, each.line.total,
            _part(each.totals.target_share), _part(each.totals.share), sentence(each),
        ]
        for each in lines
    ]  # fmt: skip
    sums = [sum((row[place] for row in rows), Decimal(0)) for place in (4, 5, 6)]
    totals = [[_("合计"), "", "", "", *sums, "", _part(performance_share(sums[0], sums[1])), ""]]
    note = _("摘要 %(digest)s；%(state)s") % {"digest": sheet.digest[:16], "state": sheet.get_state_display()}
    return Sheet(
        name=_("工资明细"),
        title=str(sheet),
        note=note,
        columns=columns,
        rows=rows,
        totals=totals,
        freeze_columns=2,
    )


def pay_year_book(year: int, people: Sequence[PersonYear]) -> Sheet:
    """One person a row: what was paid in the year, in 元, with the shares of performance pay."""
    columns = [
        SheetColumn(_("工号"), "text", 10),
        SheetColumn(_("姓名"), "text", 10),
        SheetColumn(_("团队"), "text", 18),
        SheetColumn(_("级别"), "text", 14),
        SheetColumn(_("基本底薪（元）"), "number", 14),
        SheetColumn(_("考核薪酬（元）"), "number", 14),
        SheetColumn(_("合计（元）"), "number", 14),
        SheetColumn(_("达标占比"), "percent", 10),
        SheetColumn(_("实发占比"), "percent", 10),
    ]
    rows = [
        [
            one.person.staff_number, one.person.name, one.team, one.grade, one.totals.base, one.totals.performance,
            one.totals.whole, _part(one.totals.target_share), _part(one.totals.share),
        ]
        for one in people
    ]  # fmt: skip
    whole = added(one.totals for one in people)
    totals = [
        [_("合计"), "", "", "", whole.base, whole.performance, whole.whole, _part(whole.target_share), _part(whole.share)]
    ]  # fmt: skip
    title = _("%(year)s 年薪酬汇总") % {"year": year}
    return Sheet(name=_("薪酬汇总"), title=title, columns=columns, rows=rows, totals=totals, freeze_columns=2)


def _part(percent: Decimal | None) -> Decimal | None:
    return percent / HUNDRED if percent is not None else None


def slip_of(opened: Opened, body_name: str = "") -> bytes:
    """The slip (工资条) of one line. An official paper is in Chinese."""
    row, line, sheet = opened.row, opened.line, opened.row.sheet
    body = BodyName(body_name if body_name in BodyName.values else BodyName.CENTRE)
    with translation.override(settings.LANGUAGE_CODE):
        data: dict[str, Any] = {
            "title": f"{sheet}".replace("工资表", "工资条"),
            "number": sheet.public_id,
            "name": row.person.name,
            "staff_number": row.person.staff_number,
            "team": row.team.name,
            "grade": str(row.get_grade_display()),
            "steps": [
                [each.label, each.words, number(each.amount) if each.amount is not None else ""]
                for each in said(opened)
            ],
            "base": number(line.base_paid),
            "performance": number(line.performance_paid),
            "total": number(line.total),
            "share": _ratio(opened) if isinstance(line, MonthLine) else "",
            "body": str(body.label),
            "on": f"{timezone.localtime(sheet.paid_at):%Y-%m-%d}" if sheet.paid_at else "（未发放）",
        }
    return render_paper("pay_slip", data)


def _ratio(opened: Opened) -> str:
    share = opened.totals.target_share
    return f"达标时考核薪酬占 {number(share, 1)}%" if share is not None else ""


def slip_name(opened: Opened) -> str:
    """The file's name without its ending."""
    sheet, person = opened.row.sheet, opened.row.person
    return f"{person.staff_number}-{person.name}-{sheet}"


def slip_archive(lines: Iterable[Opened], body_name: str = "") -> bytes:
    """All slips in one ZIP file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in lines:
            archive.writestr(zipfile.ZipInfo(f"{slip_name(each)}.pdf", PACKED), slip_of(each, body_name))
    return stream.getvalue()
