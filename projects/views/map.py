"""The map of projects beside the board and the list: by park, and by the investor's home."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from projects.queries.clock import clock_book
from projects.queries.map import home_squares, park_plans, project_totals
from projects.views.board import chips, narrowed
from projects.workflow import Stage
from promotion.web.lists import ListPage
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest


@require_GET
def park_map(request: SignedInRequest) -> HttpResponse:
    """The plots of both parks with the projects on them; a click leads to the plot or the project."""
    listing = narrowed(request, "projects:map")
    if default := listing.default_url:
        return HttpResponseRedirect(default)
    plans = [
        replace(plan, url=list_with(request, park=plan.park))
        for plan in park_plans(request.user, listing.filtered)
    ]
    drawn = [plan for plan in plans if plan.shapes]
    return _answer(request, listing, {"by": "parks", "plans": plans, "drawn": drawn})


@require_GET
def home_map(request: SignedInRequest) -> HttpResponse:
    """The provinces as squares and the countries in a row; a click leads to the list of that home."""
    listing = narrowed(request, "projects:map-homes")
    if default := listing.default_url:
        return HttpResponseRedirect(default)
    provinces, countries = (
        [replace(square, url=list_with(request, home=square.home)) for square in squares]
        for squares in home_squares(listing.filtered)
    )
    squares = [square for square in (*provinces, *countries) if square.count]
    ranked = sorted(squares, key=lambda square: (-square.amount, -square.count))
    context = {"by": "homes", "provinces": provinces, "countries": countries, "ranked": ranked}
    return _answer(request, listing, context)


def list_with(request: SignedInRequest, **filters: str) -> str:
    """The list of projects with the filters of this address and one more."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in filters.items():
        query[name] = value
    return f"{reverse('projects:list')}?{query.urlencode()}"


def _answer(request: SignedInRequest, listing: ListPage, context: dict[str, Any]) -> HttpResponse:
    query = listing.query
    switch = [
        {
            "label": label,
            "url": f"{reverse(name)}{'?' + query if query else ''}",
            "active": key == context["by"],
        }
        for key, name, label in (
            ("parks", "projects:map", _("按园区")),
            ("homes", "projects:map-homes", _("按投资方所在地")),
        )
    ]
    shared = {
        "listing": listing,
        "query": query,
        "switch": switch,
        "stages": list(Stage),
        **project_totals(listing.filtered),
        **chips(request, listing, clock_book()),
    }
    return page(request, "projects/map.html", {**shared, **context}, fragment="region")
