"""The service plan of a project: its tab is drawn by the record page, its tasks are worked here."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects.access.service import tasks_visible_to
from projects.actions import (
    add_task,
    change_task,
    finish_task,
    move_task,
    reopen_task,
    skip_task,
    start_plan,
)
from projects.actions.moves import permit_change
from projects.forms.project import ReasonForm
from projects.forms.service import ChangeTaskForm, FinishForm, TaskForm
from projects.models import ServiceTask
from projects.queries.project import visible_project
from projects.views.project import record_context
from promotion.errors import NotFound
from promotion.web.pages import attempt, done, is_fragment, page, toast
from promotion.web.requests import SignedInRequest
from promotion.working_days import working_calendar

USUAL_DAYS = 5


def visible_task(request: SignedInRequest, public_id: str) -> ServiceTask:
    """The task with its project. Raises NotFound when it is not the actor's to see."""
    task = (
        tasks_visible_to(request.user)
        .select_related("plan__project__owner", "plan__project__team", "person", "department")
        .filter(public_id=public_id)
        .first()
    )
    if task is None:
        raise NotFound(_("没有这个任务，或者您看不到它。请返回任务列表。"))
    return task


def _plan_url(public_id: str) -> str:
    return f"{reverse('projects:detail', args=[public_id])}?tab=service"


def _answer(request: SignedInRequest, task: ServiceTask, text: str, *, undo: str = "") -> HttpResponse:
    """After a tick: the plan refreshes in place, or the page opens again without script."""
    project = visible_project(request.user, task.plan.project.public_id)
    if not is_fragment(request):
        return done(request, _plan_url(project.public_id), text)
    context = record_context(request, project, "service") | {"plan_refreshed": True}
    return toast(page(request, "projects/project_detail.html", context, fragment="tab"), text, undo_url=undo)


@require_POST
def start(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Start the plan from the template of the stage, or fill it up."""
    project = visible_project(request.user, public_id)
    plan = start_plan(actor=request.user, project=project)
    return done(
        request, _plan_url(public_id), _("服务方案 V%(edition)s 已建立。") % {"edition": plan.edition}
    )


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A task of one's own."""
    project = visible_project(request.user, public_id)
    permit_change(request.user, project)
    due = working_calendar().after(timezone.localdate(), USUAL_DAYS)
    form = TaskForm(request.POST or None, actor=request.user, project=project, initial={"due_on": due})
    if request.method == "POST" and form.is_valid():
        added = attempt(form, lambda: add_task(actor=request.user, project=project, **form.cleaned_data))
        if added:
            return done(request, _plan_url(public_id), _("任务已添加。"))
    return _panel(request, form, _("添加任务"), project.name, public_id)


@require_http_methods(["GET", "POST"])
def finish(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Tick off with one tap; a task that needs evidence asks for the file first."""
    task = visible_task(request, public_id)
    permit_change(request.user, task.plan.project)
    posted = request.method == "POST"
    form = FinishForm(
        request.POST if posted else None, request.FILES if posted else None, initial={"seen": task.version}
    )
    if posted and form.is_valid():
        finished = attempt(form, lambda: finish_task(actor=request.user, task=task, **form.cleaned_data))
        if finished and is_fragment(request) and request.htmx.target != "dialog-body":
            undo = reverse("projects:task-reopen", args=[public_id])
            return _answer(request, task, _("“%(task)s”已完成。") % {"task": task.title}, undo=undo)
        if finished:
            text = _("“%(task)s”已完成。") % {"task": task.title}
            return done(request, _plan_url(task.plan.project.public_id), text)
    return _panel(request, form, _("完成任务"), task.title, task.plan.project.public_id, files=True)


@require_http_methods(["GET", "POST"])
def skip(request: SignedInRequest, public_id: str) -> HttpResponse:
    """No longer needed, with the reason."""
    task = visible_task(request, public_id)
    permit_change(request.user, task.plan.project)
    form = ReasonForm(request.POST or None, initial={"seen": task.version})
    return _changed(
        request,
        form,
        task,
        lambda: skip_task(actor=request.user, task=task, **form.cleaned_data),
        _("不再需要"),
    )


@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Give it to somebody else, or another day."""
    task = visible_task(request, public_id)
    permit_change(request.user, task.plan.project)
    form = ChangeTaskForm(request.POST or None, actor=request.user, task=task)
    return _changed(
        request,
        form,
        task,
        lambda: change_task(actor=request.user, task=task, **form.cleaned_data),
        _("调整任务"),
    )


@require_POST
def reopen(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Back among those to be done; the toast's way back comes here too."""
    task = visible_task(request, public_id)
    reopen_task(actor=request.user, task=task)
    text = _("“%(task)s”已恢复为待办。") % {"task": task.title}
    if is_fragment(request) and request.htmx.target != "project-tab":
        return done(request, _plan_url(task.plan.project.public_id), text)
    return _answer(request, task, text)


@require_POST
def move(request: SignedInRequest, public_id: str, direction: str) -> HttpResponse:
    """One place up or down within its stage."""
    task = visible_task(request, public_id)
    if direction not in ("up", "down"):
        raise NotFound(_("没有这个操作。"))
    move_task(actor=request.user, task=task, up=direction == "up")
    return _answer(request, task, _("顺序已调整。"))


def _changed(
    request: SignedInRequest, form: Any, task: ServiceTask, perform: Callable[[], ServiceTask], title: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and attempt(form, perform):
        return done(request, _plan_url(task.plan.project.public_id), _("已保存。"))
    return _panel(request, form, title, task.title, task.plan.project.public_id)


def _panel(
    request: SignedInRequest, form: Any, title: str, detail: str, project: str, *, files: bool = False
) -> HttpResponse:
    context = {"form": form, "title": title, "detail": detail, "back": _plan_url(project), "files": files}
    status = 422 if form.errors else 200
    return page(request, "projects/service_form.html", context, fragment="panel", status=status)
