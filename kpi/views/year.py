"""The year of assessment at a glance: what comes in which order and how far it is."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from kpi.queries.course import course_of
from kpi.queries.run import assessed_years
from kpi.views.score import asked_year
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest


@require_GET
def year(request: SignedInRequest) -> HttpResponse:
    """The steps of the year, each with the page where it is done."""
    chosen = asked_year(request)
    context = {"year": chosen, "years": assessed_years(), "steps": course_of(request.user, chosen)}
    return page(request, "kpi/year.html", context)
