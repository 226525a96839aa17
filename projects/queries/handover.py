"""What goes along when custody moves: of one project, and of everything that a person has."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access.handover import handovers_visible_to
from projects.models import (
    OPEN_HANDOVER,
    Achievement,
    Handover,
    HandoverState,
    Project,
    Recognition,
    ServiceTask,
    TaskState,
)
from projects.queries.due import due_items
from staff.access import in_force
from staff.models import Account, Appointment, Person
from staff.queries.due_item import DueItem

# How far ahead what is due is listed in a handover; nearly everything with a date lies within (assumption).
AHEAD = timedelta(days=365)
STATE_TONES = {
    HandoverState.PROPOSED: "attention",
    HandoverState.ACCEPTED: "accent",
    HandoverState.APPROVED: "done",
    HandoverState.REJECTED: "alarm",
    HandoverState.CANCELLED: "plain",
}


def contents_of(project: Project, due: Sequence[DueItem] | None = None) -> dict[str, list[str]]:
    """What goes along with a project, in words: the next step, open tasks, what else is due, contacts, reports that wait.

    `due` is what the specialist has to see to, when the caller asked for it already.
    """
    due = due_of(project.owner) if due is None else due
    tasks = ServiceTask.objects.filter(plan__project=project, state=TaskState.OPEN).order_by("due_on", "pk")
    reports = Achievement.objects.filter(
        project=project, state__in=(Recognition.SUBMITTED, Recognition.RETURNED)
    )
    contacts = project.company.contacts.filter(retired_on=None)
    step = f"{project.next_step} {project.next_step_on or ''}".strip()
    return {
        "next_step": [step] if step else [],
        "tasks": [f"{task.title}（{task.due_on}）" for task in tasks],
        "due": [
            f"{item.title}（{item.on}）"
            for item in due
            if project.public_id in item.url and item.kind not in ("service-task", "next-step")
        ],
        "contacts": [f"{one.name} {one.title}".strip() for one in contacts],
        "reports": [
            f"{one.get_kind_display()} {one.happened_on} {one.get_state_display()}" for one in reports
        ],
    }


CONTENT_WORDS = {
    "next_step": lambda: _("下一步"),
    "tasks": lambda: _("未完成的服务任务"),
    "due": lambda: _("承诺、堵点等其他到期事项"),
    "contacts": lambda: _("企业联系人"),
    "reports": lambda: _("在办的业绩申报"),
}


def contents_in_words(contents: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    """The kept contents with their headings, empty ones left out."""
    return [(word(), contents[name]) for name, word in CONTENT_WORDS.items() if contents.get(name)]


def contents_to_tell(handover: Handover) -> dict[str, list[str]]:
    """What goes along, as anybody who sees the request may know it: of a secret project only how many things it is."""
    if not handover.project.is_secret:
        return dict(handover.contents)
    return {name: [_("共 %(n)s 项") % {"n": len(held)}] for name, held in handover.contents.items() if held}


def listed_handovers(actor: Account) -> QuerySet[Handover]:
    """The handovers that the account sees, with what the list draws."""
    return handovers_visible_to(actor).select_related(
        "project", "giver", "receiver", "from_team", "to_team", "proposed_by", "decided_by"
    )


def open_handover(project: Project) -> Handover | None:
    """The request in hand for a project, if any."""
    return (
        Handover.objects.filter(project=project, state__in=OPEN_HANDOVER)
        .select_related("receiver", "giver")
        .first()
    )


def due_of(person: Person) -> list[DueItem]:
    """What the person has to see to within a year, as the workbench says it."""
    account = Account.objects.filter(person=person).first()
    return due_items(account, timezone.localdate() + AHEAD) if account else []


def posts_on(day: date, people: Sequence[Person]) -> dict[int, Appointment]:
    """The post of each person on the day; one query."""
    rows = Appointment.objects.filter(in_force(day), person__in=people).select_related("team")
    return {row.person_id: row for row in rows}


def decisions_of(handover: Handover) -> list[dict[str, Any]]:
    """The course of a request, for its page."""
    steps: list[dict[str, Any]] = [
        {
            "moment": handover.proposed_at,
            "who": handover.proposed_by.display_name,
            "what": _("提出移交"),
            "text": handover.reason,
        }
    ]
    if handover.accepted_at and handover.accepted_by:
        steps.append(
            {"moment": handover.accepted_at, "who": handover.accepted_by.display_name, "what": _("同意接收")}
        )
    if handover.decided_at and handover.decided_by:
        steps.append(
            {
                "moment": handover.decided_at,
                "who": handover.decided_by.display_name,
                "what": str(handover.get_state_display()),
                "text": handover.decision_note,
            }
        )
    for step in steps:
        step["at"] = f"{timezone.localtime(step['moment']):%m-%d %H:%M}"
    return steps[::-1]
