"""Blockers: the list with its figures, one with its course, and the panels that move it."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, F, Q
from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import actions
from projects.access import can_change
from projects.access.blocker import blockers_visible_to, can_grant_time, can_set_time_limits
from projects.actions.moves import permit_change
from projects.filters.blocker import BlockerFilter
from projects.forms.answer_link import LinkForm
from projects.forms.blocker import (
    AnswerForm,
    ExtendForm,
    NoteForm,
    RaiseForm,
    ReasonForm,
    SolveForm,
)
from projects.models import RUNNING, Blocker, BlockerState, Level, Project
from projects.queries import blocker as queries
from projects.queries.project import visible_project
from promotion.errors import NotAllowed, NotFound
from promotion.web.components import badge
from promotion.web.formats import day
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.working_days import WorkingCalendar, working_calendar
from staff.models import Account


def address_of(blocker: Blocker) -> str:
    return reverse("projects:blocker", args=[blocker.public_id])


def clock_badge(blocker: Blocker, calendar: WorkingCalendar) -> SafeString:
    """The card and the working days left, or the state of a closed one."""
    today = timezone.localdate()
    tone = (
        queries.TONES[blocker.level(today)]
        if blocker.is_running
        else queries.STATE_TONES[BlockerState(blocker.state)]
    )
    left = calendar.between(today, blocker.due_on) if blocker.is_running else 0
    return badge(queries.clock_words(blocker, today, left), tone)


@require_GET
def blockers(request: SignedInRequest) -> HttpResponse:
    """What runs, the earliest due first; figures above, each a link to the list that it counts."""
    calendar = working_calendar()
    listing = ListPage(
        request=request,
        queryset=queries.listed_blockers(request.user),
        layout=_layout(calendar),
        row_url=address_of,
        default_sort="due",
        filterset=BlockerFilter,
        url_name="projects:blockers",
        empty={
            "title": _("没有堵点"),
            "text": _("项目在部门那里卡住时，在项目页“堵点”里提出，时钟就开始走。"),
            "action_url": reverse("projects:board"),
            "action_label": _("去项目看板"),
        },
    )
    context = {
        "title": _("堵点"),
        "totals": _totals(request.user),
        "may_settle": can_set_time_limits(request.user),
    }
    return list_page(request, "projects/blocker_list.html", listing, context)


def _layout(calendar: WorkingCalendar) -> list[Column]:
    return [
        Column("title", gettext_lazy("堵点"), lambda row: row.title),
        Column("project", gettext_lazy("项目"), lambda row: row.project.name, sort="project__pinyin"),
        Column(
            "department",
            gettext_lazy("牵头部门"),
            lambda row: row.department.name,
            sort="department__position",
        ),
        Column(
            "contact",
            gettext_lazy("部门专员"),
            lambda row: row.contact.name if row.contact else "—",
            wide=True,
        ),
        Column("team", gettext_lazy("团队"), lambda row: row.project.team.name, wide=True),
        Column(
            "raised",
            gettext_lazy("提出"),
            lambda row: day(row.raised_on),
            align="day",
            sort="raised_on",
            wide=True,
        ),
        Column("due", gettext_lazy("期限"), lambda row: day(row.due_on), align="day", sort="due_on"),
        Column("state", gettext_lazy("状态"), lambda row: row.get_state_display(), sort="state", wide=True),
        Column("clock", gettext_lazy("时钟"), lambda row: clock_badge(row, calendar)),
    ]


def _totals(actor: Account) -> list[dict[str, Any]]:
    """The figures above the list; one query."""
    today = timezone.localdate()
    counts = blockers_visible_to(actor).aggregate(
        running=Count("pk", filter=Q(state__in=RUNNING)),
        yellow=Count("pk", filter=queries.at_level(Level.YELLOW, today)),
        red=Count("pk", filter=queries.at_level(Level.RED, today)),
        solved=Count("pk", filter=Q(state=BlockerState.SOLVED)),
        in_time=Count("pk", filter=Q(state=BlockerState.SOLVED, closed_on__lte=F("due_on"))),
    )
    url = reverse("projects:blockers")
    return [
        {"label": _("未办结"), "value": counts["running"], "url": url},
        {"label": Level.YELLOW.label, "value": counts["yellow"], "url": f"{url}?level=yellow"},
        {"label": Level.RED.label, "value": counts["red"], "url": f"{url}?level=red"},
        {"label": _("已办结"), "value": counts["solved"], "url": f"{url}?state=solved"},
        {"label": _("其中按期"), "value": counts["in_time"], "url": f"{url}?state=solved&late=1"},
    ]


@require_GET
def departments(request: SignedInRequest) -> HttpResponse:
    """How each department stands with the blockers one sees; every figure opens its list."""
    rows = queries.figures_by_department(request.user, blockers_visible_to(request.user))
    return page(request, "projects/blocker_departments.html", {"rows": rows})


@require_GET
def blocker(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One blocker: the question, the clock, the course, and what can be done now."""
    found = queries.visible_blocker(request.user, public_id)
    return page(request, "projects/blocker_detail.html", _detail_context(request, found))


def _detail_context(request: SignedInRequest, found: Blocker) -> dict[str, Any]:
    today, calendar = timezone.localdate(), working_calendar()
    left = calendar.between(today, found.due_on)
    level = found.level(today)
    marks = [(found.get_state_display(), queries.STATE_TONES[BlockerState(found.state)])]
    if found.is_running:
        marks.append((queries.clock_words(found, today, left), queries.TONES[level]))
    return {
        "blocker": found,
        "project": found.project,
        "marks": marks,
        "entries": queries.course_of(found),
        "links": queries.links_of(found),
        "may_work": can_change(request.user, found.project),
        "may_extend": found.is_running and can_grant_time(request.user, found.project),
    }


@require_http_methods(["GET", "POST"])
def blocker_new(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Raise a blocker for a project."""
    project = visible_project(request.user, public_id)
    permit_change(request.user, project)
    form = RaiseForm(request.POST or None, request.FILES or None, project=project)
    if request.method == "POST" and form.is_valid():
        raised = attempt(
            form, lambda: actions.raise_blocker(actor=request.user, project=project, **form.cleaned_data)
        )
        if raised is not None:
            words = {"department": raised.department.name, "day": day(raised.due_on)}
            return done(request, address_of(raised), _("已提出，%(department)s应在 %(day)s 前答复。") % words)
    context = {"project": project, "form": form, "title": _("提出堵点"), "submit": _("提出")}
    return page(
        request, "projects/blocker_form.html", context, fragment="panel", status=422 if form.errors else 200
    )


VERBS: dict[str, tuple[Any, type[BaseForm], Callable[..., Any], Any]] = {
    "answer": (
        gettext_lazy("登记部门答复"),
        AnswerForm,
        actions.answer_blocker,
        gettext_lazy("答复已登记，办结时钟开始走。"),
    ),
    "note": (gettext_lazy("记进展"), NoteForm, actions.note_on_blocker, gettext_lazy("进展已保存。")),
    "solve": (gettext_lazy("办结堵点"), SolveForm, actions.solve_blocker, gettext_lazy("堵点已办结。")),
    "reopen": (
        gettext_lazy("退回重办"),
        ReasonForm,
        actions.reopen_blocker,
        gettext_lazy("已退回，答复时钟重新开始。"),
    ),
    "extend": (gettext_lazy("延长期限"), ExtendForm, actions.extend_blocker, gettext_lazy("期限已延长。")),
    "withdraw": (
        gettext_lazy("撤销堵点"),
        ReasonForm,
        actions.withdraw_blocker,
        gettext_lazy("堵点已撤销。"),
    ),
}


@require_http_methods(["GET", "POST"])
def blocker_move(request: SignedInRequest, public_id: str, verb: str) -> HttpResponse:
    """The panel of one verb; the action decides whether it may happen."""
    if verb not in VERBS:
        raise NotFound(_("没有这个操作。"))
    found = queries.visible_blocker(request.user, public_id)
    _permit(request, found, verb)
    title, form_class, perform, said = VERBS[verb]
    form: Any = form_class(request.POST or None, request.FILES or None, blocker=found)  # type: ignore[call-arg]
    if request.method == "POST" and form.is_valid():
        moved = attempt(form, lambda: perform(actor=request.user, blocker=found, **form.cleaned_data))
        if moved is not None:
            return done(request, address_of(found), str(said))
    context = {"project": found.project, "blocker": found, "form": form, "title": title, "submit": title}
    return page(
        request, "projects/blocker_form.html", context, fragment="panel", status=422 if form.errors else 200
    )


def _permit(request: SignedInRequest, found: Blocker, verb: str) -> None:
    """The panel is not shown to those who may not; the action asks again."""
    if verb == "extend":
        if not can_grant_time(request.user, found.project):
            raise NotAllowed(_("延期由本团队队长或分管领导决定；请把理由告诉他们。"))
        return
    permit_change(request.user, found.project)


@require_http_methods(["GET", "POST"])
def blocker_link(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Send a one-time link; its address is shown once, with the words to send along."""
    found = queries.visible_blocker(request.user, public_id)
    permit_change(request.user, found.project)
    form = LinkForm(request.POST or None, department=found.department_id, contact=found.contact_id)
    context: dict[str, Any] = {
        "title": _("发答复链接"),
        "about": found.title,
        "explain": _("部门打开链接就能答复，不用账号；只能看到这一个堵点，答复一次后失效。"),
        "back": address_of(found),
        "form": form,
    }
    if request.method == "POST" and form.is_valid():
        issued = attempt(
            form, lambda: actions.issue_link(actor=request.user, blocker=found, **form.cleaned_data)
        )
        if issued is not None:
            link, key = issued
            address = request.build_absolute_uri(reverse("answer", args=[key]))
            context |= {"link": link, "message": _message(found, link, address)}
    status = 422 if form.errors else 200
    return page(request, "projects/answer_link.html", context, fragment="panel", status=status)


def _message(found: Blocker, link: Any, address: str) -> str:
    """What the officer pastes into a message to the department."""
    return _(
        "%(name)s您好：关于“%(title)s”，请在 %(day)s 前答复。打开链接即可填写，无需登录，答复一次后失效：%(address)s"
    ) % {"name": link.contact.name, "title": found.title, "day": day(found.due_on), "address": address}


@require_POST
def link_revoke(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """Make a link void."""
    found = queries.visible_blocker(request.user, public_id)
    actions.revoke_link(actor=request.user, link=queries.link_of(found, pk))
    return done(request, address_of(found), _("链接已作废。"))


def tab_context(actor: Account, project: Project) -> dict[str, Any]:
    """The tab of the record: the blockers with their clock."""
    calendar = working_calendar()
    rows = queries.project_blockers(actor, project)
    return {
        "blockers": [(row, clock_badge(row, calendar)) for row in rows],
        "may_raise": can_change(actor, project),
    }
