"""Standings at the end of quarters and half-years side by side, and the run for an end that has none."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from kpi import access
from kpi.queries.period_standings import period_ends, period_rows
from kpi.queries.run import assessed_years
from kpi.queries.standing import groups_of
from kpi.views.score import asked_year
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest


@require_GET
def period_standings(request: SignedInRequest) -> HttpResponse:
    """One row a subject, one column an end, with the way from column to column."""
    year = asked_year(request)
    ends = period_ends(year, timezone.localdate())
    newest = next((end.run for end in reversed(ends) if end.run), None)
    groups = groups_of(newest) if newest else []
    codes = [group.code for group in groups]
    group = request.GET.get("group", "")
    group = group if group in codes else (codes[0] if codes else "")
    address = reverse("kpi:period-standings")
    context = {
        "year": year,
        "years": assessed_years(),
        "ends": ends,
        "rows": period_rows(request.user, ends, group) if group else [],
        "groups": [
            {
                "label": one.title,
                "url": f"{address}?year={year}&group={one.code}",
                "active": one.code == group,
            }
            for one in groups
        ],
        "can_calculate": access.can_start_run(request.user),
    }
    return page(request, "kpi/period_standings.html", context, fragment="body")
