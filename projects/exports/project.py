"""The list of projects as a workbook."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from projects.actions.secrecy import keep_view
from projects.filters.project import ProjectFilter
from projects.models import ViewKind
from projects.queries.project import listed_projects
from promotion.action import VERBS
from promotion.web.exports import note_export
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import Sheet, SheetColumn, workbook_response

VERBS["project.export"] = gettext_lazy("导出项目台账")
COLUMNS = (
    SheetColumn(gettext_lazy("编号"), width=15),
    SheetColumn(gettext_lazy("项目"), width=28),
    SheetColumn(gettext_lazy("企业"), width=28),
    SheetColumn(gettext_lazy("阶段"), width=10),
    SheetColumn(gettext_lazy("进入本阶段"), "date", 12),
    SheetColumn(gettext_lazy("状态"), width=8),
    SheetColumn(gettext_lazy("等级"), width=8),
    SheetColumn(gettext_lazy("产业"), width=12),
    SheetColumn(gettext_lazy("资金来源"), width=10),
    SheetColumn(gettext_lazy("渠道"), width=10),
    SheetColumn(gettext_lazy("园区"), width=12),
    SheetColumn(gettext_lazy("团队"), width=18),
    SheetColumn(gettext_lazy("服务专员"), width=10),
    SheetColumn(gettext_lazy("计划总投资（元）"), "number", 20),
    SheetColumn(gettext_lazy("首报日期"), "date", 12),
    SheetColumn(gettext_lazy("最近推进"), "date", 12),
    SheetColumn(gettext_lazy("下一步"), width=24),
    SheetColumn(gettext_lazy("下一步日期"), "date", 12),
)


@require_GET
def projects_workbook(request: SignedInRequest) -> HttpResponse:
    """The list as the page filters it; the download is kept in the audit trail."""
    found = ProjectFilter(request.GET, queryset=listed_projects(request.user), request=request).qs.order_by(
        "code"
    )
    note_export(request, verb="project.export", rows=found)
    keep_view(request.user, found.filter(is_secret=True), ViewKind.EXPORT)
    sheet = Sheet(name=_("项目台账"), columns=COLUMNS, rows=_rows(found), freeze_columns=2)
    return workbook_response(_("项目台账 %(day)s.xlsx") % {"day": timezone.localdate()}, [sheet])


def _rows(found: QuerySet) -> Iterator[list[Any]]:
    for row in found.iterator(chunk_size=2000):
        yield [
            row.code,
            row.name,
            row.company.name,
            row.get_stage_display(),
            row.stage_since,
            row.get_status_display(),
            row.get_project_class_display(),
            row.get_industry_display(),
            row.get_capital_source_display(),
            row.get_channel_display(),
            row.get_park_display(),
            row.team.name,
            row.owner.name,
            row.planned_investment,
            row.reported_on,
            row.progressed_on,
            row.next_step,
            row.next_step_on,
        ]
