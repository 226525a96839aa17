"""Liaison offices in a year: people, what they brought, and how far they are with their targets."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from kpi import access
from kpi.queries.offices import offices_of
from kpi.queries.run import assessed_years
from kpi.views.score import asked_year
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest


@require_GET
def offices(request: SignedInRequest) -> HttpResponse:
    """The offices that one may look into, the furthest with its targets first."""
    year = asked_year(request)
    run, found = offices_of(request.user, year)
    context = {
        "year": year,
        "years": assessed_years(),
        "run": run,
        "offices": found,
        "can_set_targets": access.can_set_targets(request.user),
        "targets_url": f"{reverse('kpi:targets')}?year={year}",
    }
    return page(request, "kpi/offices.html", context)
