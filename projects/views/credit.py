"""Settling the shares of a project."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects import access
from projects.actions import share_credit
from projects.forms.project import ShareDayForm, ShareFormSet
from projects.queries.project import open_shares, visible_project
from promotion.errors import NotAllowed
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.access import people_visible_to

SPARE_LINES = 3


@require_http_methods(["GET", "POST"])
def shares(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The lines of shares with their sum while typing; the action holds them to exactly 100 %."""
    project = visible_project(request.user, public_id)
    if not access.can_share_credit(request.user, project):
        raise NotAllowed(_("份额由本团队队长或分管领导核定；请把分配意见告诉他们。"))
    held = [
        {"person": one.person.public_id, "role": one.role, "percent": f"{one.percent.normalize():f}"}
        for one in open_shares(project)
    ]
    people = people_visible_to(request.user).filter(left_on=None)
    lines = ShareFormSet(request.POST or None, initial=[*held, *([{}] * SPARE_LINES)], people=people)
    form = ShareDayForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and lines.is_valid() and form.is_valid():
        written = attempt(
            form,
            lambda: share_credit(
                actor=request.user, project=project, shares=lines.shares(), **form.cleaned_data
            ),
        )
        if written:
            url = f"{reverse('projects:detail', args=[public_id])}?tab=team"
            return done(request, url, _("份额已保存。"))
    wrong = bool(form.errors or lines.total_error_count()) if request.method == "POST" else False
    context = {"project": project, "form": form, "lines": lines}
    return page(
        request, "projects/project_shares.html", context, fragment="panel", status=422 if wrong else 200
    )
