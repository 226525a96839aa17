"""What is due for a person, from every subject: one shape for the workbench, the reminders and the calendar feed.

A subject that sets dates (service tasks, blockers, promises, protections, reservations …) adds a source here: a function of
(actor, until) that gives what this person has to see to up to and including that day, overdue things included.
"""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.queries.due_item import DueItem, Source
from projects.queries.home import own_projects
from projects.queries.service import tasks_due
from staff.models import Account


def next_steps_due(actor: Account, until: date) -> list[DueItem]:
    """The next steps of one's own projects."""
    due = own_projects(actor).exclude(next_step="").filter(next_step_on__lte=until).select_related("company")
    return [
        DueItem(
            on=project.next_step_on,
            kind="next-step",
            key=str(project.pk),
            title=project.next_step,
            detail=_("%(project)s · %(company)s")
            % {"project": project.name, "company": project.company.name},
            url=reverse("projects:detail", args=[project.public_id]),
        )
        for project in due.order_by("next_step_on", "pk")
        if project.next_step_on
    ]


SOURCES: tuple[Source, ...] = (next_steps_due, tasks_due)


def due_items(actor: Account, until: date) -> list[DueItem]:
    """Everything due up to the day, the earliest first; one query per source."""
    found = [item for source in SOURCES for item in source(actor, until)]
    return sorted(found, key=lambda item: (item.on, item.kind, item.key))
