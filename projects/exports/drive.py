"""The projects of supervised drives as a workbook."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from projects.actions import keep_view
from projects.filters.drive import DriveFilter
from projects.models import DriveProject, ViewKind
from projects.queries.drive import (
    LineStanding,
    drive_lines,
    listed_drives,
    standings,
    visible_drive,
)
from promotion.action import VERBS
from promotion.web.exports import note_export
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import Sheet, SheetColumn, workbook_response

VERBS["drive.export"] = gettext_lazy("导出督查台账")
MOST_ROWS = 5_000
COLUMNS = (
    SheetColumn(gettext_lazy("督查行动"), width=24),
    SheetColumn(gettext_lazy("牵头人"), width=10),
    SheetColumn(gettext_lazy("项目编号"), width=15),
    SheetColumn(gettext_lazy("项目"), width=28),
    SheetColumn(gettext_lazy("团队"), width=18),
    SheetColumn(gettext_lazy("服务专员"), width=10),
    SheetColumn(gettext_lazy("目标"), width=26),
    SheetColumn(gettext_lazy("完成期限"), "date", 12),
    SheetColumn(gettext_lazy("当前阶段"), width=10),
    SheetColumn(gettext_lazy("进度（%）"), "number", 10),
    SheetColumn(gettext_lazy("进度来源"), width=10),
    SheetColumn(gettext_lazy("亮灯"), width=8),
    SheetColumn(gettext_lazy("原因"), width=30),
    SheetColumn(gettext_lazy("最近填报"), "date", 12),
    SheetColumn(gettext_lazy("进展"), width=40),
    SheetColumn(gettext_lazy("存在问题"), width=30),
    SheetColumn(gettext_lazy("销号日期"), "date", 12),
    SheetColumn(gettext_lazy("完成情况"), width=30),
)


@require_GET
def drives_workbook(request: SignedInRequest) -> HttpResponse:
    """The projects of the drives as the list filters them; the download is kept in the audit trail."""
    found = DriveFilter(request.GET, queryset=listed_drives(request.user), request=request).qs
    lines = drive_lines(request.user).filter(drive__in=found.order_by().values("pk"))
    return _workbook(request, lines.order_by("drive_id", "due_on", "pk"), _("攻坚督查"))


@require_GET
def drive_workbook(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The projects of one drive."""
    drive = visible_drive(request.user, public_id)
    return _workbook(request, drive_lines(request.user).filter(drive=drive), drive.name)


def _workbook(request: SignedInRequest, lines: QuerySet[DriveProject], name: str) -> HttpResponse:
    note_export(request, verb="drive.export", rows=lines, most=MOST_ROWS, drive=name)
    found = standings(lines)
    keep_view(request.user, [one.line.project for one in found], ViewKind.EXPORT, detail=name)
    rows = [_row(one) for one in found]
    sheet = Sheet(name=_("攻坚督查"), columns=COLUMNS, rows=iter(rows), freeze_columns=2)
    file = _("%(name)s %(day)s.xlsx") % {"name": name, "day": timezone.localdate()}
    return workbook_response(file, [sheet])


def _row(one: LineStanding) -> list[Any]:
    line, project = one.line, one.line.project
    return [
        line.drive.name,
        line.drive.leader.name,
        project.code,
        project.name,
        project.team.name,
        project.owner.name,
        line.target,
        line.due_on,
        project.get_stage_display(),
        one.progress,
        _("按事实") if one.by_facts else _("自报"),
        str(one.lamp.label),
        one.words,
        line.last_check_in_on,
        one.last.done if one.last else "",
        line.issue,
        line.done_on,
        line.result,
    ]
