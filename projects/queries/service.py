"""The service plan of a project, everybody's tasks, what is due, and 四个一."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access import projects_visible_to
from projects.access.service import tasks_visible_to
from projects.models import (
    FirstReception,
    PlanTemplate,
    Project,
    ServicePlan,
    ServiceTask,
    TaskOwner,
    TaskState,
)
from projects.queries.protection import Protection, protection_of
from projects.queries.record_facts import Facts, facts_of
from projects.queries.specialist import lacking_specialists, present_specialists
from projects.workflow import KEY_CLASSES, SERVICE_PLAN, SPECIALIST, TEAM, Stage, Status
from staff.access import in_force, teams_led_by
from staff.models import Account, Appointment
from staff.queries.due_item import DueItem


@dataclass(frozen=True)
class Progress:
    """How far a plan is; what is no longer needed does not count."""

    edition: int
    done: int
    total: int
    overdue: int

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"


def progress_of(project: Project) -> Progress | None:
    """One query; None without a plan."""
    counted = Q(tasks__state__in=(TaskState.OPEN, TaskState.DONE))
    row = (
        ServicePlan.objects.filter(project=project)
        .annotate(
            done=Count("tasks", filter=Q(tasks__state=TaskState.DONE)),
            total=Count("tasks", filter=counted),
            overdue=Count(
                "tasks", filter=Q(tasks__state=TaskState.OPEN, tasks__due_on__lt=timezone.localdate())
            ),
        )
        .values_list("edition", "done", "total", "overdue")
        .first()
    )
    return Progress(*row) if row else None


def _progress(facts: Facts) -> Progress | None:
    done, total = facts["tasks_done"], facts["tasks_done"] + facts["tasks_open"]
    edition = facts["plan_edition"]
    return None if edition is None else Progress(edition, done, total, facts["tasks_late"])


@dataclass(frozen=True)
class StageTasks:
    """The tasks of a plan at one stage."""

    label: Any
    tasks: Sequence[ServiceTask]
    is_current: bool


def plan_stages(project: Project) -> list[StageTasks]:
    """The plan by stage, the present stage first, then the later and the earlier ones as they come; three queries."""
    rows = list(
        ServiceTask.objects.filter(plan__project=project)
        .select_related("person", "department", "closed_by")
        .prefetch_related("documents")
        .order_by("position", "pk")
    )
    order = {str(stage): place for place, stage in enumerate(Stage)}
    rows.sort(key=lambda task: (task.stage != project.stage, -order[task.stage], task.position, task.pk))
    return [
        StageTasks(Stage(stage).label, list(tasks), stage == project.stage)
        for stage, tasks in groupby(rows, key=lambda task: task.stage)
    ]


def service_tab(actor: Account, project: Project) -> dict[str, Any]:
    """What the tab of the record shows."""
    stages = plan_stages(project)
    for group in stages:
        for task in group.tasks:
            task.who = who_of(task, project)  # type: ignore[attr-defined]
            task.late_days = (timezone.localdate() - task.due_on).days  # type: ignore[attr-defined]
    return {"plan_progress": progress_of(project), "plan_stages": stages}


def listed_tasks(actor: Account) -> QuerySet[ServiceTask]:
    """The tasks of the projects one sees that are worked on, with what the list draws."""
    return (
        tasks_visible_to(actor)
        .exclude(plan__project__status=Status.LOST)
        .select_related("plan__project__owner", "plan__project__team", "person", "department")
        .annotate(
            is_overdue=Case(
                When(state=TaskState.OPEN, due_on__lt=timezone.localdate(), then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
        )
    )


def mine(actor: Account) -> Q:
    """The tasks that are this person's: named, or by office (specialist of the project, leader of its team)."""
    if actor.person_id is None:
        return Q(pk__in=())
    by_office = Q(
        owner__in=(TaskOwner.SPECIALIST, TaskOwner.DEPARTMENT), plan__project__owner=actor.person_id
    ) | Q(owner=TaskOwner.LEADER, plan__project__team__in=teams_led_by(actor).values("pk"))
    return Q(person=actor.person_id) | (Q(person=None) & by_office)


def tasks_due(actor: Account, until: date) -> list[DueItem]:
    """One's own open tasks up to the day; a department's is the specialist's to see to."""
    due = (
        tasks_visible_to(actor)
        .filter(mine(actor), state=TaskState.OPEN, due_on__lte=until, plan__project__status=Status.ACTIVE)
        .select_related("plan__project", "department")
        .order_by("due_on", "pk")
    )
    return [
        DueItem(
            on=task.due_on,
            kind="service-task",
            key=str(task.pk),
            title=task.title,
            detail=_("%(project)s · 服务方案") % {"project": task.plan.project.name}
            + (f" · {task.department.name}" if task.department else ""),
            url=f"{reverse('projects:detail', args=[task.plan.project.public_id])}?tab=service#task-{task.public_id}",
        )
        for task in due
    ]


def who_of(task: ServiceTask, project: Project) -> str:
    """Who sees to a task, in a word or two."""
    if task.person:
        return str(task.person.name)
    if task.owner == TaskOwner.DEPARTMENT and task.department:
        return task.department.name
    return project.owner.name if task.owner == TaskOwner.SPECIALIST else str(TaskOwner.LEADER.label)


NEED_WORDS = {
    TEAM: lambda: _("团队"),
    SERVICE_PLAN: lambda: _("服务方案"),
    SPECIALIST: lambda: _("服务专员"),
}


@dataclass(frozen=True)
class FourOnes:
    """四个一 of a project: its team, plan and specialist, for how long he has followed it, and what is lacking."""

    team_size: int
    progress: Progress | None
    owner_in_post: bool
    reception: FirstReception | None
    days: int
    departments: Sequence[str]
    departments_lacking: Sequence[str]
    is_key: bool

    @property
    def present(self) -> dict[str, bool]:
        return {
            TEAM: self.team_size > 0,
            SERVICE_PLAN: self.progress is not None and self.progress.total > 0,
            SPECIALIST: self.owner_in_post,
        }

    @property
    def lacks(self) -> list[str]:
        """What a key project still needs, in words; nothing is asked of the others."""
        return [NEED_WORDS[name]() for name, there in self.present.items() if self.is_key and not there]


def needs_present(project: Project) -> dict[str, bool]:
    """Which of the four there are, as the gate asks; three queries."""
    return {
        TEAM: Appointment.objects.filter(in_force(), team=project.team_id).exists(),
        SERVICE_PLAN: ServiceTask.objects.filter(plan__project=project)
        .exclude(state=TaskState.SKIPPED)
        .exists(),
        SPECIALIST: Appointment.objects.filter(in_force(), person=project.owner_id).exists(),
    }


def four_ones(project: Project, facts: Facts | None = None, held: Protection | None = None) -> FourOnes:
    """From the facts of the record and the protection of its company, where they are at hand; the specialists of departments
    are read only where there are any."""
    known = facts_of(project) if facts is None else facts
    if held is None and known["has_reception"]:
        held = protection_of(project.company)
    specialists = present_specialists(project) if known["has_specialists"] else []
    return FourOnes(
        team_size=known["team_size"],
        progress=_progress(known),
        owner_in_post=known["owner_in_post"],
        reception=held.in_force if held else None,
        days=(timezone.localdate() - project.reported_on).days,
        departments=[row.department.name for row in specialists],
        departments_lacking=[row.name for row in lacking_specialists(project)],
        is_key=project.project_class in KEY_CLASSES,
    )


def key_projects(actor: Account) -> QuerySet[Project]:
    """The key projects that are worked on, each with its four and how many are lacking; one statement."""
    tasks = ServiceTask.objects.filter(plan__project=OuterRef("pk")).order_by()
    done = tasks.filter(state=TaskState.DONE).values("plan").annotate(n=Count("pk")).values("n")
    total = tasks.exclude(state=TaskState.SKIPPED).values("plan").annotate(n=Count("pk")).values("n")
    late = tasks.filter(state=TaskState.OPEN, due_on__lt=timezone.localdate())
    lacking = [
        Case(When(**{name: True}, then=Value(0)), default=Value(1))
        for name in ("has_team", "has_plan", "has_owner")
    ]
    return (
        projects_visible_to(actor)
        .filter(project_class__in=KEY_CLASSES, status=Status.ACTIVE)
        .select_related("company", "team", "owner")
        .annotate(
            has_team=Exists(Appointment.objects.filter(in_force(), team=OuterRef("team"))),
            has_owner=Exists(Appointment.objects.filter(in_force(), person=OuterRef("owner"))),
            has_plan=Exists(tasks.exclude(state=TaskState.SKIPPED)),
            is_late=Exists(late),
            tasks_done=Coalesce(Subquery(done), 0),
            tasks_total=Coalesce(Subquery(total), 0),
            edition=Subquery(ServicePlan.objects.filter(project=OuterRef("pk")).values("edition")),
        )
        .annotate(lacking=lacking[0] + lacking[1] + lacking[2])
    )


def templates_in_force(actor_templates: QuerySet[PlanTemplate]) -> dict[tuple[str, str], PlanTemplate]:
    """The versions that hold today or are planned, by class and stage, with the number of their tasks; one query."""
    rows = actor_templates.filter(holds_until=None).annotate(task_count=Count("tasks"))
    return {(row.project_class, row.stage): row for row in rows}
