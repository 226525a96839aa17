"""What a year paid as an official table (薪酬汇总表): by team and by grade, never by person."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kpi.pay.totals import Totals
from kpi.queries.pay import Group, pay_sheets_of, year_shown
from promotion.errors import NotFound
from promotion.papers.layouts import Column, Layout, Part
from promotion.web.formats import NOTHING
from staff.models import Account


def pay_layout(actor: Account, year: int) -> Layout:
    """The paid sheets of the year together, as far as groups do not tell what one person is paid. Raises NotFound before the first."""
    sheets = list(pay_sheets_of(actor, year))
    found = year_shown(actor, sheets)
    if found is None:
        raise NotFound(_("%(year)s 年还没有发放的工资表。") % {"year": year})
    settled = [str(one) for one in sheets if one.is_settlement and one.state == "paid"]
    return Layout(
        title=_("%(year)s 年度招商专员薪酬汇总表") % {"year": year},
        body=str(settings.BODY_NAMES[0]),
        facts=[(_("含"), "、".join(settled) or _("月度工资表"))],
        parts=[
            _part(_("按团队"), _("团队"), found.teams, found.whole),
            _part(_("按级别"), _("级别"), found.grades, found.whole),
        ],
        notes=[_("单位：元。人数太少、会透露个人收入的行不列数字。")],
        signatures=[_("制表"), _("审核"), _("签发")],
    )


def _part(title: str, heading: str, groups: Sequence[Group], whole: Totals | None) -> Part:
    columns = [
        Column(heading, 24),
        Column(_("人数"), 8, "integer"),
        Column(_("基本底薪（元）"), 16, "number"),
        Column(_("考核薪酬（元）"), 16, "number"),
        Column(_("合计（元）"), 16, "number"),
    ]
    return Part(
        title,
        columns,
        rows=[_row(group.name, group.totals) for group in groups],
        totals=[_row(_("合计"), whole)],
    )


def _row(name: str, totals: Totals | None) -> list[Any]:
    if totals is None:
        return [name, NOTHING, None, None, None]
    paid: tuple[Decimal, Decimal] = (totals.base, totals.performance)
    return [name, totals.people, *paid, sum(paid, Decimal(0))]
