"""Rounds: the list, one round with its next action, writing a draft, announcing and cancelling."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.errors import NotAllowed
from promotion.web.components import badge
from promotion.web.formats import day, moment
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.access.competition import SEES_APPLICATIONS, SEES_DRAFTS, can_announce, can_run_competitions
from staff.access.interview import is_on_panel
from staff.actions.competition import (
    announce_competition,
    cancel_competition,
    change_competition,
    draft_competition,
)
from staff.forms.competition import CompetitionForm, ReasonForm, criterion_lines, post_lines
from staff.models import Competition, CompetitionState
from staff.queries.application import own_in
from staff.queries.competition import (
    TONES,
    competitions_listed,
    posts_of,
    requirements_of,
    ribbon,
    state_words,
    visible_competition,
)
from staff.queries.ranking import can_see_ranking

# From when a ranking may be read: earlier there is nothing closed.
RANKED = (
    CompetitionState.INTERVIEWING,
    CompetitionState.SCORED,
    CompetitionState.DECIDED,
    CompetitionState.PUBLICITY,
    CompetitionState.APPOINTED,
)
COLUMNS = (
    Column("number", gettext_lazy("编号"), lambda row: row.number, sort="number"),
    Column("name", gettext_lazy("竞聘"), lambda row: row.name, sort="name"),
    Column(
        "closes",
        gettext_lazy("报名截止"),
        lambda row: moment(row.closes_at),
        sort="closes_at",
        align="day",
    ),
    Column("seats", gettext_lazy("名额"), lambda row: row.seats, sort="seats", align="end"),
    Column("applied", gettext_lazy("报名人数"), lambda row: row.applied, sort="applied", align="end"),
    Column(
        "appoint",
        gettext_lazy("聘任日期"),
        lambda row: day(row.appoint_on),
        sort="appoint_on",
        align="day",
        wide=True,
    ),
    Column(
        "state",
        gettext_lazy("状态"),
        lambda row: state_badge(row),  # noqa: PLW0108 defined below
    ),
)


def state_badge(competition: Competition) -> str:
    """The state in its colour."""
    return badge(state_words(competition), TONES[CompetitionState(competition.state)])


def address_of(competition: Competition) -> str:
    """The page of the round."""
    return reverse("staff:competition", args=[competition.public_id])


@require_GET
def competitions(request: SignedInRequest) -> HttpResponse:
    """The rounds, the latest first."""
    may_run = can_run_competitions(request.user)
    listing = ListPage(
        request=request,
        queryset=competitions_listed(request.user),
        layout=COLUMNS,
        row_url=address_of,
        default_sort="-closes",
        empty={
            "title": _("还没有竞聘"),
            "text": _("公布竞聘后，这里列出岗位、报名时间和进展。"),
            "action_url": reverse("staff:competition-new") if may_run else "",
            "action_label": _("起草竞聘"),
        },
    )
    context = {"title": _("竞聘"), "may_run": may_run}
    return list_page(request, "staff/competition_list.html", listing, context)


@require_GET
def competition(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One round: how far it is, what comes next, posts, criteria, requirements, the notice."""
    found = visible_competition(request.user, public_id)
    posts = posts_of(found)
    actor = request.user
    context = {
        "competition": found,
        "marks": [(state_words(found), TONES[CompetitionState(found.state)])],
        "steps": ribbon(found),
        "posts": posts,
        "criteria": found.criteria.all(),
        "requirements": [(grade.label, lines) for grade, lines in requirements_of(found, posts).items()],
        "application": own_in(actor, found),
        "may_change": can_run_competitions(actor) and found.state == CompetitionState.DRAFT,
        "may_announce": can_announce(actor, found) and found.state == CompetitionState.DRAFT,
        "may_cancel": can_run_competitions(actor)
        and found.state not in (CompetitionState.APPOINTED, CompetitionState.CANCELLED),
        "may_apply": found.takes_applications and actor.person_id is not None,
        "runs": can_run_competitions(actor),
        "sees_interviews": found.state not in (CompetitionState.DRAFT, CompetitionState.CANCELLED)
        and (actor.is_role(*SEES_DRAFTS) or is_on_panel(actor, found)),
        "sees_decision": found.state in RANKED[1:] and actor.is_role(*SEES_APPLICATIONS),
        "sees_ranking": found.state in RANKED and can_see_ranking(actor, found),
        "sees_applications": actor.is_role(*SEES_APPLICATIONS) and found.state != CompetitionState.DRAFT,
    }
    return page(request, "staff/competition.html", context)


@require_http_methods(["GET", "POST"])
def competition_new(request: SignedInRequest) -> HttpResponse:
    """Write a new round."""
    return _written(request, None)


@require_http_methods(["GET", "POST"])
def competition_change(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Write a draft anew."""
    return _written(request, visible_competition(request.user, public_id))


def _written(request: SignedInRequest, found: Competition | None) -> HttpResponse:
    if not can_run_competitions(request.user):
        raise NotAllowed(_("竞聘由人事起草和办理。"))
    form = CompetitionForm(request.POST or None, request.FILES or None, competition=found)
    posts = post_lines(request.POST or None, request.user, found)
    criteria = criterion_lines(request.POST or None, found)
    if request.method == "POST" and all([form.is_valid(), posts.is_valid(), criteria.is_valid()]):
        kept = attempt(form, lambda: _keep(request, found, form, posts, criteria))
        if kept is not None:
            return done(request, address_of(kept), _("已保存。公布由另一位办理。"))
    wrong = form.is_bound and bool(form.errors or posts.total_error_count() or criteria.total_error_count())
    context = {
        "competition": found,
        "form": form,
        "posts": posts,
        "criteria": criteria,
        "back_url": address_of(found) if found else reverse("staff:competitions"),
    }
    return page(request, "staff/competition_form.html", context, status=422 if wrong else 200)


def _keep(
    request: SignedInRequest, found: Competition | None, form: CompetitionForm, posts: Any, criteria: Any
) -> Competition:
    given = {
        "terms": form.terms(),
        "posts": posts.lines(),
        "criteria": criteria.lines(),
        "upload": form.cleaned_data["upload"],
    }
    if found is None:
        return draft_competition(actor=request.user, **given)
    return change_competition(actor=request.user, competition=found, seen=form.cleaned_data["seen"], **given)


@require_POST
def competition_announce(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Make the round public."""
    found = visible_competition(request.user, public_id)
    announce_competition(actor=request.user, competition=found)
    return done(request, address_of(found), _("竞聘已公布，已通知全体在职人员。"))


@require_http_methods(["GET", "POST"])
def competition_cancel(request: SignedInRequest, public_id: str) -> HttpResponse:
    """End the round without appointments."""
    found = visible_competition(request.user, public_id)
    if not (can_run_competitions(request.user) or can_announce(request.user, found)):
        raise NotAllowed(_("竞聘由人事或分管领导取消。"))
    form = ReasonForm(request.POST or None, initial={"seen": found.version})
    if request.method == "POST" and form.is_valid():
        cancelled = attempt(
            form, lambda: cancel_competition(actor=request.user, competition=found, **form.cleaned_data)
        )
        if cancelled is not None:
            return done(request, address_of(found), _("竞聘已取消，已告知报名人员。"))
    return panel(request, form, gettext_lazy("取消竞聘"), address_of(found), about=found.name)


def panel(
    request: SignedInRequest, form: Any, title: Any, back: str, *, about: Any = "", explain: Any = ""
) -> HttpResponse:
    """A form of a round in the shared dialog, or as a page."""
    context = {"form": form, "title": title, "back": back, "about": about, "explain": explain}
    return page(
        request, "staff/competition_panel.html", context, fragment="panel", status=422 if form.errors else 200
    )
