"""Moving what a person answers for: a locked project with what hangs on it, or one open thing. Stage, history and shares stay."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import F, Q, QuerySet

from projects.actions.moves import save_project
from projects.models import (
    Arbitration,
    ArbitrationState,
    Drive,
    FirstReception,
    GateCondition,
    ItemKind,
    Project,
    Promise,
    ServiceTask,
    TaskState,
)
from projects.queries.custody import PENDING_PROMISE, Held
from staff.models import Person, Team

# What goes along with a project without being asked for, by the column that names the person; `move_custody` sees to it.
GOES_ALONG = (
    "projects.Project.owner",
    "projects.Project.next_step_person",
    "projects.ServiceTask.person",
    "projects.FirstReception.person",
    "projects.Promise.person",
    "projects.GateCondition.owner",
    "projects.Arbitration.respondent",
)


def move_custody(project: Project, giver: Person, receiver: Person, team: Team) -> None:
    """The receiver becomes specialist in the team; what the giver held for the project goes along.

    His open tasks and his next step fall to whoever is specialist, his promises, conditions and the reception to the receiver.
    """
    project.owner, project.team = receiver, team
    if project.next_step_person_id in (giver.pk, receiver.pk):
        project.next_step_person = None
    save_project(project, "owner", "team", "next_step_person")
    tasks = ServiceTask.objects.filter(plan__project=project, state=TaskState.OPEN, person=giver)
    tasks.update(person=None)
    promises = Promise.objects.filter(project=project, person=giver, state__in=PENDING_PROMISE)
    promises.update(person=receiver, version=F("version") + 1)
    conditions = GateCondition.objects.filter(project=project, owner=giver, closed_on=None)
    conditions.update(owner=receiver, version=F("version") + 1)
    _move_receptions(Q(company=project.company_id), giver, receiver, team)


def _move_receptions(which: Q, giver: Person, receiver: Person, team: Team) -> None:
    """The claim passes on as it stands, and with it the answer in a dispute over it."""
    held = FirstReception.objects.filter(which, person=giver, released_at=None)
    disputes = Arbitration.objects.filter(state=ArbitrationState.OPEN, reception__in=held, respondent=giver)
    disputes.update(respondent=receiver, respondent_team=team, version=F("version") + 1)
    held.update(person=receiver, team=team)


def take_over(held: Held, giver: Person, receiver: Person, team: Team) -> bool:
    """The receiver takes the giver's place in one open thing; gives whether it was still the giver's to hand over."""
    return TAKERS[held.kind](held.row, giver, receiver, team)


def _take_task(row: ServiceTask, giver: Person, receiver: Person, _team: Team) -> bool:
    rows = ServiceTask.objects.filter(pk=row.pk, person=giver, state=TaskState.OPEN)
    return _give(rows, {"person": receiver})


def _take_reception(row: FirstReception, giver: Person, receiver: Person, team: Team) -> bool:
    still = FirstReception.objects.filter(pk=row.pk, person=giver, released_at=None).exists()
    _move_receptions(Q(pk=row.pk), giver, receiver, team)
    return still


def _take_condition(row: GateCondition, giver: Person, receiver: Person, _team: Team) -> bool:
    rows = GateCondition.objects.filter(pk=row.pk, owner=giver, closed_on=None)
    return _give(rows, {"owner": receiver})


def _take_promise(row: Promise, giver: Person, receiver: Person, _team: Team) -> bool:
    rows = Promise.objects.filter(pk=row.pk, person=giver, state__in=PENDING_PROMISE)
    return _give(rows, {"person": receiver})


def _take_drive(row: Drive, giver: Person, receiver: Person, _team: Team) -> bool:
    return _give(Drive.objects.filter(pk=row.pk, leader=giver, closed_on=None), {"leader": receiver})


def _take_case(row: Arbitration, giver: Person, receiver: Person, team: Team) -> bool:
    side = "claimant" if row.claimant_id == giver.pk else "respondent"
    rows = Arbitration.objects.filter(pk=row.pk, state=ArbitrationState.OPEN, **{side: giver})
    return _give(rows, {side: receiver, f"{side}_team": team})


def _give(rows: QuerySet[Any], values: Mapping[str, Any]) -> bool:
    return bool(rows.update(**values, version=F("version") + 1))


TAKERS: dict[ItemKind, Callable[[Any, Person, Person, Team], bool]] = {
    ItemKind.TASK: _take_task,
    ItemKind.RECEPTION: _take_reception,
    ItemKind.CONDITION: _take_condition,
    ItemKind.PROMISE: _take_promise,
    ItemKind.DRIVE: _take_drive,
    ItemKind.CASE: _take_case,
}
