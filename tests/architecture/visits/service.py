"""A plan with a task, a template, a handover that waits and a finished batch."""

from datetime import date

from projects.actions import TemplateTask, add_task, save_template
from projects.models import Handover, HandoverBatch, Project
from staff.models import Account


class Template:
    """What the address of a template names."""

    project_class = "major"
    stage = "lead"


class Move:
    """A task and the direction it is moved in."""

    direction = "up"

    def __init__(self, public_id: str) -> None:
        self.public_id = public_id


class Decision:
    """A request and what is done with it."""

    verb = "accept"

    def __init__(self, public_id: str) -> None:
        self.public_id = public_id


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    task = add_task(actor=officer, project=project, title="走访企业", due_on=date(2026, 6, 1))
    save_template(actor=manager, project_class="major", stage="lead", tasks=[TemplateTask("核实", 3)])
    receiver = officer.person.appointments.get().team.appointments.exclude(person=officer.person).first()
    asked = Handover.objects.create(
        project=project,
        giver=project.owner,
        receiver=receiver.person,
        from_team=project.team,
        to_team=project.team,
        reason="轮岗",
        proposed_by=officer,
    )
    batch = HandoverBatch.objects.create(
        person=officer.person, last_day=date(2026, 6, 30), reason="离职", confirmed_by=manager
    )
    return {
        "projects:handover": asked,
        "projects:handover-decide": Decision(asked.public_id),
        "projects:handover-batch": batch,
        "projects:handover-wizard": officer.person,
        "projects:custody-card": officer.person,
        "projects:task-*": task,
        "projects:task-move": Move(task.public_id),
        "projects:template": Template(),
    }
