"""What a class of projects needs before a milestone, as managers and administrators settle it; everybody may read it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects.access.reviews import can_configure_gates
from projects.actions.gate_rules import (
    add_topic,
    permit_configuring,
    retire_topic,
    settle_criterion,
    settle_review_rule,
)
from projects.actions.gates import adopt_gate_defaults, lift_gate, require_gate
from projects.forms.gate import (
    CriterionForm,
    LiftForm,
    RequireForm,
    RetireTopicForm,
    ReviewRuleForm,
    TopicForm,
)
from projects.models import ChecklistTopic, GateRequirement
from projects.queries.gate_config import configuration
from projects.views.gate_panel import panel, posted
from promotion.errors import NotFound
from promotion.web.pages import done, page
from promotion.web.requests import SignedInRequest

SETTLED: dict[str, tuple[Any, Any, Any, Any]] = {
    "requirement": (
        gettext_lazy("要求前置关口"),
        RequireForm,
        require_gate,
        gettext_lazy("已要求这一关口。"),
    ),
    "criterion": (
        gettext_lazy("设定准入标准"),
        CriterionForm,
        settle_criterion,
        gettext_lazy("准入标准已设定。"),
    ),
    "review-rule": (
        gettext_lazy("设定会签规则"),
        ReviewRuleForm,
        settle_review_rule,
        gettext_lazy("会签规则已设定。"),
    ),
    "topic": (gettext_lazy("新增清单事项"), TopicForm, add_topic, gettext_lazy("已加入清单。")),
}


def _here() -> str:
    return reverse("projects:gates")


@require_GET
def gates(request: SignedInRequest) -> HttpResponse:
    """All of the configuration as it holds today."""
    context = {**configuration(), "may_settle": can_configure_gates(request.user)}
    return page(request, "projects/gates.html", context)


@require_POST
def gates_adopt(request: SignedInRequest) -> HttpResponse:
    """Write the suggested configuration, once."""
    adopt_gate_defaults(actor=request.user)
    return done(request, _here(), _("已采用建议配置，从今天起执行；可以逐条修改。"))


@require_http_methods(["GET", "POST"])
def gate_settle(request: SignedInRequest, part: str) -> HttpResponse:
    """A new line of one part of the configuration, from a day on."""
    permit_configuring(request.user)
    if part not in SETTLED:
        raise NotFound(_("没有这个操作。"))
    title, form_class, perform, said = SETTLED[part]
    given = request.GET.dict() if request.method == "GET" else {}
    return panel(
        request,
        form_class(posted(request), initial=given),
        title=title,
        back=_here(),
        said=said,
        perform=lambda given: perform(actor=request.user, **given),
    )


@require_http_methods(["GET", "POST"])
def gate_lift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop asking for a gate from a day on."""
    permit_configuring(request.user)
    found = get_object_or_404(GateRequirement, pk=pk, holds_until=None)
    return panel(
        request,
        LiftForm(posted(request)),
        title=_("停止要求：%(gate)s") % {"gate": found},
        back=_here(),
        said=_("已停止要求。"),
        perform=lambda given: lift_gate(actor=request.user, requirement=found, **given),
    )


@require_http_methods(["GET", "POST"])
def topic_retire(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leave a line out of the lists that are opened from a day on."""
    permit_configuring(request.user)
    found = get_object_or_404(ChecklistTopic, pk=pk, holds_until=None)
    return panel(
        request,
        RetireTopicForm(posted(request)),
        title=_("停用：%(topic)s") % {"topic": found},
        back=_here(),
        said=_("已停用。"),
        perform=lambda given: retire_topic(actor=request.user, topic=found, **given),
    )
