"""Units outside the house that a scheme assesses: entered, listed, and ended."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kpi.forms import UnitCloseForm, UnitForm
from kpi.queries.unit import unit_kinds, units_visible_to
from promotion.errors import NotAllowed
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff import actions as staff_actions
from staff.access import can_change_roster


@require_GET
def units(request: SignedInRequest) -> HttpResponse:
    """All units with what they are assessed as; those that ended come last."""
    context = {
        "units": units_visible_to(request.user),
        "kinds": unit_kinds(),
        "can_change": can_change_roster(request.user),
    }
    return page(request, "kpi/units.html", context)


@require_http_methods(["GET", "POST"])
def unit_new(request: SignedInRequest) -> HttpResponse:
    """Enter a unit under the word by which schemes call its kind."""
    need_permission(request)
    form = UnitForm(unit_kinds(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        made = attempt(form, lambda: staff_actions.found_team(actor=request.user, kind="unit", **fields))
        if made is not None:
            return done(request, reverse("kpi:units"), _("已登记“%(name)s”。") % {"name": made.name})
    context = {"form": form, "title": _("登记参评单位"), "label": _("登记"), "note": ""}
    return page(request, "kpi/unit_form.html", context, fragment="panel", status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def unit_close(request: SignedInRequest, public_id: str) -> HttpResponse:
    """End a unit's assessment from a day on."""
    need_permission(request)
    unit = get_object_or_404(units_visible_to(request.user), public_id=public_id)
    form = UnitCloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["on"]
        if attempt(form, lambda: staff_actions.close_unit(actor=request.user, unit=unit, on=day)) is not None:
            return done(request, reverse("kpi:units"), _("“%(name)s”终止参评。") % {"name": unit.name})
    note = _("这一天起不再参评；以前的结果和录入不变。")
    context = {"form": form, "title": _("终止参评"), "detail": unit.name, "label": _("终止"), "note": note}
    return page(request, "kpi/unit_form.html", context, fragment="panel", status=422 if form.errors else 200)


def need_permission(request: SignedInRequest) -> None:
    if not can_change_roster(request.user):
        raise NotAllowed(_("只有人事和系统管理员可以登记参评单位。"))
