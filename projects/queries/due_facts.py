"""From which subjects anything can be due for a person, before any of them is read.

One statement, compiled once (`promotion.prepared`). It may say yes where the subject then finds nothing, as it does not ask who sees
what; it never says no where there is something. A subject without a line here is always read.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, Exists, Q, QuerySet

from projects.models import (
    RUNNING,
    Achievement,
    Arbitration,
    ArbitrationState,
    Blocker,
    Drive,
    DriveProject,
    FirstReception,
    GateCondition,
    JointReview,
    Mention,
    Project,
    Promise,
    Recognition,
    Reservation,
    ReservationState,
    ReviewState,
    ServiceTask,
    TaskState,
)
from projects.queries.clock import RUNNING_STAGES
from projects.queries.promise import PENDING
from projects.queries.specialist import BUILDING
from projects.workflow import Status
from promotion.prepared import Prepared, Slot
from staff.models import Account


def _asked() -> dict[str, Exists]:
    """By the name of the source; `returned` and `mentioned` are the workbench's own."""
    person, account = Slot("person"), Slot("account")
    until, next_day = Slot("until", DateField()), Slot("next_day", DateField())
    own = Project.objects.filter(owner=person, status=Status.ACTIVE)
    given = Q(next_step_person=None, owner=person) | Q(next_step_person=person)
    lines = DriveProject.objects.filter(
        project__owner=person, drive__closed_on=None, done_on=None, left_on=None
    )
    asked: dict[str, QuerySet] = {
        "next_steps_due": Project.objects.filter(given, status=Status.ACTIVE, next_step_on__lte=until),
        "clocks_due": own.filter(clock__isnull=False, stage__in=RUNNING_STAGES),
        "tasks_due": ServiceTask.objects.filter(
            Q(person=person) | Q(person=None), state=TaskState.OPEN, due_on__lte=until
        ),
        "promises_due": Promise.objects.filter(person=person, state__in=PENDING, due_on__lte=until),
        "reservations_due": Reservation.objects.filter(
            project__owner=person,
            state__in=(ReservationState.RESERVED, ReservationState.LOCKED),
            ends_on__lte=until,
        ),
        "blockers_due": Blocker.objects.filter(state__in=RUNNING, due_on__lte=until),
        "targets_due": lines,
        "drives_ended": Drive.objects.filter(created_by=account, closed_on=None, ends_on__lte=next_day),
        "specialists_due": own.filter(stage__in=BUILDING, stage_since__lte=until),
        "protections_due": FirstReception.objects.filter(
            person=person, released_at=None, protected_until__lte=until
        ),
        "statements_due": Arbitration.objects.filter(state=ArbitrationState.OPEN, statements_due__lte=until),
        "opinions_due": JointReview.objects.filter(state=ReviewState.OPEN, due_on__lte=until),
        "conditions_due": GateCondition.objects.filter(owner=person, closed_on=None, due_on__lte=until),
        "returned": Achievement.objects.filter(submitted_by=account, state=Recognition.RETURNED),
        "mentioned": Mention.objects.filter(account=account, seen_at=None),
    }
    return {name: Exists(rows.order_by()) for name, rows in asked.items()}


_FACTS: Prepared[Any] = Prepared(lambda: Account.objects.filter(pk=Slot("account")).values(**_asked()))


def anything_due(actor: Account, until: date) -> Mapping[str, bool]:
    """Whether each subject may have something for the person up to the day; one statement."""
    values = {"account": actor.pk, "person": actor.person_id or 0}
    (found,) = _FACTS.rows(**values, until=until, next_day=until + timedelta(1))
    return {**found, "drives_due": found["targets_due"] or found["drives_ended"]}
