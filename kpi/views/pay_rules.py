"""Scales and rules of pay: what holds and held, and the drafts that wait for a second person."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi import actions
from kpi.access import pay as access
from kpi.forms.pay import PayRuleForm, PayScaleForm
from kpi.models import PayRule, PayScale
from kpi.queries.pay_rules import pay_rule_for, pay_rules_listed, scale_for, scales_listed
from kpi.views.panel import form_panel
from promotion.errors import NotAllowed
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_GET
def pay_rules(request: SignedInRequest) -> HttpResponse:
    """The scales, for those who answer for the bill, and how a score becomes pay, for everybody."""
    today = timezone.localdate()
    context = {
        "sees_scales": access.sees_pay_totals(request.user),
        "scales": list(scales_listed(request.user)),
        "rules": list(pay_rules_listed(request.user)),
        "scale": scale_for(today),
        "rule": pay_rule_for(today.year),
        "may_draft": access.can_keep_pay(request.user),
        "may_release": access.can_confirm_pay(request.user),
        "year": today.year,
    }
    return page(request, "kpi/pay_rules.html", context)


def _need_drafter(request: SignedInRequest) -> None:
    if not access.can_keep_pay(request.user):
        raise NotAllowed(_("薪酬标准和考核薪酬办法由人事起草。"))


@require_http_methods(["GET", "POST"])
def pay_scale_new(request: SignedInRequest) -> HttpResponse:
    """Draft a scale."""
    return _scale_written(request, None)


@require_http_methods(["GET", "POST"])
def pay_scale_change(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Write a waiting draft anew."""
    return _scale_written(request, _scale(request, public_id))


def _scale_written(request: SignedInRequest, scale: PayScale | None) -> HttpResponse:
    _need_drafter(request)
    form = PayScaleForm(request.POST or None, scale=scale)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        if attempt(form, lambda: actions.draft_pay_scale(actor=request.user, scale=scale, **values)):
            return done(request, reverse("kpi:pay-rules"), _("草稿已保存，请分管领导或另一位人事发布。"))
    return form_panel(request, form, _("起草薪酬标准"), reverse("kpi:pay-rules"), label=_("保存草稿"))


@require_POST
def pay_scale_release(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Release a scale."""
    actions.release_pay_scale(actor=request.user, scale=_scale(request, public_id))
    return done(request, reverse("kpi:pay-rules"), _("薪酬标准已发布。"))


@require_POST
def pay_scale_drop(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Throw a draft away."""
    actions.drop_pay_scale(actor=request.user, scale=_scale(request, public_id))
    return done(request, reverse("kpi:pay-rules"), _("草稿已删除。"))


@require_http_methods(["GET", "POST"])
def pay_rule_new(request: SignedInRequest) -> HttpResponse:
    """Draft a rule."""
    return _rule_written(request, None)


@require_http_methods(["GET", "POST"])
def pay_rule_change(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Write a waiting draft anew."""
    return _rule_written(request, _rule(request, public_id))


def _rule_written(request: SignedInRequest, rule: PayRule | None) -> HttpResponse:
    _need_drafter(request)
    form = PayRuleForm(request.POST or None, rule=rule)
    if request.method == "POST" and form.is_valid():
        terms = form.terms()
        if attempt(form, lambda: actions.draft_pay_rule(actor=request.user, terms=terms, rule=rule)):
            return done(request, reverse("kpi:pay-rules"), _("草稿已保存，请分管领导或另一位人事发布。"))
    return form_panel(request, form, _("起草考核薪酬办法"), reverse("kpi:pay-rules"), label=_("保存草稿"))


@require_POST
def pay_rule_release(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Release a rule."""
    actions.release_pay_rule(actor=request.user, rule=_rule(request, public_id))
    return done(request, reverse("kpi:pay-rules"), _("已发布，全体可见。"))


@require_POST
def pay_rule_drop(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Throw a draft away."""
    actions.drop_pay_rule(actor=request.user, rule=_rule(request, public_id))
    return done(request, reverse("kpi:pay-rules"), _("草稿已删除。"))


def _scale(request: SignedInRequest, public_id: str) -> PayScale:
    return get_object_or_404(access.pay_scales_visible_to(request.user), public_id=public_id)


def _rule(request: SignedInRequest, public_id: str) -> PayRule:
    return get_object_or_404(access.pay_rules_visible_to(request.user), public_id=public_id)
