"""Plots and plants as workbooks: what the zone can offer, with what is free and until when the rest is kept."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from projects.filters.site import PlantFilter, PlotFilter
from projects.models import ReservationState
from projects.queries import site as queries
from promotion.action import VERBS
from promotion.web.exports import note_export
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import Sheet, SheetColumn, workbook_response

VERBS["site.export"] = gettext_lazy("导出用地与厂房")
KEPT = (
    SheetColumn(gettext_lazy("供应状态"), width=10),
    SheetColumn(gettext_lazy("现状"), width=10),
    SheetColumn(gettext_lazy("占用至"), "date", 12),
    SheetColumn(gettext_lazy("说明"), width=30),
)
PLOT_COLUMNS = (
    SheetColumn(gettext_lazy("园区"), width=12),
    SheetColumn(gettext_lazy("地块编号"), width=14),
    SheetColumn(gettext_lazy("位置"), width=24),
    SheetColumn(gettext_lazy("用途"), width=10),
    SheetColumn(gettext_lazy("权属"), width=10),
    SheetColumn(gettext_lazy("面积（亩）"), "number", 12),
    SheetColumn(gettext_lazy("可用（亩）"), "number", 12),
    SheetColumn(gettext_lazy("容积率"), "number", 10),
    SheetColumn(gettext_lazy("供电容量（kVA）"), "integer", 14),
    SheetColumn(gettext_lazy("通水"), width=6),
    SheetColumn(gettext_lazy("通气"), width=6),
    SheetColumn(gettext_lazy("通蒸汽"), width=8),
    SheetColumn(gettext_lazy("指导价（元/亩）"), "number", 16),
    *KEPT,
)
PLANT_COLUMNS = (
    SheetColumn(gettext_lazy("园区"), width=12),
    SheetColumn(gettext_lazy("楼栋"), width=20),
    SheetColumn(gettext_lazy("楼层"), width=10),
    SheetColumn(gettext_lazy("所在地块"), width=14),
    SheetColumn(gettext_lazy("用途"), width=10),
    SheetColumn(gettext_lazy("面积（㎡）"), "number", 12),
    SheetColumn(gettext_lazy("可用（㎡）"), "number", 12),
    SheetColumn(gettext_lazy("层高（米）"), "number", 10),
    SheetColumn(gettext_lazy("楼面荷载（吨/㎡）"), "number", 14),
    SheetColumn(gettext_lazy("供电容量（kVA）"), "integer", 14),
    SheetColumn(gettext_lazy("租金指导价（元/㎡·月）"), "number", 18),
    *KEPT,
)


@require_GET
def plots_workbook(request: SignedInRequest) -> HttpResponse:
    """The plots as the page filters them; the download is kept in the audit trail."""
    listed = queries.listed_plots(request.user).order_by("park", "number")
    found = PlotFilter(request.GET, queryset=listed, request=request).qs
    note_export(request, verb="site.export", rows=found)
    sheet = Sheet(name=_("地块"), columns=PLOT_COLUMNS, rows=_plots(found), freeze_columns=2)
    return workbook_response(_("地块 %(day)s.xlsx") % {"day": timezone.localdate()}, [sheet])


@require_GET
def plants_workbook(request: SignedInRequest) -> HttpResponse:
    """The plants as the page filters them; the download is kept in the audit trail."""
    listed = queries.listed_plants(request.user).order_by("park", "building", "floor")
    found = PlantFilter(request.GET, queryset=listed, request=request).qs
    note_export(request, verb="site.export", rows=found)
    sheet = Sheet(name=_("厂房"), columns=PLANT_COLUMNS, rows=_plants(found), freeze_columns=3)
    return workbook_response(_("厂房 %(day)s.xlsx") % {"day": timezone.localdate()}, [sheet])


def _plots(found: QuerySet[Any]) -> Iterator[list[Any]]:
    for row in found:
        yield [
            row.get_park_display(), row.number, row.location, row.get_use_display(), row.get_ownership_display(),
            row.area, row.free, row.plot_ratio, row.power, _yes(row.has_water), _yes(row.has_gas),
            _yes(row.has_steam), row.price, *_kept(row),
        ]  # fmt: skip


def _plants(found: QuerySet[Any]) -> Iterator[list[Any]]:
    for row in found.select_related("plot"):
        yield [
            row.get_park_display(), row.building, row.floor, row.plot.number if row.plot else "",
            row.get_use_display(), row.area, row.free, row.height, row.floor_load, row.power, row.rent, *_kept(row),
        ]  # fmt: skip


def _kept(row: Any) -> list[Any]:
    """What everybody may know of a place: that it is kept and until when, not for whom."""
    state = ReservationState(row.state_now).label if row.state_now else ""
    return [row.get_status_display(), str(state), row.held_until, row.note]


def _yes(value: bool) -> str:
    return _("是") if value else _("否")
