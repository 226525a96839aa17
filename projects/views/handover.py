"""Handing one project over: the request, its page with what is decided there, and the list."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from projects.access import projects_visible_to
from projects.access.handover import (
    can_accept_handover,
    can_approve_handover,
    can_cancel_handover,
    can_propose_handover,
)
from projects.actions import (
    accept_handover,
    approve_handover,
    cancel_handover,
    propose_handover,
    reject_handover,
)
from projects.filters.handover import HandoverFilter
from projects.forms.handover import DecisionForm, ProposalForm, RefusalForm
from projects.models import Handover, HandoverState
from projects.queries import handover as queries
from projects.queries.project import visible_project
from projects.views.list_cells import two_lines
from promotion.errors import NotAllowed, NotFound
from promotion.web.components import badge
from promotion.web.formats import day
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def propose(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask to hand the project over; what goes along is listed beside the form."""
    project = visible_project(request.user, public_id)
    if not can_propose_handover(request.user, project):
        raise NotAllowed(_("移交由服务专员、本团队队长或分管领导提出；请把理由告诉他们。"))
    form = ProposalForm(
        request.POST or None, actor=request.user, project=project, initial={"seen": project.version}
    )
    if request.method == "POST" and form.is_valid():
        asked = attempt(
            form, lambda: propose_handover(actor=request.user, project=project, **form.cleaned_data)
        )
        if asked:
            text = _("已提出移交，等%(name)s确认接收。") % {"name": asked.receiver.name}
            return done(request, _url(asked), text)
    context = {
        "project": project,
        "form": form,
        "contents": queries.contents_in_words(queries.contents_of(project)),
        "open_handover": queries.open_handover(project),
    }
    status = 422 if form.errors else 200
    return page(request, "projects/handover_propose.html", context, fragment="panel", status=status)


@require_GET
def detail(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One request: who, what goes along, how far, and what the reader may do."""
    return _page(request, _visible(request, public_id))


DECISIONS: dict[str, tuple[Any, Any, Any]] = {
    "accept": (accept_handover, None, gettext_lazy("已同意接收，等待批准。")),
    "approve": (approve_handover, DecisionForm, gettext_lazy("移交已批准，项目已换专员。")),
    "reject": (reject_handover, RefusalForm, gettext_lazy("移交已驳回，项目不变。")),
    "cancel": (cancel_handover, RefusalForm, gettext_lazy("移交已撤销，项目不变。")),
}


@require_http_methods(["POST"])
def decide(request: SignedInRequest, public_id: str, verb: str) -> HttpResponse:
    """Accept, approve, reject or take back."""
    if verb not in DECISIONS:
        raise NotFound(_("没有这个操作。"))
    handover = _visible(request, public_id)
    perform, form_class, text = DECISIONS[verb]
    form = (form_class or DecisionForm)(request.POST)
    if form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if form_class or name == "seen"}
        if attempt(form, lambda: perform(actor=request.user, handover=handover, **given)):
            return done(request, _url(handover), str(text))
    return _page(request, _visible(request, public_id), wrong=(verb, form))


def _page(request: SignedInRequest, handover: Handover, wrong: tuple[str, Any] | None = None) -> HttpResponse:
    actor, seen = request.user, {"seen": handover.version}
    is_open = handover.is_open
    can_accept = is_open and can_accept_handover(actor, handover)
    can_approve = is_open and can_approve_handover(actor, handover)
    forms: dict[str, Any] = {
        "accept": DecisionForm(initial=seen)
        if can_accept and handover.state == HandoverState.PROPOSED
        else None,
        "approve": DecisionForm(initial=seen) if can_approve else None,
        "reject": RefusalForm(initial=seen, auto_id="reject_%s") if can_accept or can_approve else None,
        "cancel": RefusalForm(initial=seen, auto_id="cancel_%s")
        if is_open and can_cancel_handover(actor, handover)
        else None,
    }
    if wrong:
        forms[wrong[0]] = wrong[1]
    sees_project = projects_visible_to(actor).filter(pk=handover.project_id).exists()
    context = {
        "handover": handover,
        "tone": queries.STATE_TONES[HandoverState(handover.state)],
        "contents": queries.contents_in_words(
            handover.contents if sees_project else queries.contents_to_tell(handover)
        ),
        "steps": queries.decisions_of(handover),
        "forms": forms,
        "wrong": wrong,
        "sees_project": sees_project,
    }
    return page(request, "projects/handover_detail.html", context, status=422 if wrong else 200)


def _visible(request: SignedInRequest, public_id: str) -> Handover:
    found = (
        queries.listed_handovers(request.user)
        .select_related("project__company", "accepted_by", "batch")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这份移交申请，或者您看不到它。请返回移交列表。"))
    return found


def _url(handover: Handover) -> str:
    return reverse("projects:handover", args=[handover.public_id])


def _project(row: Handover) -> SafeString:
    return two_lines(row.project.name, row.project.code)


def _way(row: Handover) -> SafeString:
    teams = row.from_team.name
    if row.from_team_id != row.to_team_id:
        teams = f"{teams} → {row.to_team.name}"
    return two_lines(f"{row.giver.name} → {row.receiver.name}", teams)


LAYOUT = (
    Column("project", gettext_lazy("项目"), _project, sort="project__pinyin"),
    Column("way", gettext_lazy("交出 → 接收"), _way),
    Column(
        "state",
        gettext_lazy("状态"),
        lambda row: badge(row.get_state_display(), queries.STATE_TONES[HandoverState(row.state)]),
        sort="state",
    ),
    Column("reason", gettext_lazy("理由"), lambda row: row.reason, wide=True),
    Column(
        "proposed",
        gettext_lazy("提出"),
        lambda row: f"{day(row.proposed_at)} {row.proposed_by.display_name}",
        sort="proposed_at",
    ),
)


@require_GET
def handovers(request: SignedInRequest) -> HttpResponse:
    """The requests that one sees, the newest first."""
    listing = ListPage(
        request=request,
        queryset=queries.listed_handovers(request.user),
        layout=LAYOUT,
        row_url=_url,
        default_sort="-proposed",
        filterset=HandoverFilter,
        url_name="projects:handovers",
        empty={
            "title": _("没有在办的移交"),
            "text": _("在项目的“更多操作”里提出移交；接收人确认、第二人批准后，项目才换专员。"),
            "action_url": f"{reverse('projects:handovers')}?state=any",
            "action_label": _("看全部移交"),
        },
    )
    return list_page(request, "projects/handover_list.html", listing, {"title": _("移交")})
