"""An officer's trial (试算): what each open thing would add, and what several together, or an assumption, would do."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kpi.forms import AssumptionForm
from kpi.queries.steps import own_projects
from kpi.queries.what_if import WhatIf, what_if
from kpi.views.score import asked_year
from promotion.web.pages import attempt, page
from promotion.web.requests import SignedInRequest


@require_GET
def what_if_page(request: SignedInRequest) -> HttpResponse:
    """Everything is in the address, so that a trial can be kept and sent; nothing is written."""
    year, chosen, assumed = asked_year(request), request.GET.getlist("step"), request.GET.getlist("assume")
    form, more = typed(request)
    found = None
    if more:
        found = attempt(form, lambda: tried(request, year, chosen, [*assumed, more]))
    if found is not None:
        form = blank(request)
    else:
        found = tried(request, year, chosen, assumed)
    context = {
        "found": found,
        "form": form,
        "keeps_form": "add" not in request.GET,
        "title": _("试算 · %(year)s 年度") % {"year": year},
        "address": reverse("kpi:what-if"),
    }
    return page(request, "kpi/what_if.html", context, fragment="body", status=422 if form.errors else 200)


def tried(request: SignedInRequest, year: int, chosen: list[str], assumed: list[str]) -> WhatIf:
    return what_if(request.user, year, timezone.localdate(), chosen, assumed)


def typed(request: SignedInRequest) -> tuple[AssumptionForm, str]:
    """The form with what is being typed, and the assumption's text when it is to be added and well formed."""
    if "add" not in request.GET:
        return blank(request), ""
    form = AssumptionForm(request.GET, projects=choices(request))
    return form, form.assumption().text if form.is_valid() else ""


def blank(request: SignedInRequest) -> AssumptionForm:
    """The form to be filled; while a step is ticked, what was typed into it stays."""
    names = () if "add" in request.GET else AssumptionForm.base_fields
    initial = {name: request.GET[name] for name in names if request.GET.get(name)}
    return AssumptionForm(initial=initial, projects=choices(request))


def choices(request: SignedInRequest) -> Any:
    return own_projects(request.user, timezone.localdate()).order_by("-changed_at")
