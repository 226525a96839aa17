"""停滞标准: after how many working days a project of a stage and class counts as stalled; everybody may read it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects import access
from projects.actions.ageing import drop_ageing_rule, settle_ageing
from projects.forms.ageing import AgeingRuleForm
from projects.models import AgeingRule, ProjectClass
from projects.queries.ageing import ageing_table
from promotion.errors import NotAllowed
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def ageing_rules(request: SignedInRequest) -> HttpResponse:
    """What holds today by stage and class, what was settled, and the form for whoever may settle it."""
    can_set = access.can_set_ageing(request.user)
    if request.method == "POST" and not can_set:
        raise NotAllowed(_("停滞标准由分管领导或系统管理员设定；请把建议告诉他们。"))
    form = AgeingRuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: settle_ageing(actor=request.user, **given)):
            return done(request, reverse("projects:ageing-rules"), _("停滞标准已设定。"))
    context = {
        "table": ageing_table(timezone.localdate()),
        "classes": ProjectClass.choices,
        "rules": AgeingRule.objects.select_related("set_by").order_by(
            "-holds_from", "stage", "project_class"
        ),
        "form": form if can_set else None,
    }
    return page(request, "projects/ageing_rules.html", context, status=422 if form.errors else 200)


@require_POST
def ageing_rule_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a rule back."""
    drop_ageing_rule(actor=request.user, rule=get_object_or_404(AgeingRule, pk=pk))
    return done(request, reverse("projects:ageing-rules"), _("已撤销，按之前的停滞标准计算。"))
