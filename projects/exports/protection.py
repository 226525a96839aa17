"""The register of first receptions as a workbook; companies of others stay masked there too."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from projects.filters.protection import ReceptionFilter
from projects.queries.protection import STATES, masked_company, register
from promotion.action import VERBS
from promotion.web.exports import note_export
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import Sheet, SheetColumn, workbook_response

VERBS["reception.export"] = gettext_lazy("导出首报首接登记簿")
COLUMNS = (
    SheetColumn(gettext_lazy("企业"), width=32),
    SheetColumn(gettext_lazy("状态"), width=12),
    SheetColumn(gettext_lazy("团队"), width=18),
    SheetColumn(gettext_lazy("首接人"), width=12),
    SheetColumn(gettext_lazy("首报"), "date", 12),
    SheetColumn(gettext_lazy("保护期至"), "date", 12),
    SheetColumn(gettext_lazy("解除"), "date", 12),
    SheetColumn(gettext_lazy("终止原因"), width=32),
)


@require_GET
def receptions_workbook(request: SignedInRequest) -> HttpResponse:
    """The register as the page filters it; the download is kept in the audit trail."""
    rows = register(request.user, timezone.localdate())
    found = ReceptionFilter(request.GET, queryset=rows, request=request).qs.order_by("-claimed_at", "-pk")
    note_export(request, verb="reception.export", rows=found)
    sheet = Sheet(_("首报首接登记簿"), COLUMNS, _rows(found))
    return workbook_response(_("首报首接登记簿 %(day)s.xlsx") % {"day": timezone.localdate()}, [sheet])


def _rows(found: QuerySet[Any]) -> Iterator[list[Any]]:
    for row in found.iterator(chunk_size=2000):
        yield [
            masked_company(row),
            str(STATES[row.state]),
            row.team.name,
            row.person.name,
            timezone.localdate(row.claimed_at),
            row.protected_until,
            timezone.localdate(row.released_at) if row.released_at else None,
            row.end_reason if row.seen else "",
        ]
