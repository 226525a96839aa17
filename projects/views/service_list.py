"""All service tasks, the key projects with their four, and the templates of plans."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import access
from projects.access.service import can_keep_templates, oversees_key_projects, templates_visible_to
from projects.actions import adopt_starters, save_template
from projects.filters.service import KeyProjectFilter, TaskFilter
from projects.forms.service import SPARE_LINES, TemplateDayForm, TemplateFormSet
from projects.models import PlanTemplate, ProjectClass, TaskState
from projects.queries import service
from projects.views.list_cells import two_lines
from projects.workflow import Stage
from promotion.errors import NotAllowed, NotFound
from promotion.web.components import badge
from promotion.web.formats import day
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


def _project(row: Any) -> SafeString:
    return two_lines(row.name, row.team.name)


def _task(row: Any) -> SafeString:
    return two_lines(row.title, row.plan.project.name)


def _due(row: Any) -> SafeString | str:
    if row.state != TaskState.OPEN:
        tone = "done" if row.state == TaskState.DONE else "plain"
        return format_html("{} {}", badge(row.get_state_display(), tone), day(row.closed_on))
    late = (timezone.localdate() - row.due_on).days
    if late > 0:
        return format_html("{} {}", day(row.due_on), badge(_("逾期 %(days)s 天") % {"days": late}, "alarm"))
    return str(day(row.due_on))


TASK_LAYOUT = (
    Column("task", gettext_lazy("任务与项目"), _task, sort="title"),
    Column("stage", gettext_lazy("阶段"), lambda row: row.get_stage_display(), sort="stage", wide=True),
    Column("due", gettext_lazy("期限"), _due, sort="due_on"),
    Column("who", gettext_lazy("责任人"), lambda row: service.who_of(row, row.plan.project)),
    Column("team", gettext_lazy("团队"), lambda row: row.plan.project.team.name, wide=True),
    Column(
        "evidence",
        gettext_lazy("凭证"),
        lambda row: _("要") if row.needs_evidence else "—",
        optional=True,
        wide=True,
    ),
)


@require_GET
def tasks(request: SignedInRequest) -> HttpResponse:
    """Everybody's tasks that one sees, the most urgent first."""
    listing = ListPage(
        request=request,
        queryset=service.listed_tasks(request.user),
        layout=TASK_LAYOUT,
        row_url=lambda row: (
            f"{reverse('projects:detail', args=[row.plan.project.public_id])}?tab=service"
            f"#task-{row.public_id}"
        ),
        default_sort="due",
        filterset=TaskFilter,
        url_name="projects:tasks",
        empty={
            "title": _("没有待办的服务任务"),
            "text": _("项目进入新阶段时，模板里的任务会自动列入；也可以在项目的“服务方案”里添加。"),
            "action_url": reverse("projects:list"),
            "action_label": _("打开项目列表"),
        },
    )
    return list_page(request, "projects/task_list.html", listing, {"title": _("服务任务")})


def _plan(row: Any) -> SafeString | str:
    if not row.has_plan:
        return badge(_("缺"), "alarm")
    text = f"V{row.edition} · {row.tasks_done}/{row.tasks_total}"
    return format_html("{} {}", text, badge(_("逾期"), "alarm")) if row.is_late else text


KEY_LAYOUT = (
    Column("name", gettext_lazy("项目与团队"), _project, sort="pinyin"),
    Column("class", gettext_lazy("等级"), lambda row: row.get_project_class_display(), sort="project_class"),
    Column("stage", gettext_lazy("阶段"), lambda row: row.get_stage_display(), sort="stage"),
    Column(
        "team",
        gettext_lazy("一个团队"),
        lambda row: badge(_("有"), "done") if row.has_team else badge(_("缺"), "alarm"),
        sort="has_team",
    ),
    Column("plan", gettext_lazy("一个方案"), _plan, sort="tasks_done"),
    Column(
        "owner",
        gettext_lazy("一个专员"),
        lambda row: (
            row.owner.name
            if row.has_owner
            else format_html("{} {}", row.owner.name, badge(_("不在岗"), "alarm"))
        ),
        sort="has_owner",
    ),
    Column(
        "days",
        gettext_lazy("跟到底（天）"),
        lambda row: (timezone.localdate() - row.reported_on).days,
        sort="reported_on",
        align="end",
        wide=True,
    ),
    Column("lacking", gettext_lazy("缺几项"), lambda row: row.lacking or "—", sort="lacking", align="end"),
)


@require_GET
def key_projects(request: SignedInRequest) -> HttpResponse:
    """The key projects and which of the four they lack, the worst first."""
    if not oversees_key_projects(request.user):
        raise NotAllowed(_("重点项目的四个一由分管领导、队长和纪检审计查看。"))
    listing = ListPage(
        request=request,
        queryset=service.key_projects(request.user),
        layout=KEY_LAYOUT,
        row_url=lambda row: f"{reverse('projects:detail', args=[row.public_id])}?tab=service",
        default_sort="-lacking",
        filterset=KeyProjectFilter,
        url_name="projects:key-projects",
        empty={"title": _("没有重大或重特大项目"), "text": _("项目等级定为重大或重特大后，四个一在这里看。")},
    )
    return list_page(request, "projects/key_project_list.html", listing, {"title": _("重点项目四个一")})


@require_GET
def templates(request: SignedInRequest) -> HttpResponse:
    """The templates in force by class and stage."""
    held = service.templates_in_force(templates_visible_to(request.user))
    rows = [
        (Stage(stage), [(ProjectClass(each), held.get((each, stage))) for each in ProjectClass.values])
        for stage in Stage.values
    ]
    context = {
        "rows": rows,
        "classes": list(ProjectClass),
        "has_any": bool(held),
        "can_keep": can_keep_templates(request.user),
    }
    return page(request, "projects/template_list.html", context)


@require_POST
def starters(request: SignedInRequest) -> HttpResponse:
    """Adopt the starter templates."""
    written = adopt_starters(actor=request.user)
    return done(
        request, reverse("projects:templates"), _("已采用 %(count)s 份示例模板。") % {"count": len(written)}
    )


@require_http_methods(["GET", "POST"])
def template(request: SignedInRequest, project_class: str, stage: str) -> HttpResponse:
    """One template with its versions; managers write the next one."""
    if project_class not in ProjectClass.values or stage not in Stage.values:
        raise NotFound(_("没有这个模板。请返回模板列表。"))
    versions = list(
        templates_visible_to(request.user)
        .filter(project_class=project_class, stage=stage)
        .select_related("created_by")
        .prefetch_related("tasks__department")
        .order_by("-number")
    )
    current = versions[0] if versions else None
    can_keep = can_keep_templates(request.user)
    if request.method == "POST" and not can_keep:
        raise NotAllowed(_("服务方案模板由分管领导制定；请把修改意见告诉他们。"))
    form, lines = _template_forms(request, current)
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        given = form.cleaned_data
        saved = attempt(
            form,
            lambda: save_template(
                actor=request.user, project_class=project_class, stage=stage, tasks=lines.tasks(), **given
            ),
        )
        if saved:
            text = _("模板 V%(number)s 已保存，以后进入该阶段的项目照此执行。") % {"number": saved.number}
            return done(request, reverse("projects:templates"), text)
    wrong = request.method == "POST" and bool(form.errors or lines.total_error_count())
    context = {
        "project_class": ProjectClass(project_class),
        "stage": Stage(stage),
        "versions": versions,
        "form": form,
        "lines": lines,
        "can_keep": can_keep,
    }
    return page(request, "projects/template_detail.html", context, status=422 if wrong else 200)


def _template_forms(request: SignedInRequest, current: PlanTemplate | None) -> tuple[Any, Any]:
    data = request.POST or None
    held = [
        {
            "title": task.title,
            "owner": task.owner,
            "department": task.department and task.department.public_id,
            "due_days": task.due_days,
            "needs_evidence": task.needs_evidence,
        }
        for task in (current.tasks.all() if current else ())
    ]
    departments = access.departments_visible_to(request.user).filter(is_open=True)
    lines = TemplateFormSet(data, initial=[*held, *([{}] * SPARE_LINES)], departments=departments)
    start = max(timezone.localdate(), current.holds_from) if current else timezone.localdate()
    form = TemplateDayForm(data, initial={"on": start, "seen": current.number if current else 0})
    return form, lines
