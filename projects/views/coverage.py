"""覆盖矩阵: industry by region with the teams of a day."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from projects.exports.coverage import coverage_sheet
from projects.queries.coverage import coverage_on
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import workbook_response
from staff.views.team import asked_day


@require_GET
def coverage(request: SignedInRequest) -> HttpResponse:
    """The matrix of the day asked for, as a page or as a workbook."""
    form, day = asked_day(request)
    matrix = coverage_on(request.user, day)
    if request.GET.get("form") == "xlsx":
        return workbook_response(f"{_('覆盖矩阵')}-{day:%Y%m%d}.xlsx", [coverage_sheet(matrix)])
    is_today = day == timezone.localdate()
    context = {
        "form": form,
        "day": day,
        "is_today": is_today,
        "matrix": matrix,
        "day_query": "" if is_today else f"?on={day.isoformat()}",
        "export_query": f"?form=xlsx&on={day.isoformat()}",
    }
    return page(request, "projects/coverage.html", context)
