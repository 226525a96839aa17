"""What is due for a person, from every subject: one shape for the workbench, the reminders and the calendar feed.

A subject that sets dates (service tasks, blockers, promises, protections, reservations …) adds a source here: a function of
(actor, until) that gives what this person has to see to up to and including that day, overdue things included. A line in
`due_facts` under the name of the function spares those who have nothing of it the question.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from projects.access import projects_visible_to
from projects.models import ClockKind, Project
from projects.queries.arbitration import statements_due
from projects.queries.blocker import blockers_due
from projects.queries.clock import RUNNING_STAGES, Running, clock_book
from projects.queries.drive import drives_due
from projects.queries.due_facts import anything_due
from projects.queries.promise import promises_due, reservations_due
from projects.queries.protection_due import protections_due
from projects.queries.review_due import conditions_due, opinions_due
from projects.queries.service import tasks_due
from projects.queries.specialist import specialists_due
from projects.workflow import Status
from promotion.web.markup import address
from staff.models import Account
from staff.queries.due import STAFF_SOURCES
from staff.queries.due_item import DueItem, Source

# More than this of one kind is no list that anybody works through.
MOST = 200
# What `step_item` tells of a project; its rows are wide.
STEP_COLUMNS = (
    "public_id", "name", "company__name", "owner", "next_step", "next_step_on", "next_step_at", "next_step_person",
    "next_step_postponed",
)  # fmt: skip


def steps_of(actor: Account) -> QuerySet[Project]:
    """The projects whose next step this person sees to: one's own, unless a colleague does, and those one was given."""
    own = Q(next_step_person=None, owner=actor.person_id) | Q(next_step_person=actor.person_id)
    return projects_visible_to(actor).filter(own, status=Status.ACTIVE).exclude(next_step="")


def next_steps_due(actor: Account, until: date) -> list[DueItem]:
    """The next steps that this person sees to."""
    if actor.person_id is None:
        return []
    due = steps_of(actor).filter(next_step_on__lte=until).select_related("company").only(*STEP_COLUMNS)
    return [step_item(project) for project in due.order_by("next_step_on", "pk")[:MOST]]


def step_item(project: Project) -> DueItem:
    """A project's next step as a due thing, with what can be done about it."""
    words = {"project": project.name, "company": project.company.name, "count": project.next_step_postponed}
    detail = _("%(project)s · %(company)s") % words
    if project.next_step_postponed:
        detail = _("%(project)s · %(company)s · 已延后 %(count)s 次") % words
    return DueItem(
        on=project.next_step_on or timezone.localdate(),
        kind="next-step",
        key=str(project.pk),
        title=project.next_step,
        detail=detail,
        url=address("projects:detail", project.public_id),
        at=project.next_step_at,
        actions=(
            (_("完成"), address("projects:step-finish", project.public_id)),
            (_("延后"), address("projects:step-postpone", project.public_id)),
        ),
    )


def clocks_due(actor: Account, until: date) -> list[DueItem]:
    """The clocks of one's own leads and projects in talk that end by the day; none for a report that is not due yet."""
    if actor.person_id is None:
        return []
    book = clock_book()
    own = projects_visible_to(actor).filter(owner=actor.person_id, status=Status.ACTIVE, clock__isnull=False)
    running = own.filter(stage__in=RUNNING_STAGES).select_related("company", "clock").order_by("pk")
    found = []
    for project in running[:MOST]:
        worst = next((one for one in book.running(project) if one.due_on <= until), None)
        if worst is not None:
            found.append(_clock_item(project, worst))
    return found


def _clock_item(project: Project, clock: Running) -> DueItem:
    url = address("projects:detail", project.public_id)
    follow_up = (_("写跟进"), f"{url}?tab=timeline&write=1")
    move = (_("研判"), address("projects:advance", project.public_id))
    return DueItem(
        on=clock.due_on,
        kind=f"clock-{clock.kind.value}",
        key=str(project.pk),
        title=_("%(what)s：%(project)s") % {"what": clock.label, "project": project.name},
        detail=_("%(text)s · %(company)s") % {"text": clock.text, "company": project.company.name},
        url=url,
        actions=(move if clock.kind == ClockKind.JUDGEMENT else follow_up,),
    )


SOURCES: tuple[Source, ...] = (
    *STAFF_SOURCES,
    next_steps_due,
    clocks_due,
    tasks_due,
    promises_due,
    reservations_due,
    blockers_due,
    drives_due,
    specialists_due,
    protections_due,
    statements_due,
    opinions_due,
    conditions_due,
)


@cache
def all_sources() -> tuple[Source, ...]:
    """The sources of projects and staff, and those of the apps above (`settings.DUE_SOURCES`)."""
    return (*SOURCES, *(import_string(name) for name in settings.DUE_SOURCES))


def due_items(actor: Account, until: date, facts: Mapping[str, bool] | None = None) -> list[DueItem]:
    """Everything due up to the day, the earliest first; one statement says which sources to ask, then one for each of these.

    `facts` are those of `anything_due` for that day, where they are at hand.
    """
    there = anything_due(actor, until) if facts is None else facts
    asked = [source for source in all_sources() if there.get(source.__name__, True)]
    found = [item for source in asked for item in source(actor, until)]
    return sorted(found, key=lambda item: (item.on, item.kind, item.key))
