"""Teams founded, changed, closed and led by another, by HR."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from promotion.web.pages import attempt, done
from promotion.web.requests import SignedInRequest
from staff import actions
from staff.access import teams_visible_to
from staff.forms.team import TeamChangeForm, TeamCloseForm, TeamFoundForm, TeamLeaderForm
from staff.models import Team
from staff.views.permits import for_roster_keepers
from staff.views.person import form_page


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def team_found(request: SignedInRequest) -> HttpResponse:
    """A new team."""
    form = TeamFoundForm(request.POST or None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.found_team(actor=request.user, **form.values()))
        if made is not None:
            return done(request, _address(made), _("已成立。下一步：任命成员和队长。"))
    return form_page(request, form, _("成立团队"), reverse("staff:teams"))


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def team_change(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Another name, parent, fields or region from a day on."""
    found = _found(request, public_id)
    form = TeamChangeForm(request.POST or None, actor=request.user, team=found)
    if request.method == "POST" and form.is_valid():
        given, seen = form.values(), form.seen()
        if attempt(form, lambda: actions.change_team(actor=request.user, team=found, seen=seen, **given)):
            return done(request, _address(found), _("已变更；以前的日期仍显示原来的情况。"))
    return form_page(request, form, _("变更：%(name)s") % {"name": found.name}, _address(found))


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def team_close(request: SignedInRequest, public_id: str) -> HttpResponse:
    """No more from a day on."""
    found = _found(request, public_id)
    form = TeamCloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: actions.close_team(actor=request.user, team=found, **given)):
            return done(request, reverse("staff:teams"), _("已撤销；历史仍可按日期查看。"))
    return form_page(request, form, _("撤销：%(name)s") % {"name": found.name}, _address(found))


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def team_leader(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Another member leads from a day on."""
    found = _found(request, public_id)
    form = TeamLeaderForm(request.POST or None, team=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: actions.name_leader(actor=request.user, team=found, **given)):
            return done(request, _address(found), _("已任命队长。"))
    return form_page(request, form, _("任命队长：%(name)s") % {"name": found.name}, _address(found))


def _found(request: SignedInRequest, public_id: str) -> Team:
    return get_object_or_404(teams_visible_to(request.user).select_related("parent"), public_id=public_id)


def _address(team: Team) -> str:
    return reverse("staff:team", args=[team.public_id])
