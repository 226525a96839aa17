"""Admission of a project: the tab of the record, one application, and the panels that apply and decide."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from projects.access import can_change
from projects.access.reviews import can_close_condition, can_decide_gates
from projects.actions.admission import apply_for_admission, decide_admission, permit_decision
from projects.actions.conditions import close_condition
from projects.actions.moves import permit_change
from projects.forms.achievement import in_wan
from projects.forms.gate import ApplyForm, DecideAdmissionForm
from projects.forms.review import CloseConditionForm
from projects.models import AdmissionApplication, AdmissionDecision, Project
from projects.queries.admission import (
    DECISION_TONES,
    admission_tab,
    judged_on,
    visible_admission,
)
from projects.queries.project import visible_project
from projects.views.gate_panel import panel, posted
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest
from staff.models import Account


def tab_url(project: Project) -> str:
    return f"{reverse('projects:detail', args=[project.public_id])}?tab=admission"


def address_of(application: AdmissionApplication) -> str:
    return reverse("projects:admission", args=[application.public_id])


def tab_context(actor: Account, project: Project) -> dict[str, Any]:
    """The tab of the record, with what the reader may do there."""
    return {**admission_tab(project), "may_work": can_change(actor, project)}


@require_GET
def admission(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One application: the figures against the criteria of its day, the decision, its conditions."""
    found = visible_admission(request.user, public_id)
    decision = AdmissionDecision(found.decision)
    may_decide = not found.decision and can_decide_gates(request.user)
    conditions = [(each, can_close_condition(request.user, each)) for each in found.conditions.all()]
    context = {
        "application": found,
        "project": found.project,
        "marks": [(decision.label, DECISION_TONES[decision])],
        "criteria": judged_on(found),
        "conditions": conditions,
        "may_decide": may_decide and found.submitted_by_id != request.user.pk,
        "waits_for_other": may_decide and found.submitted_by_id == request.user.pk,
    }
    return page(request, "projects/admission_detail.html", context)


@require_http_methods(["GET", "POST"])
def admission_new(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Apply for admission with what the investor states."""
    project = visible_project(request.user, public_id)
    permit_change(request.user, project)
    start = {"investment": in_wan(project.planned_investment)}
    return panel(
        request,
        ApplyForm(posted(request), initial=start),
        title=_("申请准入"),
        back=tab_url(project),
        said=_("准入申请已提交，待分管领导决定。"),
        perform=lambda given: apply_for_admission(actor=request.user, project=project, **given),
        project=project,
        template="projects/admission_form.html",
    )


@require_http_methods(["GET", "POST"])
def admission_decide(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The decision of a manager who did not apply."""
    found = visible_admission(request.user, public_id)
    permit_decision(request.user, found)
    return panel(
        request,
        DecideAdmissionForm(posted(request), initial={"seen": found.version, "on": timezone.localdate()}),
        title=_("决定准入"),
        back=address_of(found),
        said=_("准入决定已保存。"),
        perform=lambda given: decide_admission(actor=request.user, application=found, **given),
        project=found.project,
        template="projects/admission_decide.html",
    )


@require_http_methods(["GET", "POST"])
def admission_condition(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """Close a condition of an admission with its evidence."""
    found = visible_admission(request.user, public_id)
    condition = get_object_or_404(found.conditions, pk=pk)
    return panel(
        request,
        CloseConditionForm(posted(request), request.FILES or None),
        title=_("条件销号"),
        back=address_of(found),
        said=_("条件已销号。"),
        perform=lambda given: close_condition(actor=request.user, condition=condition, **given),
        project=found.project,
    )
