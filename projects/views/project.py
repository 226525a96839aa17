"""The record page of a project, and what can be done there."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import queries
from projects.access.handover import can_propose_handover
from projects.actions import (
    change_project,
    keep_view,
    lose_project,
    resume_project,
    suspend_project,
    write_follow_up,
)
from projects.actions.moves import permit_change
from projects.forms.project import ProjectForm, ReasonForm
from projects.forms.timeline import FollowUpForm
from projects.models import Project, ViewKind
from projects.queries import project as record
from projects.queries.credit import role_shares, settlements_of
from projects.queries.handover import open_handover
from projects.queries.money import money_lines
from projects.queries.record_visit import RecordVisit, visit_of
from projects.queries.timeline import Timeline, changes_of, timeline_choices
from projects.views import record_parts
from projects.workflow import Status, next_stage
from promotion.api.idempotency import once
from promotion.errors import NotFound
from promotion.web.pages import attempt, done, is_fragment, page, toast
from promotion.web.requests import SignedInRequest

TABS = ("milestones", "timeline", "team", "history", "score")
LATEST = 5
PAGE_SIZE = 30
COURSE = 8


@require_GET
def detail(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The record; htmx asks for a tab, or for the timeline after a follow-up."""
    project = record.visible_project(request.user, public_id)
    keep_view(request.user, [project], ViewKind.RECORD)
    tab = request.GET.get("tab", "")
    known = tab in TABS or record_parts.tab_of(tab) is not None
    context = record_context(request, project, tab if known else TABS[0])
    return page(request, "projects/project_detail.html", context, fragment="tab")


def record_context(
    request: SignedInRequest, project: Project, tab: str, form: FollowUpForm | None = None
) -> dict[str, Any]:
    """What the record shows, in a number of queries that does not grow with it."""
    rows = queries.project_achievement_rows(project)
    achievements = [row.achievement for row in rows]
    for achievement in achievements:
        achievement.project = project
    events = Timeline(request.user, project)
    event_count = events.count()
    shares = record.open_shares(project)
    visit = visit_of(request.user, project, achievements, shares)
    active, can_change = project.status == Status.ACTIVE, visit.may_change
    return {
        "project": project,
        "tab": tab,
        "rows": rows,
        "marks": record.marks_of(project, is_recognised=visit.facts["key_recognised"]),
        "steps": record.stage_ribbon(project, achievements),
        "lines": money_lines(project, achievements),
        "event_count": event_count,
        "latest": events[:LATEST] if tab == TABS[0] else [],
        **(_timeline(request, project) if tab == "timeline" else {}),
        "shares": shares,
        "share_parts": [(role.label, f"{role.weight.normalize():f}") for role in role_shares(shares)],
        "settlements": settlements_of(project) if tab == "team" else [],
        "changes": changes_of(project, achievements) if tab == "history" else [],
        "four": visit.four,
        "follow_up_form": form or (FollowUpForm(project=project) if can_change else None),
        "steps_before": record.steps_before(project, COURSE) if visit.facts["has_steps"] else [],
        "can_change": can_change,
        "can_share": visit.may_share,
        "can_hand_over": can_propose_handover(request.user, project),
        "open_handover": open_handover(project) if visit.facts["has_handover"] else None,
        "onward": next_stage(project.stage) if can_change and active else None,
        **_time_left(project),
        "cards": record_parts.cards_of(visit),
        **record_parts.open_tab(request.user, project, tab),
        "tabs": _tabs(visit, tab, event_count),
    }


def _timeline(request: SignedInRequest, project: Project) -> dict[str, Any]:
    """A page of the timeline, and what it can be narrowed to."""
    choices = timeline_choices()
    show = request.GET.get("show", "")
    if show not in dict(choices):
        show = ""
    url = f"{reverse('projects:detail', args=[project.public_id])}?tab=timeline"
    return {
        "event_page": Paginator(Timeline(request.user, project, show), PAGE_SIZE).get_page(  # type: ignore[arg-type]
            request.GET.get("page")
        ),
        "show": show,
        "writing": "write" in request.GET,
        "shows": [(label, f"{url}&show={key}" if key else url, key == show) for key, label in choices],
    }


def _time_left(project: Project) -> dict[str, int]:
    """How many days the next step is overdue, or has left."""
    days = (project.next_step_on - timezone.localdate()).days if project.next_step_on else 0
    return {"overdue": -days, "days_left": days}


def _tabs(visit: RecordVisit, tab: str, events: int) -> list[dict[str, Any]]:
    url = reverse("projects:detail", args=[visit.project.public_id])
    entries: list[tuple[str, Any, int | str | None, bool]] = [
        ("milestones", _("里程碑与佐证"), len(visit.achievements), False),
        ("timeline", _("时间线"), events, False),
        ("team", _("团队与份额"), None, False),
        *((added.key, added.label, *added.shown(visit)) for added in record_parts.TABS),
        ("history", _("变更记录"), None, False),
        ("score", _("得分"), None, False),
    ]
    return [
        {
            "label": label,
            "url": f"{url}?tab={key}",
            "active": key == tab,
            "count": count,
            "alarm": alarm and count,
        }
        for key, label, count, alarm in entries
    ]


@require_POST
@once
def follow_up(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Write on the timeline; the region and the next step refresh in place."""
    project = record.visible_project(request.user, public_id)
    form = FollowUpForm(request.POST, request.FILES, project=project)
    written = None
    if form.is_valid():
        written = attempt(
            form, lambda: write_follow_up(actor=request.user, project=project, **form.cleaned_data)
        )
    url = f"{reverse('projects:detail', args=[public_id])}?tab=timeline"
    if written and not is_fragment(request):
        return done(request, url, _("跟进已保存。"))
    project.refresh_from_db()
    context = record_context(request, project, "timeline", None if written else form) | {"refreshed": True}
    response = page(
        request, "projects/project_detail.html", context, fragment="tab", status=200 if written else 422
    )
    return toast(response, _("跟进已保存。")) if written else response


@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Change what is known; whoever was second sees what the first one changed, and what he typed stays."""
    project = record.visible_project(request.user, public_id)
    permit_change(request.user, project)
    form = ProjectForm(request.POST or None, project=project)
    theirs: list[Any] = []
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"]
        values = form.values()
        if attempt(form, lambda: change_project(actor=request.user, project=project, seen=seen, **values)):
            return done(request, reverse("projects:detail", args=[public_id]), _("修改已保存。"))
        latest = record.visible_project(request.user, public_id).version
        if latest != seen:
            theirs = changes_of(project, [], since=seen)
            current = request.POST.copy()
            current["version"] = str(latest)
            form.data = current
    status = 409 if theirs else 422 if form.errors else 200
    context = {"project": project, "form": form, "theirs": theirs}
    return page(request, "projects/project_edit.html", context, status=status)


STATUS_ACTIONS = {
    "suspend": (suspend_project, gettext_lazy("暂缓项目")),
    "lose": (lose_project, gettext_lazy("终止项目")),
    "resume": (resume_project, gettext_lazy("恢复项目")),
}


@require_http_methods(["GET", "POST"])
def status(request: SignedInRequest, public_id: str, verb: str) -> HttpResponse:
    """Suspend, end or resume, with the reason."""
    if verb not in STATUS_ACTIONS:
        raise NotFound(_("没有这个操作。"))
    project = record.visible_project(request.user, public_id)
    permit_change(request.user, project)
    perform, title = STATUS_ACTIONS[verb]
    form = ReasonForm(request.POST or None, initial={"seen": project.version})
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, lambda: perform(actor=request.user, project=project, **form.cleaned_data))
        if changed:
            return done(request, reverse("projects:detail", args=[public_id]), _("已保存。"))
    context = {"project": project, "form": form, "title": title, "verb": verb}
    return page(
        request, "projects/project_reason.html", context, fragment="panel", status=422 if form.errors else 200
    )
