"""The checklists of evidence: everybody reads them, managers and HR keep them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from projects import actions
from projects.access import can_keep_checklist
from projects.forms.evidence import RequirementChangeForm, RequirementEndForm, RequirementForm
from projects.models import AchievementKind, EvidenceRequirement
from projects.queries.evidence import listed_requirements, requirements_by_kind
from promotion.errors import NotAllowed
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_GET
def requirements(request: SignedInRequest) -> HttpResponse:
    """What each kind of achievement is proved by today; `ended=1` shows the lines that held before too."""
    ended, today = request.GET.get("ended") == "1", timezone.localdate()
    context = {
        "groups": requirements_by_kind(today, ended=ended),
        "ended": ended,
        "today": today,
        "may_keep": can_keep_checklist(request.user),
    }
    return page(request, "projects/evidence_list.html", context)


@require_http_methods(["GET", "POST"])
def requirement_new(request: SignedInRequest) -> HttpResponse:
    """Ask for one more paper."""
    _permit(request)
    asked = request.GET.get("kind", "")
    initial = {"kind": asked} if asked in AchievementKind.values else {}
    form = RequirementForm(request.POST or None, initial=initial)
    title = _("新增佐证要求")
    return _kept(request, form, title, _("佐证要求已保存。"), lambda: _added(request, form))


def _added(request: SignedInRequest, form: RequirementForm) -> Any:
    return actions.add_evidence_requirement(actor=request.user, **form.cleaned_data)


@require_http_methods(["GET", "POST"])
def requirement_change(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask for it more or less strictly from a day on."""
    _permit(request)
    line = get_object_or_404(listed_requirements(), public_id=public_id)
    form = RequirementChangeForm(request.POST or None, requirement=line)
    change = lambda: actions.change_evidence_requirement(  # noqa: E731 the one call that attempt makes
        actor=request.user, requirement=line, **form.cleaned_data
    )
    return _kept(request, form, _("修改佐证要求"), _("佐证要求已修改。"), change, line)


@require_http_methods(["GET", "POST"])
def requirement_end(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask for it no longer from a day on."""
    _permit(request)
    line = get_object_or_404(listed_requirements(), public_id=public_id)
    form = RequirementEndForm(request.POST or None, requirement=line)
    end = lambda: actions.end_evidence_requirement(  # noqa: E731 the one call that attempt makes
        actor=request.user, requirement=line, **form.cleaned_data
    )
    return _kept(request, form, _("停止佐证要求"), _("佐证要求已停止。"), end, line)


def _permit(request: SignedInRequest) -> None:
    """The page is not even shown to those who do not keep the checklist; the action asks again."""
    if not can_keep_checklist(request.user):
        raise NotAllowed(_("佐证清单由分管领导和人事维护；需要调整请把依据告诉他们。"))


def _kept(
    request: SignedInRequest,
    form: Any,
    title: str,
    said: str,
    perform: Any,
    line: EvidenceRequirement | None = None,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and attempt(form, perform) is not None:
        return done(request, reverse("projects:evidence-requirements"), said)
    context = {"form": form, "title": title, "line": line}
    return page(
        request, "projects/evidence_form.html", context, fragment="panel", status=422 if form.errors else 200
    )
