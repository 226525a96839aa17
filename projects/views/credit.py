"""Settling the shares of a project, and correcting them over facts that are credited already."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects import access
from projects.actions import correct_shares, share_credit
from projects.forms.credit import SettlementForm, ShareFormSet
from projects.models import Project
from projects.queries.credit import settlement_of
from projects.queries.project import visible_project
from promotion.errors import NotAllowed
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.access import people_visible_to

SPARE_LINES = 3


@require_http_methods(["GET", "POST"])
def shares(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The weights and the lines of shares with their sums while typing; the action holds them to exactly 100 %."""
    project = visible_project(request.user, public_id)
    if not access.can_share_credit(request.user, project):
        raise NotAllowed(_("份额由本团队队长或分管领导核定；请把分配意见告诉他们。"))
    return _settled(request, project, correcting=False)


@require_http_methods(["GET", "POST"])
def correction(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The same over facts that are credited already: managers only, with a reason; the ledger reverses and posts anew."""
    project = visible_project(request.user, public_id)
    if not access.can_correct_shares(request.user, project):
        raise NotAllowed(_("已经计过业绩的份额只能由分管领导更正；请把理由告诉他们。"))
    return _settled(request, project, correcting=True)


def _settled(request: SignedInRequest, project: Project, *, correcting: bool) -> HttpResponse:
    held = settlement_of(project)
    people = people_visible_to(request.user).filter(left_on=None)
    data = request.POST or None
    lines = ShareFormSet(data, initial=[*held.lines, *([{}] * SPARE_LINES)], people=people)
    day = project.reported_on if correcting else timezone.localdate()
    form = SettlementForm(
        data, correcting=correcting, initial={"on": day, "seen": held.number, **held.weights}
    )
    if request.method == "POST" and lines.is_valid() and form.is_valid():
        settle: Any = correct_shares if correcting else share_credit
        written = attempt(
            form,
            lambda: settle(actor=request.user, project=project, shares=lines.shares(), **form.settlement()),
        )
        if written:
            url = f"{reverse('projects:detail', args=[project.public_id])}?tab=team"
            return done(request, url, _("份额已更正。") if correcting else _("份额已保存。"))
    wrong = bool(form.errors or lines.total_error_count()) if request.method == "POST" else False
    context = {
        "project": project,
        "form": form,
        "lines": lines,
        "correcting": correcting,
        "facts": held.facts,
        "can_correct": not correcting and access.can_correct_shares(request.user, project),
    }
    return page(
        request, "projects/project_shares.html", context, fragment="panel", status=422 if wrong else 200
    )
