"""The achievement list as a workbook."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from projects import queries
from projects.filters.achievement import AchievementFilter, credited_to
from promotion.action import VERBS
from promotion.web.exports import note_export
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import Sheet, SheetColumn, workbook_response

VERBS["achievement.export"] = gettext_lazy("导出业绩台账")
COLUMNS = (
    SheetColumn(gettext_lazy("种类"), width=12),
    SheetColumn(gettext_lazy("项目编号"), width=16),
    SheetColumn(gettext_lazy("项目或人员"), width=30),
    SheetColumn(gettext_lazy("事项"), width=24),
    SheetColumn(gettext_lazy("责任团队"), width=18),
    SheetColumn(gettext_lazy("发生日期"), "date", 12),
    SheetColumn(gettext_lazy("申报日期"), "date", 12),
    SheetColumn(gettext_lazy("申报人"), width=12),
    SheetColumn(gettext_lazy("认定日期"), "date", 12),
    SheetColumn(gettext_lazy("认定人"), width=12),
    SheetColumn(gettext_lazy("认定状态"), width=10),
    SheetColumn(gettext_lazy("币种"), width=8),
    SheetColumn(gettext_lazy("申报金额（原币）"), "number", 18),
    SheetColumn(gettext_lazy("汇率"), "number", 10, "0.000000"),
    SheetColumn(gettext_lazy("申报金额（元）"), "number", 18),
    SheetColumn(gettext_lazy("认定金额（元）"), "number", 18),
    SheetColumn(gettext_lazy("申报人数"), "integer", 10),
    SheetColumn(gettext_lazy("认定人数"), "integer", 10),
    SheetColumn(gettext_lazy("凭证编号"), width=20),
    SheetColumn(gettext_lazy("佐证（份）"), "integer", 10),
)
CREDITED = (
    SheetColumn(gettext_lazy("份额（%）"), "number", 10),
    SheetColumn(gettext_lazy("计入金额（元）"), "number", 18),
    SheetColumn(gettext_lazy("计入人数"), "number", 10, "0.####"),
)


@require_GET
def achievements_workbook(request: SignedInRequest) -> HttpResponse:
    """The list as the page filters it; the download is kept in the audit trail."""
    credited = credited_to(request.user, request.GET)
    shares = any(credited.values())
    listed = queries.listed_achievements(request.user, **credited).order_by("happened_on", "id")
    found = AchievementFilter(request.GET, queryset=listed, request=request).qs
    note_export(request, verb="achievement.export", rows=found)
    sheet = Sheet(
        name=_("业绩台账"),
        columns=[*COLUMNS, *(CREDITED if shares else ())],
        rows=_rows(found, shares=shares),
        freeze_columns=3,
    )
    return workbook_response(_("业绩台账 %(day)s.xlsx") % {"day": timezone.localdate()}, [sheet])


def _rows(found: QuerySet, *, shares: bool) -> Iterator[list[Any]]:
    for row in found.iterator(chunk_size=2000):
        project, decided = row.project, row.decided_by
        yield [
            row.get_kind_display(),
            project.code if project else "",
            str(project or row.person),
            row.title,
            project.team.name if project else "",
            row.happened_on,
            timezone.localdate(row.submitted_at),
            row.submitted_by.display_name,
            row.recognised_on,
            decided.display_name if decided else "",
            row.get_state_display(),
            row.get_currency_display(),
            row.amount,
            row.exchange_rate,
            row.amount_cny,
            row.recognised_cny,
            row.people,
            row.recognised_people,
            row.certificate,
            row.evidence_count,
            *([row.credited_percent, row.credited_cny, row.credited_people] if shares else ()),
        ]
