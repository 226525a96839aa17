"""Working a service plan: start it, add tasks, tick them off, skip, reassign and reorder them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access.service import tasks_visible_to
from projects.actions.document import checked_file, write_documents
from projects.actions.moves import locked_project, permit_change
from projects.actions.plan_tasks import add_tasks, next_place, template_in_force
from projects.models import Department, Project, ServicePlan, ServiceTask, TaskOwner, TaskState
from projects.workflow import Status
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import NotFound, Refused
from promotion.working_days import working_calendar
from staff.access import in_force
from staff.models import Account, Person

LONGEST_TITLE = 80
MOST_DAYS = 999


@action("service.start", gettext_lazy("建立服务方案"))
def start_plan(*, actor: Account, project: Project) -> ServicePlan:
    """Give a project its plan with what the template of its class and stage asks for; an existing plan is filled up.

    Idempotent: tasks that are there stay as they are. Raises Refused when there is neither a template nor anything to add.
    """
    locked = _worked_project(actor, project)
    today = timezone.localdate()
    template = template_in_force(locked, locked.stage, today)
    plan = ServicePlan.objects.filter(project=locked).first()
    if template is None and plan is not None:
        raise Refused(
            _("“%(class)s”项目在「%(stage)s」没有模板；请直接添加任务，或请分管领导先制定模板。")
            % {"class": locked.get_project_class_display(), "stage": locked.get_stage_display()}
        )
    if template is None:
        plan = ServicePlan.objects.create(project=locked)
        added: list[ServiceTask] = []
    else:
        added = add_tasks(locked, template.tasks.all(), actor, max(locked.stage_since, template.holds_from))
        if plan is not None and not added:
            raise Refused(
                _("方案里已有「%(stage)s」模板的全部任务，没有要补的。")
                % {"stage": locked.get_stage_display()}
            )
        plan = ServicePlan.objects.get(project=locked)
    record(
        actor=actor,
        verb="service.start",
        target=locked,
        detail={"edition": plan.edition, "added": [task.title for task in added]},
    )
    return plan


@action("service.add", gettext_lazy("添加服务任务"))
def add_task(
    *,
    actor: Account,
    project: Project,
    title: str,
    due_on: date | None = None,
    due_days: int | None = None,
    owner: str = TaskOwner.SPECIALIST,
    department: Department | None = None,
    person: Person | None = None,
    needs_evidence: bool = False,
    note: str = "",
) -> ServiceTask:
    """Add a task of one's own to the present stage, due on a day or in so many working days; starts the plan if need be."""
    locked = _worked_project(actor, project)
    wrong, due = _due(due_on, due_days)
    title = title.strip()
    if not title or len(title) > LONGEST_TITLE:
        wrong["title"] = _("请用 1 到 80 个字写明任务。")
    wrong |= _wrong_owner(locked, owner, department, person)
    if wrong or due is None:
        raise Refused(_("任务没有保存：%(what)s") % {"what": "".join(wrong.values())}, fields=wrong)
    plan, _created = ServicePlan.objects.get_or_create(project=locked)
    task = ServiceTask.objects.create(
        plan=plan,
        stage=locked.stage,
        title=title,
        owner=owner,
        department=department if owner == TaskOwner.DEPARTMENT else None,
        person=person,
        due_on=due,
        needs_evidence=needs_evidence,
        note=note.strip()[:300],
        position=next_place(plan),
        created_by=actor,
    )
    record(actor=actor, verb="service.add", target=locked, detail={"task": title, "due_on": str(due)})
    _tell(actor, locked, task)
    return task


@action("service.finish", gettext_lazy("完成服务任务"))
def finish_task(
    *,
    actor: Account,
    task: ServiceTask,
    files: Sequence[UploadedFile] = (),
    note: str = "",
    on: date | None = None,
    seen: int | None = None,
) -> ServiceTask:
    """Tick a task off; one that needs evidence takes at least one file. Raises Conflict when somebody was quicker."""
    project, locked = _locked_task(actor, task, seen)
    _check_open(locked)
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise Refused(_("完成日期还没有到。"), fields={"on": _("日期不能晚于今天。")})
    written = write_documents(actor, [checked_file(upload) for upload in files], project=project)
    if locked.needs_evidence and not written and not locked.documents.exists():
        sentence = _("“%(task)s”要有凭证才能完成；请附上文件。") % {"task": locked.title}
        raise Refused(sentence, fields={"files": sentence})
    locked.documents.add(*written)
    return _close(actor, "service.finish", project, locked, state=TaskState.DONE, day=day, note=note)


@action("service.skip", gettext_lazy("不再需要服务任务"))
def skip_task(*, actor: Account, task: ServiceTask, reason: str, seen: int | None = None) -> ServiceTask:
    """Take a task out of what is to be done, with the reason."""
    project, locked = _locked_task(actor, task, seen)
    _check_open(locked)
    reason = reason.strip()
    if not reason:
        raise Refused(_("请写明为什么不再需要。"), fields={"reason": _("请写明理由。")})
    return _close(
        actor,
        "service.skip",
        project,
        locked,
        state=TaskState.SKIPPED,
        day=timezone.localdate(),
        reason=reason,
    )


@action("service.reopen", gettext_lazy("恢复服务任务"))
def reopen_task(*, actor: Account, task: ServiceTask, seen: int | None = None) -> ServiceTask:
    """Put a task that was ticked off or skipped back among those to be done; its files stay."""
    project, locked = _locked_task(actor, task, seen)
    if locked.state == TaskState.OPEN:
        raise Refused(_("“%(task)s”本来就在待办里。") % {"task": locked.title})
    return _close(actor, "service.reopen", project, locked, state=TaskState.OPEN, day=None)


@action("service.change", gettext_lazy("调整服务任务"))
def change_task(
    *,
    actor: Account,
    task: ServiceTask,
    owner: str,
    due_on: date,
    department: Department | None = None,
    person: Person | None = None,
    note: str = "",
    seen: int | None = None,
) -> ServiceTask:
    """Give an open task to somebody else, or another day or note. `person` empty: whoever holds the office of the day."""
    project, locked = _locked_task(actor, task, seen)
    _check_open(locked)
    wrong = _wrong_owner(project, owner, department, person)
    if wrong:
        raise Refused("".join(wrong.values()), fields=wrong)
    values: dict[str, Any] = {
        "owner": owner,
        "department": department if owner == TaskOwner.DEPARTMENT else None,
        "person": person,
        "due_on": due_on,
        "note": note.strip()[:300],
    }
    changes = {
        name: [str(getattr(locked, name) or ""), str(value or "")]
        for name, value in values.items()
        if getattr(locked, name) != value
    }
    for name, value in values.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save(update_fields=[*values, "version"])
    record(
        actor=actor, verb="service.change", target=project, detail={"task": locked.title, "changes": changes}
    )
    if "person" in changes:
        _tell(actor, project, locked)
    return locked


@action("service.move", gettext_lazy("调整任务顺序"))
def move_task(*, actor: Account, task: ServiceTask, up: bool) -> ServiceTask:
    """Let a task change places with its neighbour of the same stage; at the end of the list nothing happens."""
    project, locked = _locked_task(actor, task, None)
    same = locked.plan.tasks.select_for_update().filter(stage=locked.stage)
    if up:
        other = same.filter(position__lt=locked.position).order_by("-position").first()
    else:
        other = same.filter(position__gt=locked.position).order_by("position").first()
    if other is None:
        return locked
    locked.position, other.position = other.position, locked.position
    locked.save(update_fields=["position"])
    other.save(update_fields=["position"])
    record(actor=actor, verb="service.move", target=project, detail={"task": locked.title, "up": up})
    return locked


def _worked_project(actor: Account, project: Project) -> Project:
    locked = locked_project(actor, project)
    permit_change(actor, locked)
    if locked.status == Status.LOST:
        raise Refused(_("项目已终止，服务方案不能再变；请先恢复项目。"))
    return locked


def _locked_task(actor: Account, task: ServiceTask, seen: int | None) -> tuple[Project, ServiceTask]:
    """The task with its project, both locked, the project first as everywhere."""
    found = tasks_visible_to(actor).select_related("plan__project").filter(pk=task.pk).first()
    if found is None:
        raise NotFound(_("没有这个任务，或者您看不到它。"))
    project = _worked_project(actor, found.plan.project)
    locked = ServiceTask.objects.select_for_update(of=("self",)).select_related("plan").get(pk=task.pk)
    check_version(seen=seen, current=locked)
    return project, locked


def _check_open(task: ServiceTask) -> None:
    if task.state != TaskState.OPEN:
        raise Refused(
            _("“%(task)s”%(state)s；要改请先恢复。") % {"task": task.title, "state": task.get_state_display()}
        )


def _close(
    actor: Account,
    verb: str,
    project: Project,
    task: ServiceTask,
    *,
    state: str,
    day: date | None,
    reason: str = "",
    note: str = "",
) -> ServiceTask:
    """Write the state of a locked task with who and when."""
    task.state, task.closed_on, task.reason = state, day, reason[:200]
    task.closed_by = actor if day else None
    task.note = note.strip()[:300] or task.note
    task.version += 1
    task.save(update_fields=["state", "closed_on", "closed_by", "reason", "note", "version"])
    record(
        actor=actor,
        verb=verb,
        target=project,
        reason=reason,
        detail={"task": task.title, "state": str(state)},
    )
    return task


def _due(on: date | None, days: int | None) -> tuple[dict[str, str], date | None]:
    """The day a task is due, or the sentence about it."""
    if on is not None:
        return {}, on
    if days is None or not 0 <= days <= MOST_DAYS:
        return {"due_on": _("请填写期限：一个日期，或几个工作日内。")}, None
    return {}, working_calendar().after(timezone.localdate(), days)


def _wrong_owner(
    project: Project, owner: str, department: Department | None, person: Person | None
) -> dict[str, str]:
    """The sentence for an owner that cannot be: a task is a person's of the team or of the shares, or a department's."""
    if owner not in TaskOwner.values:
        return {"owner": _("请选择责任人。")}
    if owner == TaskOwner.DEPARTMENT and department is None:
        return {"department": _("请选择职能部门。")}
    if person is None:
        return {}
    works = person.appointments.filter(
        in_force(), team__in=(project.team_id, project.team.parent_id)
    ).exists()
    if (
        works
        or person.pk == project.owner_id
        or project.shares.filter(person=person, holds_until=None).exists()
    ):
        return {}
    return {
        "person": _("%(name)s 不在责任团队，也没有份额，看不到这个项目；请另选一位。") % {"name": person.name}
    }


def _tell(actor: Account, project: Project, task: ServiceTask) -> None:
    """Let the one who is named know."""
    account = getattr(task.person, "account", None) if task.person_id else None
    if account is not None and account != actor:
        notify(
            recipients=[account],
            text=_("“%(project)s”的服务任务“%(task)s”交给您，%(day)s 前完成。")
            % {"project": project.name, "task": task.title, "day": task.due_on},
            url=f"/projects/{project.public_id}/?tab=service",
        )
