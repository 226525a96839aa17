"""The promise ledger as a workbook."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from projects.filters.promise import PromiseFilter
from projects.models import Unit
from projects.queries.promise import Standing, listed_promises
from promotion.action import VERBS
from promotion.web.exports import note_export
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import Sheet, SheetColumn, workbook_response

VERBS["promise.export"] = gettext_lazy("导出承诺台账")
COLUMNS = (
    SheetColumn(gettext_lazy("项目编号"), width=15),
    SheetColumn(gettext_lazy("项目"), width=28),
    SheetColumn(gettext_lazy("团队"), width=18),
    SheetColumn(gettext_lazy("承诺方"), width=10),
    SheetColumn(gettext_lazy("事项"), width=12),
    SheetColumn(gettext_lazy("承诺内容"), width=40),
    SheetColumn(gettext_lazy("数额"), "number", 18),
    SheetColumn(gettext_lazy("已完成"), "number", 18),
    SheetColumn(gettext_lazy("单位"), width=8),
    SheetColumn(gettext_lazy("期限"), "date", 12),
    SheetColumn(gettext_lazy("状态"), width=10),
    SheetColumn(gettext_lazy("办结日期"), "date", 12),
    SheetColumn(gettext_lazy("责任人"), width=10),
    SheetColumn(gettext_lazy("责任部门"), width=16),
    SheetColumn(gettext_lazy("合同条款"), width=24),
)


@require_GET
def promises_workbook(request: SignedInRequest) -> HttpResponse:
    """The list as the page filters it; the download is kept in the audit trail."""
    listed = listed_promises(request.user).order_by("due_on", "pk")
    found = PromiseFilter(request.GET, queryset=listed, request=request).qs
    note_export(request, verb="promise.export", rows=found)
    sheet = Sheet(name=_("双向承诺台账"), columns=COLUMNS, rows=_rows(found), freeze_columns=2)
    return workbook_response(_("双向承诺台账 %(day)s.xlsx") % {"day": timezone.localdate()}, [sheet])


def _rows(found: QuerySet) -> Iterator[list[Any]]:
    for row in found.iterator(chunk_size=2000):
        yield [
            row.project.code,
            row.project.name,
            row.project.team.name,
            row.get_direction_display(),
            row.get_subject_display(),
            row.text,
            row.figure,
            row.done or None,
            str(Unit(row.unit).label) if row.unit else "",
            row.due_on,
            str(Standing(row.standing).label),
            row.closed_on,
            row.person.name,
            row.department.name if row.department else "",
            row.source,
        ]
