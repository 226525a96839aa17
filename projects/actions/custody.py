"""Moving custody of a locked project: the specialist and the team, and what hangs on them. Stage, history and shares stay."""

from projects.actions.moves import save_project
from projects.models import FirstReception, Project, ServiceTask, TaskState
from staff.models import Person, Team


def move_custody(project: Project, giver: Person, receiver: Person, team: Team) -> None:
    """The receiver becomes specialist in the team; the giver's open tasks and the reception he holds go along."""
    project.owner, project.team = receiver, team
    save_project(project, "owner", "team")
    tasks = ServiceTask.objects.filter(plan__project=project, state=TaskState.OPEN, person=giver)
    tasks.update(person=None)
    FirstReception.objects.filter(company=project.company_id, person=giver, released_at=None).update(
        person=receiver, team=team
    )
