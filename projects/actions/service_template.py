"""Keeping the templates of service plans: a new version replaces the one in force from a day on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access.service import can_keep_templates
from projects.models import Department, PlanTemplate, PlanTemplateTask, ProjectClass, TaskOwner
from projects.service_templates import STARTERS
from projects.workflow import Stage
from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, Refused
from staff.models import Account

MOST_TASKS = 40


@dataclass(frozen=True)
class TemplateTask:
    """A task as it is typed into a template."""

    title: str
    due_days: int
    owner: str = TaskOwner.SPECIALIST
    department: Department | None = None
    needs_evidence: bool = False


@action("template.save", gettext_lazy("制定服务方案模板"))
def save_template(
    *,
    actor: Account,
    project_class: str,
    stage: str,
    tasks: Sequence[TemplateTask],
    on: date | None = None,
    seen: int | None = None,
) -> PlanTemplate:
    """Write the next version of the template of a class and stage; the one before ends on that day, plans keep their tasks.

    `seen` is the number of the version that the caller saw (0: none). Raises Refused for tasks that cannot be.
    """
    _permit(actor)
    day = on or timezone.localdate()
    if project_class not in ProjectClass.values or stage not in Stage.values:
        raise Refused(_("请选择项目等级和阶段。"))
    _check(tasks)
    return _write(actor, project_class, stage, tasks, day, seen)


@action("template.starters", gettext_lazy("采用示例模板"))
def adopt_starters(*, actor: Account, on: date | None = None) -> list[PlanTemplate]:
    """Write the starter templates for every class and stage that has none yet; departments are found by their names."""
    _permit(actor)
    day = on or timezone.localdate()
    departments = {each.name: each for each in Department.objects.filter(is_open=True)}
    there = set(PlanTemplate.objects.values_list("project_class", "stage"))
    return [
        _write(actor, project_class, stage, _starter(tasks, departments), day, None)
        for (project_class, stage), tasks in STARTERS.items()
        if (project_class, stage) not in there
    ]


def _starter(
    tasks: Sequence[tuple[str, int, str, bool]], departments: Mapping[str, Department]
) -> list[TemplateTask]:
    """The starter's tasks; one for a department that the directory does not know goes to the specialist."""
    found = []
    for title, days, owner, evidence in tasks:
        department = departments.get(owner)
        kind = (
            TaskOwner.DEPARTMENT
            if department
            else owner
            if owner in TaskOwner.values
            else TaskOwner.SPECIALIST
        )
        found.append(TemplateTask(title, days, kind, department, evidence))
    return found


def _write(
    actor: Account,
    project_class: str,
    stage: str,
    tasks: Sequence[TemplateTask],
    day: date,
    seen: int | None,
) -> PlanTemplate:
    versions = PlanTemplate.objects.filter(project_class=project_class, stage=stage)
    last = versions.select_for_update().order_by("-number").first()
    number = last.number if last else 0
    if seen is not None and seen != number:
        raise Conflict(
            _("模板刚刚已更新到 V%(number)s；您填写的内容没有保存，请核对后再提交。") % {"number": number}
        )
    if last is not None and last.holds_until is None:
        if day < last.holds_from:
            sentence = _("现行模板自 %(day)s 起施行，新模板不能更早。") % {"day": last.holds_from}
            raise Refused(sentence, fields={"on": sentence})
        last.holds_until = day
        last.save(update_fields=["holds_until"])
    template = PlanTemplate.objects.create(
        project_class=project_class, stage=stage, number=number + 1, holds_from=day, created_by=actor
    )
    PlanTemplateTask.objects.bulk_create(
        PlanTemplateTask(
            template=template,
            position=place,
            title=task.title.strip(),
            owner=task.owner,
            department=task.department if task.owner == TaskOwner.DEPARTMENT else None,
            due_days=task.due_days,
            needs_evidence=task.needs_evidence,
        )
        for place, task in enumerate(tasks, start=1)
    )
    record(
        actor=actor,
        verb="template.save",
        target=template,
        detail={"on": str(day), "tasks": [task.title for task in tasks]},
    )
    return template


def _permit(actor: Account) -> None:
    if not can_keep_templates(actor):
        raise NotAllowed(_("服务方案模板由分管领导制定；请把修改意见告诉他们。"))


def _check(tasks: Sequence[TemplateTask]) -> None:
    if not tasks or len(tasks) > MOST_TASKS:
        raise Refused(_("一个模板要有 1 到 %(most)s 条任务。") % {"most": MOST_TASKS})
    titles = [task.title.strip() for task in tasks]
    if len(set(titles)) != len(titles):
        raise Refused(_("同一模板里不能有两条同名任务。"))
    for task in tasks:
        if not task.title.strip() or len(task.title) > 80:
            raise Refused(_("每条任务都要有名称，最多 80 个字。"))
        if not 0 <= task.due_days <= 999:
            raise Refused(_("“%(task)s”的期限要在 0 到 999 个工作日之间。") % {"task": task.title})
        if task.owner not in TaskOwner.values or (
            task.owner == TaskOwner.DEPARTMENT and task.department is None
        ):
            raise Refused(_("“%(task)s”要选择责任人；由部门办的要选部门。") % {"task": task.title})
