"""Thresholds of grades: the rules that hold and held, and the draft that waits for a second person."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi import actions
from kpi.access import grades as access
from kpi.forms.grades import GradeRuleForm
from kpi.models import GradeRule
from kpi.queries.grades import grade_rule_for, grade_rules_listed
from kpi.views.panel import form_panel
from promotion.errors import NotAllowed
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_GET
def grade_rules(request: SignedInRequest) -> HttpResponse:
    """All rules that the account sees, and what each asks for."""
    rules = list(grade_rules_listed(request.user))
    this_year = timezone.localdate().year
    context = {
        "rules": rules,
        "held": grade_rule_for(this_year),
        "year": this_year,
        "may_draft": access.can_keep_grades(request.user),
        "may_release": access.can_release_grades(request.user),
    }
    return page(request, "kpi/grade_rules.html", context)


@require_http_methods(["GET", "POST"])
def grade_rule_new(request: SignedInRequest) -> HttpResponse:
    """Draft thresholds."""
    return _written(request, None)


@require_http_methods(["GET", "POST"])
def grade_rule_change(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Write a waiting draft anew."""
    return _written(request, _visible(request, public_id))


def _written(request: SignedInRequest, rule: GradeRule | None) -> HttpResponse:
    if not access.can_keep_grades(request.user):
        raise NotAllowed(_("职级评定办法由人事起草。"))
    year = timezone.localdate().year
    fresh = {
        "title": _("职级评定办法"),
        "holds_from": year,
        "measure": "score",
        "most_up": 1,
        "most_down": 1,
        "needs_gates": True,
    }
    form = GradeRuleForm(request.POST or None, initial=GradeRuleForm.initial_of(rule) if rule else fresh)
    back = reverse("kpi:grade-rules")
    if request.method == "POST" and form.is_valid():
        terms = form.terms()
        if attempt(form, lambda: actions.draft_grade_rule(actor=request.user, terms=terms, rule=rule)):
            return done(request, back, _("草稿已保存，请分管领导或另一位人事发布。"))
    return form_panel(request, form, _("起草职级评定办法"), back, label=_("保存草稿"))


@require_POST
def grade_rule_release(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Publish a draft."""
    actions.release_grade_rule(actor=request.user, rule=_visible(request, public_id))
    return done(request, reverse("kpi:grade-rules"), _("已发布，全体可见。"))


@require_POST
def grade_rule_drop(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Throw a draft away."""
    actions.drop_grade_rule(actor=request.user, rule=_visible(request, public_id))
    return done(request, reverse("kpi:grade-rules"), _("草稿已删除。"))


def _visible(request: SignedInRequest, public_id: str) -> GradeRule:
    return get_object_or_404(access.grade_rules_visible_to(request.user), public_id=public_id)
