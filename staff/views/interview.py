"""Panels and sessions: set, planned, moved and closed; the schedule as everybody concerned sees it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.errors import NotAllowed
from promotion.models import ImportBatch
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.access.competition import can_run_competitions
from staff.access.interview import can_close, can_plan_interviews, is_on_panel, panels_visible_to
from staff.access.paper_sheet import can_type_scores, score_imports_visible_to
from staff.actions.interview import (
    close_session,
    drop_session,
    mark_absent,
    move_session,
    plan_session,
    score_competition,
)
from staff.actions.interview_order import order_session
from staff.actions.panel import recuse, set_panel
from staff.actions.sheet import excuse_sheet
from staff.exports.interview import interview_calendar
from staff.forms.interview import ExcuseForm, MoveSessionForm, OrderForm, PanelForm, RecusalForm, SessionForm
from staff.models import (
    Competition,
    CompetitionState,
    InterviewSession,
    Panelist,
    Recusal,
    ScoreSheet,
    SessionState,
)
from staff.queries.competition import visible_competition
from staff.queries.interview import (
    judged_listed,
    own_interviews,
    progress_of,
    sessions_of,
    visible_interview,
    visible_session,
)
from staff.views.competition import panel


def schedule_url(competition: Competition) -> str:
    """The schedule of the round."""
    return reverse("staff:interviews", args=[competition.public_id])


def session_url(session: InterviewSession) -> str:
    """The page of the session."""
    return reverse("staff:interview-session", args=[session.public_id])


@require_GET
def interviews(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The panel with its recusals, and the sessions of a round."""
    found = visible_competition(request.user, public_id)
    members = panels_visible_to(request.user).filter(competition=found).select_related("account")
    plans = can_plan_interviews(request.user) and found.state in (
        CompetitionState.ANNOUNCED,
        CompetitionState.INTERVIEWING,
    )
    recusals = Recusal.objects.filter(panelist__in=members).select_related(
        "panelist__account", "application__person", "declared_by"
    )
    context = {
        "competition": found,
        "members": members,
        "recusals": recusals,
        "sessions": sessions_of(request.user, found),
        "may_plan": plans,
        "may_recuse": plans or is_on_panel(request.user, found),
        "may_score": plans and found.state == CompetitionState.INTERVIEWING,
        "back_url": reverse("staff:competition", args=[found.public_id]),
    }
    return page(request, "staff/interviews.html", context)


@require_http_methods(["GET", "POST"])
def interview_panel(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say who judges."""
    found = visible_competition(request.user, public_id)
    if not can_plan_interviews(request.user):
        raise NotAllowed(_("考核组由人事组成。"))
    form = PanelForm(request.POST or None, competition=found)
    if request.method == "POST" and form.is_valid():
        kept = attempt(form, lambda: set_panel(actor=request.user, competition=found, **form.cleaned_data))
        if kept is not None:
            return done(request, schedule_url(found), _("考核组已保存。"))
    return panel(request, form, gettext_lazy("组成考核组"), schedule_url(found), about=found.name)


@require_http_methods(["GET", "POST"])
def interview_recuse(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Let a judge stand back from a candidate."""
    found = visible_competition(request.user, public_id)
    runs = can_run_competitions(request.user)
    own = Panelist.objects.filter(competition=found, account=request.user).first()
    if not runs and own is None:
        raise NotAllowed(_("回避由评委本人提出，或由人事登记。"))
    form = RecusalForm(request.POST or None, competition=found, own=None if runs else own)
    if request.method == "POST" and form.is_valid():
        kept = attempt(form, lambda: recuse(actor=request.user, **form.cleaned_data))
        if kept is not None:
            return done(request, schedule_url(found), _("回避已登记。"))
    return panel(request, form, gettext_lazy("登记回避"), schedule_url(found), about=found.name)


@require_http_methods(["GET", "POST"])
def interview_plan(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Plan a session."""
    found = visible_competition(request.user, public_id)
    if not can_plan_interviews(request.user):
        raise NotAllowed(_("面试由人事安排。"))
    form = SessionForm(request.POST or None, competition=found)
    if request.method == "POST" and form.is_valid():
        kept = attempt(form, lambda: plan_session(actor=request.user, competition=found, **form.cleaned_data))
        if kept is not None:
            return done(request, session_url(kept), _("场次已安排，已通知评委和报名人。"))
    return panel(request, form, gettext_lazy("安排面试场次"), schedule_url(found), about=found.name)


@require_POST
def competition_score(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say that the interviews are over."""
    found = visible_competition(request.user, public_id)
    score_competition(actor=request.user, competition=found)
    return done(request, reverse("staff:competition-ranking", args=[public_id]), _("计分已汇总。"))


@require_GET
def session(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One session: its order, and for those who close it how many sheets are complete; never a figure."""
    found = visible_session(request.user, public_id)
    closes = can_close(request.user, found) and found.state == SessionState.PLANNED
    begun = ScoreSheet.objects.filter(interview__session=found).exists()
    context = {
        "session": found,
        "competition": found.competition,
        "begun": begun,
        "progress": progress_of(found) if can_close(request.user, found) else [],
        "may_close": closes,
        "may_move": closes and can_plan_interviews(request.user),
        "may_type": found.state == SessionState.PLANNED and can_type_scores(request.user, found),
        "typed": score_imports_visible_to(request.user, found)
        .filter(state=ImportBatch.State.PREVIEWED)
        .select_related("created_by"),
        "back_url": schedule_url(found.competition),
    }
    return page(request, "staff/interview_session.html", context)


@require_http_methods(["GET", "POST"])
def session_move(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Another room or time."""
    found = visible_session(request.user, public_id)
    if not can_plan_interviews(request.user):
        raise NotAllowed(_("面试由人事安排。"))
    form = MoveSessionForm(request.POST or None, session=found)
    if request.method == "POST" and form.is_valid():
        moved = attempt(form, lambda: move_session(actor=request.user, session=found, **form.cleaned_data))
        if moved is not None:
            return done(request, session_url(moved), _("场次已调整，已通知评委和报名人。"))
    return panel(request, form, gettext_lazy("调整面试场次"), session_url(found), about=str(found))


@require_http_methods(["GET", "POST"])
def session_order(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Another order, by hand."""
    found = visible_session(request.user, public_id)
    if not can_plan_interviews(request.user):
        raise NotAllowed(_("面试由人事安排。"))
    form = OrderForm(request.POST or None, session=found)
    if request.method == "POST" and form.is_valid():
        ordered = attempt(form, lambda: order_session(actor=request.user, session=found, **form.values()))
        if ordered is not None:
            return done(request, session_url(ordered), _("顺序已调整，已通知评委和报名人。"))
    return panel(request, form, gettext_lazy("调整面试顺序"), session_url(found), about=str(found))


@require_POST
def session_drop(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take a session away."""
    found = visible_session(request.user, public_id)
    drop_session(actor=request.user, session=found)
    return done(request, schedule_url(found.competition), _("场次已取消。"))


@require_POST
def session_close(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Close a session."""
    found = visible_session(request.user, public_id)
    close_session(actor=request.user, session=found)
    return done(request, session_url(found), _("已封场，评分不能再修改。"))


@require_POST
def interview_absent(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that a candidate did not come, or did."""
    found = visible_interview(request.user, pk)
    mark_absent(actor=request.user, interview=found, absent=not found.was_absent)
    return done(request, session_url(found.session), _("已登记。"))


@require_http_methods(["GET", "POST"])
def interview_excuse(request: SignedInRequest, pk: int, judge: int) -> HttpResponse:
    """Say that a judge gives a candidate no score."""
    found = visible_interview(request.user, pk)
    if not can_close(request.user, found.session):
        raise NotAllowed(_("未评分由人事或考核组组长登记。"))
    panelist = get_object_or_404(panels_visible_to(request.user), pk=judge)
    form = ExcuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kept = attempt(
            form,
            lambda: excuse_sheet(actor=request.user, interview=found, panelist=panelist, **form.cleaned_data),
        )
        if kept is not None:
            return done(request, session_url(found.session), _("已登记。"))
    about = f"{panelist.account} → {found.person.name}"
    return panel(request, form, gettext_lazy("登记未评分"), session_url(found.session), about=about)


@require_GET
def own(request: SignedInRequest) -> HttpResponse:
    """What the account judges, and where the person is heard."""
    context: dict[str, Any] = {"judged": judged_listed(request.user), "asked": own_interviews(request.user)}
    return page(request, "staff/interviews_own.html", context)


@require_GET
def own_calendar(request: SignedInRequest) -> HttpResponse:
    """The same as a calendar file."""
    body = interview_calendar(request.user)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="interviews.ics"'
    return response
