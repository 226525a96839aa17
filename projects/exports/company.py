"""The list of companies as a workbook."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from projects.filters.company import CompanyFilter
from projects.queries.company import companies_listed
from promotion.action import VERBS
from promotion.web.exports import note_export
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import Sheet, SheetColumn, workbook_response

VERBS["company.export"] = gettext_lazy("导出企业台账")
COLUMNS = (
    SheetColumn(gettext_lazy("企业"), width=32),
    SheetColumn(gettext_lazy("英文名称"), width=28),
    SheetColumn(gettext_lazy("其他名称"), width=32),
    SheetColumn(gettext_lazy("统一社会信用代码"), width=22),
    SheetColumn(gettext_lazy("所属集团"), width=22),
    SheetColumn(gettext_lazy("实际控制人"), width=18),
    SheetColumn(gettext_lazy("国家或地区"), width=12),
    SheetColumn(gettext_lazy("省市"), width=14),
    SheetColumn(gettext_lazy("注册地址"), width=36),
    SheetColumn(gettext_lazy("网站"), width=28),
    SheetColumn(gettext_lazy("首接团队"), width=18),
    SheetColumn(gettext_lazy("项目（个）"), "number", 10),
    SheetColumn(gettext_lazy("计划总投资（元）"), "number", 20),
    SheetColumn(gettext_lazy("最近推进"), "date", 12),
    SheetColumn(gettext_lazy("录入日期"), "date", 12),
)


@require_GET
def companies_workbook(request: SignedInRequest) -> HttpResponse:
    """The list as the page filters it, without contacts; the download is kept in the audit trail."""
    found = CompanyFilter(request.GET, queryset=companies_listed(request.user), request=request).qs.order_by(
        "pinyin", "pk"
    )
    note_export(request, verb="company.export", rows=found)
    sheet = Sheet(name=_("企业台账"), columns=COLUMNS, rows=_rows(found), freeze_columns=1)
    return workbook_response(_("企业台账 %(day)s.xlsx") % {"day": timezone.localdate()}, [sheet])


def _rows(found: QuerySet[Any]) -> Iterator[list[Any]]:
    for row in found.iterator(chunk_size=2000):
        group = row.group.name if row.group else ""
        yield [
            row.name,
            row.english_name,
            "、".join(name for name in row.other_names.split("\n") if name and name != group),
            row.credit_code,
            group,
            row.controller,
            row.country,
            row.region,
            row.address,
            row.website,
            row.held_by or "",
            row.project_count,
            row.planned,
            row.progressed_on,
            timezone.localdate(row.created_at),
        ]
