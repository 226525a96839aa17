"""A round of grades as a workbook (职级评定表)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kpi.models import GradeProposal, GradeRound
from promotion.web.formats import day
from promotion.web.workbooks import Sheet, SheetColumn


def grades_sheet(found: GradeRound, proposals: Iterable[GradeProposal]) -> Sheet:
    """One person a row: result, present, proposed and decided grade with the reasons."""
    columns = [
        SheetColumn(_("工号"), "text", 10),
        SheetColumn(_("姓名"), "text", 10),
        SheetColumn(_("团队"), "text", 18),
        SheetColumn(_("总分"), "number", 10),
        SheetColumn(_("名次"), "integer", 8),
        SheetColumn(_("现级别"), "text", 14),
        SheetColumn(_("建议级别"), "text", 14),
        SheetColumn(_("拟定级别"), "text", 14),
        SheetColumn(_("依据"), "text", 44),
        SheetColumn(_("理由"), "text", 30),
    ]
    rows = [
        [
            one.person.staff_number, one.person.name, one.team.name,
            one.standing.total if one.standing else None, one.standing.rank if one.standing else None,
            one.get_present_display(), one.get_proposed_display(), one.get_decided_display(), one.basis, one.reason,
        ]
        for one in proposals
    ]  # fmt: skip
    words = {"rule": found.rule, "run": found.run.number, "day": day(found.applies_on)}
    note = _("办法：%(rule)s；第 %(run)s 次核算；自 %(day)s 起执行") % words
    title = f"{found}（{found.get_state_display()}）"
    return Sheet(name=_("职级评定表"), title=title, note=note, columns=columns, rows=rows, freeze_columns=2)
