"""A plan with a task, a template, a handover that waits and a finished batch."""

from datetime import date

from projects.actions import TemplateTask, add_task, save_template
from projects.models import Project
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


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    task = add_task(actor=officer, project=project, title="走访企业", due_on=date(2026, 6, 1))
    save_template(actor=manager, project_class="major", stage="lead", tasks=[TemplateTask("核实", 3)])
    return {
        "projects:task-*": task,
        "projects:task-move": Move(task.public_id),
        "projects:template": Template(),
    }
