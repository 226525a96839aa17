"""Rates of fulfilment as a workbook, with the numerator and the denominator of each."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from projects.forms.fulfilment import PeriodForm
from projects.queries.fulfilment import RATES, FulfilmentRow, fulfilment, grouping_of
from promotion.action import VERBS, record
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import Sheet, SheetColumn, workbook_response

VERBS["fulfilment.export"] = gettext_lazy("导出履约率")


@require_GET
def fulfilment_workbook(request: SignedInRequest) -> HttpResponse:
    """The table as the page shows it; the download is kept in the audit trail."""
    grouping = grouping_of(request.GET.get("group", ""))
    rows, total = fulfilment(request.user, grouping, **PeriodForm(request.GET).period())
    record(
        actor=request.user,
        verb="fulfilment.export",
        target=request.user,
        detail={"rows": len(rows), "query": request.GET.urlencode()[:500]},
    )
    sheet = Sheet(
        name=_("履约率"),
        columns=_columns(grouping.label),
        rows=[_cells(row) for row in rows],
        totals=[_cells(total)],
        note=_("只计已认定的事实；分母为零的率留空。金额为人民币元。"),
        freeze_columns=1,
    )
    name = _("履约率 %(day)s.xlsx") % {"day": timezone.localdate()}
    return workbook_response(name, [sheet])


def _columns(first: Any) -> list[SheetColumn]:
    columns = [
        SheetColumn(first, width=20),
        SheetColumn(_("签约（个）"), "integer", 10),
        SheetColumn(_("合同额（元）"), "number", 20),
    ]
    for rate in RATES:
        kind: Any = "number" if rate.is_money else "integer"
        columns += [
            SheetColumn(rate.label, "percent", 11),
            SheetColumn(_("%(rate)s分子") % {"rate": rate.label}, kind, 18),
            SheetColumn(_("%(rate)s分母") % {"rate": rate.label}, kind, 18),
        ]
    return columns


def _cells(row: FulfilmentRow) -> list[Any]:
    return [row.label, row.signed, row.contract, *_parts(row)]


def _parts(row: FulfilmentRow) -> Iterator[Any]:
    for figure in row.figures:
        yield from (figure.ratio, figure.numerator, figure.denominator)
