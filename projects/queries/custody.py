"""Everything that a person answers for: the projects, and beside them each open thing that a colleague has to take over."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from projects.models import (
    OPEN_HANDOVER,
    Achievement,
    Arbitration,
    ArbitrationState,
    Drive,
    FirstReception,
    GateCondition,
    Handover,
    ItemKind,
    Project,
    Promise,
    PromiseState,
    Recognition,
    ReviewState,
    ServiceTask,
    TaskState,
)
from projects.queries.drive import last_day
from projects.queries.handover import due_of
from projects.workflow import KEY_CLASSES, ORDER, Stage, Status
from promotion.web.formats import day
from staff.models import Person
from staff.queries.due_item import DueItem

PENDING_PROMISE = (PromiseState.OPEN, PromiseState.PARTIAL)
ENDED_REVIEW = (ReviewState.FAILED, ReviewState.WITHDRAWN)


@dataclass(frozen=True)
class Held:
    """One open thing beside the projects; `key` names it in forms and in the API."""

    kind: ItemKind
    key: str
    title: str
    detail: str
    row: Any


@dataclass(frozen=True)
class Custody:
    """Everything that a person answers for: what is handed over item by item, and what goes along or is only told."""

    projects: Sequence[Project]
    held: Sequence[Held]
    due: Sequence[DueItem]
    reports: Sequence[Achievement]
    waiting: Sequence[Handover]
    steps: Sequence[Project]

    @property
    def keys(self) -> list[str]:
        """The items that need a receiver."""
        return [*(f"project-{one.public_id}" for one in self.projects), *(one.key for one in self.held)]

    @property
    def is_empty(self) -> bool:
        """Nothing to hand over and nothing that falls back to others."""
        return not (self.keys or self.steps or self.waiting)

    @property
    def has_key_project(self) -> bool:
        return any(one.project_class in KEY_CLASSES for one in self.projects)


def held_count(person: Person) -> int:
    """How many things a person still holds or is to see to (settings.HELD_BY_PERSON: leaving the house asks it)."""
    custody = custody_of(person)
    return len(custody.keys) + len(custody.steps) + len(custody.waiting)


def custody_of(person: Person) -> Custody:
    """One query a kind and what the sources of due things ask; lost projects stay where they are."""
    projects = list(
        Project.objects.filter(owner=person)
        .exclude(status=Status.LOST)
        .select_related("company", "team", "owner")
        .order_by("pk")
    )
    projects.sort(key=lambda project: ORDER.index(Stage(project.stage)), reverse=True)
    reports = Achievement.objects.filter(
        submitted_by__person=person, state__in=(Recognition.SUBMITTED, Recognition.RETURNED)
    )
    return Custody(
        projects=projects,
        held=[one for find in HOLDINGS.values() for one in find(person, projects)],
        due=due_of(person),
        reports=list(reports.select_related("project", "person").order_by("happened_on", "pk")),
        waiting=handovers_waiting_for(person),
        steps=list(
            Project.objects.filter(next_step_person=person)
            .exclude(owner=person)
            .select_related("owner")
            .order_by("pk")
        ),
    )


def project_of(held: Held) -> Project | None:
    """The project that a task or a promise is seen to in; the other things are seen by whoever has them."""
    if held.kind == ItemKind.TASK:
        return held.row.plan.project  # type: ignore[no-any-return]
    return held.row.project if held.kind == ItemKind.PROMISE else None


def handovers_waiting_for(person: Person) -> list[Handover]:
    """The requests that this person was to receive a project by."""
    rows = Handover.objects.filter(receiver=person, state__in=OPEN_HANDOVER)
    return list(rows.select_related("project", "giver").order_by("pk"))


def _tasks(person: Person, own: Sequence[Project]) -> Iterable[Held]:
    """Tasks in other people's projects; those in one's own go along with the project."""
    rows = ServiceTask.objects.filter(_elsewhere(own, "plan__project"), person=person, state=TaskState.OPEN)
    for row in rows.select_related("plan__project").order_by("due_on", "pk"):
        detail = f"{row.plan.project} · {_until(row.due_on)}"
        yield Held(ItemKind.TASK, f"task-{row.public_id}", row.title, detail, row)


def _receptions(person: Person, own: Sequence[Project]) -> Iterable[Held]:
    """Claims on investors without a project of one's own."""
    rows = FirstReception.objects.filter(person=person, released_at=None)
    rows = rows.exclude(company__in={project.company_id for project in own})
    for row in rows.select_related("company", "team").order_by("pk"):
        detail = _("保护至 %(day)s") % {"day": day(row.protected_until)}
        yield Held(ItemKind.RECEPTION, f"reception-{row.pk}", row.company.name, detail, row)


def _conditions(person: Person, own: Sequence[Project]) -> Iterable[Held]:
    """Conditions of joint reviews and admissions on other people's projects that one has to meet."""
    rows = GateCondition.objects.filter(_elsewhere(own), owner=person, closed_on=None)
    rows = rows.exclude(opinion__review__state__in=ENDED_REVIEW)
    for row in rows.select_related("project").order_by("due_on", "pk"):
        detail = f"{row.project} · {_until(row.due_on)}"
        yield Held(ItemKind.CONDITION, f"condition-{row.pk}", row.text, detail, row)


def _promises(person: Person, own: Sequence[Project]) -> Iterable[Held]:
    """Promises of other people's projects that one sees to."""
    rows = Promise.objects.filter(_elsewhere(own), person=person, state__in=PENDING_PROMISE)
    for row in rows.select_related("project").order_by("due_on", "pk"):
        detail = f"{row.project} · {_until(row.due_on)}"
        yield Held(ItemKind.PROMISE, f"promise-{row.public_id}", row.text, detail, row)


def _drives(person: Person, _own: Sequence[Project]) -> Iterable[Held]:
    """Supervised drives that one leads."""
    for row in Drive.objects.filter(leader=person, closed_on=None).order_by("pk"):
        yield Held(ItemKind.DRIVE, f"drive-{row.public_id}", row.name, _until(last_day(row)), row)


def _cases(person: Person, _own: Sequence[Project]) -> Iterable[Held]:
    """Disputes that one is a party of; a respondent who still holds the reception hands the case over along with it."""
    parties = Q(claimant=person) | (Q(respondent=person) & ~Q(reception__person=person))
    for row in Arbitration.objects.filter(parties, state=ArbitrationState.OPEN).order_by("pk"):
        detail = _("陈述期限 %(day)s") % {"day": day(row.statements_due)}
        yield Held(ItemKind.CASE, f"case-{row.public_id}", row.label, detail, row)


def _elsewhere(own: Sequence[Project], project: str = "project") -> Q:
    """In projects of others that were not lost; what belongs to one's own goes along with them."""
    return ~Q(**{f"{project}__in": own}) & ~Q(**{f"{project}__status": Status.LOST})


def _until(on: Any) -> str:
    return _("%(day)s 前") % {"day": day(on)}


# What the wizard hands over beside projects, by the column that names the person.
HOLDINGS: dict[str, Callable[[Person, Sequence[Project]], Iterable[Held]]] = {
    "projects.ServiceTask.person": _tasks,
    "projects.FirstReception.person": _receptions,
    "projects.GateCondition.owner": _conditions,
    "projects.Promise.person": _promises,
    "projects.Drive.leader": _drives,
    "projects.Arbitration.claimant": _cases,
}
