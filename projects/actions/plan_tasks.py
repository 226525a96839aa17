"""What a stage brings to a project: the tasks of the template in force, each once, due in working days from the day of entry.

Called by whoever places a project at a stage, with the project locked; it writes under that action's name.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Max, Q
from django.utils import timezone

from projects.models import PlanTemplate, PlanTemplateTask, Project, ServicePlan, ServiceTask
from promotion.working_days import working_calendar
from staff.models import Account


def template_in_force(project: Project, stage: str, day: date) -> PlanTemplate | None:
    """The template for the project's class at a stage on a day."""
    held = Q(holds_from__lte=day) & (Q(holds_until=None) | Q(holds_until__gt=day))
    return PlanTemplate.objects.filter(held, project_class=project.project_class, stage=stage).first()


def enter_stage(project: Project, actor: Account | None, day: date) -> list[ServiceTask]:
    """Add what the template of the project's stage asks for and the plan does not have yet; a second call adds nothing."""
    template = template_in_force(project, project.stage, day)
    if template is None:
        return []
    return add_tasks(project, template.tasks.all(), actor, day)


def add_tasks(
    project: Project, sources: Iterable[PlanTemplateTask], actor: Account | None, day: date
) -> list[ServiceTask]:
    """The template's tasks that the plan does not have at this stage, by their titles; a new edition when there are any."""
    plan, created = ServicePlan.objects.get_or_create(
        project=project, defaults={"started_on": timezone.localdate()}
    )
    known = set(plan.tasks.filter(stage=project.stage).values_list("title", flat=True))
    calendar, place = working_calendar(), next_place(plan)
    added = [
        ServiceTask(
            plan=plan,
            source=source,
            stage=project.stage,
            title=source.title,
            owner=source.owner,
            department_id=source.department_id,
            due_on=calendar.after(day, source.due_days),
            needs_evidence=source.needs_evidence,
            position=place + number,
            created_by=actor,
        )
        for number, source in enumerate(each for each in sources if each.title not in known)
    ]
    if added and not created and place > 1:
        plan.edition += 1
        plan.version += 1
        plan.save(update_fields=["edition", "version"])
    return ServiceTask.objects.bulk_create(added)


def next_place(plan: ServicePlan) -> int:
    """The place after the last task."""
    return (plan.tasks.aggregate(last=Max("position"))["last"] or 0) + 1
