"""What the record of a project has to know of every subject before it reads any: counts beside tabs, and which cards are empty.

One statement, compiled once (`promotion.prepared`). A subject adds a line to `_asked`; what it has nothing of, nobody reads.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from projects.models import (
    OPEN_HANDOVER,
    RUNNING,
    AdmissionApplication,
    Blocker,
    ContactRole,
    Diligence,
    DiligenceState,
    DriveProject,
    FirstReception,
    Handover,
    JointReview,
    KeyProjectRecognition,
    KeyState,
    NextStepAct,
    NextStepEntry,
    Project,
    ProjectSpecialist,
    Promise,
    Reservation,
    ReviewState,
    ServicePlan,
    ServiceTask,
    TaskState,
)
from projects.queries.promise import PENDING
from promotion.prepared import HowMany, Prepared, Slot
from staff.access import in_force
from staff.models import Appointment

Facts = Mapping[str, Any]


def _asked() -> dict[str, Any]:
    today = Slot("today", DateField())
    own = Q(project=OuterRef("pk"))
    tasks = ServiceTask.objects.filter(plan__project=OuterRef("pk")).order_by()
    posts = Appointment.objects.filter(in_force(today)).order_by()
    promises = Promise.objects.filter(own).order_by()
    reviews = JointReview.objects.filter(own, state=ReviewState.OPEN).order_by()
    undecided = AdmissionApplication.objects.filter(own, decision="").order_by()
    inquiries = Diligence.objects.filter(own).exclude(state=DiligenceState.CONFIRMED).order_by()
    return {
        "team_size": _count(posts.filter(team=OuterRef("team"))),
        "owner_in_post": Exists(posts.filter(person=OuterRef("owner"))),
        "plan_edition": Subquery(ServicePlan.objects.filter(own).order_by("pk").values("edition")[:1]),
        "tasks_done": _count(tasks.filter(state=TaskState.DONE)),
        "tasks_open": _count(tasks.filter(state=TaskState.OPEN)),
        "tasks_late": _count(tasks.filter(state=TaskState.OPEN, due_on__lt=today)),
        "promise_count": _count(promises),
        "promises_late": Exists(promises.filter(due_on__lt=today, state__in=PENDING)),
        "blocker_count": _count(Blocker.objects.filter(own, state__in=RUNNING).order_by()),
        "admission_waits": _count(undecided) + _count(inquiries),
        "review_count": _count(reviews),
        "reviews_late": Exists(reviews.filter(due_on__lt=today)),
        "has_reception": Exists(FirstReception.objects.filter(company=OuterRef("company"))),
        "has_specialists": Exists(ProjectSpecialist.objects.filter(own, ends_on=None)),
        "has_handover": Exists(Handover.objects.filter(own, state__in=OPEN_HANDOVER)),
        "has_drives": Exists(DriveProject.objects.filter(own, left_on=None)),
        "has_contacts": Exists(ContactRole.objects.filter(own, ends_on=None)),
        "has_sites": Exists(Reservation.objects.filter(own)),
        "key_recognised": Exists(KeyProjectRecognition.objects.filter(own, state=KeyState.RECOGNISED)),
        "key_asked": Exists(KeyProjectRecognition.objects.filter(own, state=KeyState.SUBMITTED)),
        "has_steps": Exists(NextStepEntry.objects.filter(own).exclude(act=NextStepAct.SET)),
    }


def _count(rows: QuerySet[Any]) -> Any:
    return HowMany(rows.values(one=F("pk")))


_FACTS = Prepared(lambda: Project.objects.filter(pk=Slot("project")).values(**_asked()))


def facts_of(project: Project) -> Facts:
    """The facts of one project; one statement."""
    (found,) = _FACTS.rows(project=project.pk, today=timezone.localdate())
    return found
