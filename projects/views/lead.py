"""The quick lead, in the shared dialog or as a page of its own, and the warning of duplicates while it is typed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from projects.access import can_log_leads, companies_visible_to
from projects.actions import log_lead
from projects.forms.lead import MORE, LeadForm
from projects.queries import find_duplicates, next_step_day, usual_channel
from promotion.api.idempotency import once
from promotion.errors import NotAllowed
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
@once
def lead_new(request: SignedInRequest) -> HttpResponse:
    """Type a lead and save it; after saving, the project's own page."""
    if not can_log_leads(request.user):
        raise NotAllowed(_("您的角色不能记线索；请交给招商专员或队长录入。"))
    form = LeadForm(request.POST or None, initial=_prepared(request), actor=request.user)
    if request.method == "POST" and form.is_valid():
        project = attempt(form, lambda: log_lead(actor=request.user, **_given(form)))
        if project is not None:
            text = _("已记线索 %(code)s。") % {"code": project.code}
            return done(request, reverse("projects:detail", args=[project.public_id]), text)
    context = {"form": form, "more": [form[name] for name in MORE]}
    return page(
        request, "projects/lead_new.html", context, fragment="panel", status=422 if form.errors else 200
    )


@require_GET
def lead_check(request: SignedInRequest) -> HttpResponse:
    """What is already there of the typed company; with `pick`, the company's fields filled from that suggestion."""
    if pick := request.GET.get("pick", ""):
        company = companies_visible_to(request.user).filter(public_id=pick).first()
        form = LeadForm(initial=_of_company(company), actor=request.user)
        return render(request, "projects/lead_check.html#picked", {"form": form})
    name, code = request.GET.get("company_name", ""), request.GET.get("credit_code", "")
    duplicates = find_duplicates(actor=request.user, name=name, credit_code=code)
    return page(
        request, "projects/lead_check.html", {"duplicates": duplicates, "name": name}, fragment="warning"
    )


def _given(form: LeadForm) -> dict[str, Any]:
    given = dict(form.cleaned_data)
    given["country"] = given["country"] or _("中国")
    return given


def _prepared(request: SignedInRequest) -> dict[str, Any]:
    """The defaults that make a lead a matter of ten seconds."""
    prepared: dict[str, Any] = {
        "channel": usual_channel(request.user),
        "next_step": _("首次联系"),
        "next_step_on": next_step_day(),
        "capital_source": "domestic",
        "country": _("中国"),
    }
    if asked := request.GET.get("company", ""):
        prepared |= _of_company(companies_visible_to(request.user).filter(public_id=asked).first())
    return prepared


def _of_company(company: Any) -> dict[str, str]:
    return {"company_name": company.name, "credit_code": company.credit_code} if company else {}
