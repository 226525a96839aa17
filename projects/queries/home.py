"""The workbench: what is due for this person, the projects by stage, and what happened lately."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access import achievements_visible_to, follow_ups_visible_to, projects_visible_to
from projects.models import Achievement, Project, Recognition, StageChange
from projects.workflow import ORDER, Stage, Status
from staff.access import teams_led_by
from staff.models import Account, Role

MOST = 99
LATEST = 8


@dataclass(frozen=True)
class Todo:
    """One thing to do today: what, about what, until when, and how pressing."""

    title: str
    detail: str
    mark: str
    tone: str
    when: str
    url: str


@dataclass(frozen=True)
class StageShare:
    """How many of one's projects stand at a stage, and what they plan to invest (元)."""

    stage: str
    label: str
    count: int
    amount: Decimal
    url: str


@dataclass(frozen=True)
class Happening:
    """Something that happened to a project one sees."""

    at: datetime
    who: str
    text: str
    project: Project


def own_projects(actor: Account) -> QuerySet[Project]:
    """What this person answers for: an officer's own, a leader's teams', everything for those who oversee."""
    visible = projects_visible_to(actor).filter(status=Status.ACTIVE)
    if actor.is_role(Role.LEADER):
        return visible.filter(Q(owner=actor.person_id) | Q(team__in=teams_led_by(actor).values("pk")))
    if actor.is_role(Role.OFFICER):
        return visible.filter(owner=actor.person_id)
    return visible


def own_filter(actor: Account) -> str:
    """The filter that makes the list show what `own_projects` counts."""
    return "mine=1&" if actor.is_role(Role.OFFICER) else ""


def todos_of(actor: Account, today: date | None = None) -> list[Todo]:
    """What is due, the most pressing first: returned reports, decisions that wait, next steps due or missing."""
    day = today or timezone.localdate()
    todos = _returned(actor)
    if actor.is_role(Role.MANAGER):
        return [*todos, *_waiting(actor, day)]
    if actor.is_role(Role.OFFICER, Role.LEADER):
        todos += _steps(actor, day)
    return todos


def _returned(actor: Account) -> list[Todo]:
    listed = achievements_visible_to(actor).filter(submitted_by=actor, state=Recognition.RETURNED)
    return [
        Todo(
            title=_subject(one),
            detail=_("补：%(note)s") % {"note": one.decision_note or one.get_kind_display()},
            mark=_("被退回"),
            tone="alarm",
            when=one.decided_by.display_name if one.decided_by else "",
            url=reverse("projects:achievement", args=[one.public_id]),
        )
        for one in listed.select_related("project", "person", "decided_by").order_by("decided_at")[:MOST]
    ]


def _waiting(actor: Account, today: date) -> list[Todo]:
    """What another manager or an officer reported and this manager may decide, the longest waiting first."""
    listed = achievements_visible_to(actor).filter(state=Recognition.SUBMITTED).exclude(submitted_by=actor)
    return [
        Todo(
            title=_subject(one),
            detail=f"{one.get_kind_display()} · {one.submitted_by.display_name}",
            mark=_("待认定"),
            tone="attention" if _days(one, today) > 3 else "accent",
            when=_("等了 %(days)s 天") % {"days": _days(one, today)},
            url=reverse("projects:achievement", args=[one.public_id]),
        )
        for one in listed.select_related("project", "person", "submitted_by").order_by("submitted_at")[:MOST]
    ]


def _days(one: Achievement, today: date) -> int:
    return max((today - timezone.localdate(one.submitted_at)).days, 0)


def _subject(one: Achievement) -> str:
    return str(one.project or one.person or one.title)


def _steps(actor: Account, today: date) -> list[Todo]:
    """Next steps that are overdue or due today, then projects without one."""
    own = own_projects(actor).select_related("company", "owner")
    due = own.exclude(next_step="").filter(next_step_on__lte=today).order_by("next_step_on", "pk")[:MOST]
    missing = own.filter(next_step="").exclude(stage=Stage.PRODUCED).order_by("progressed_on", "pk")[:MOST]
    todos = [_step(actor, project, today) for project in due]
    return todos + [
        Todo(
            title=project.name,
            detail=_of(actor, project, project.company.name),
            mark=_("缺下一步"),
            tone="attention",
            when=_("最近推进 %(day)s") % {"day": f"{project.progressed_on:%m-%d}"},
            url=reverse("projects:detail", args=[project.public_id]),
        )
        for project in missing
    ]


def _step(actor: Account, project: Project, today: date) -> Todo:
    late = (today - project.next_step_on).days if project.next_step_on else 0
    return Todo(
        title=project.name,
        detail=_of(actor, project, f"{project.next_step} · {project.company.name}"),
        mark=_("逾期 %(days)s 天") % {"days": late} if late else _("今天"),
        tone="alarm" if late else "accent",
        when=f"{project.next_step_on:%m-%d}",
        url=reverse("projects:detail", args=[project.public_id]),
    )


def _of(actor: Account, project: Project, text: str) -> str:
    """A leader also reads whose project it is."""
    return text if project.owner_id == actor.person_id else f"{text} · {project.owner.name}"


def stage_shares(actor: Account) -> list[StageShare]:
    """One's projects by stage, each with the list that sums to it; one query."""
    rows = (
        own_projects(actor)
        .order_by()
        .values("stage")
        .annotate(count=Count("pk"), amount=Sum("planned_investment"))
    )
    by_stage: dict[str, Any] = {row["stage"]: row for row in rows}
    base = reverse("projects:list")
    return [
        StageShare(
            stage,
            str(stage.label),
            by_stage.get(stage, {}).get("count", 0),
            by_stage.get(stage, {}).get("amount") or Decimal(0),
            f"{base}?{own_filter(actor)}stage={stage}",
        )
        for stage in ORDER
    ]


def lately(actor: Account) -> list[Happening]:
    """The latest follow-ups and moves among the projects one sees; two queries."""
    written = (
        follow_ups_visible_to(actor).select_related("project", "written_by").order_by("-written_at", "-id")
    )
    moved = StageChange.objects.filter(project__in=projects_visible_to(actor).values("pk"))
    events = [
        *(
            Happening(
                one.written_at,
                one.written_by.display_name,
                f"{one.get_kind_display()}：{one.text}",
                one.project,
            )
            for one in written[:LATEST]
        ),
        *(
            Happening(one.changed_at, one.changed_by.display_name, _moved(one), one.project)
            for one in moved.select_related("project", "changed_by").order_by("-changed_at", "-id")[:LATEST]
        ),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)[:LATEST]


def _moved(change: StageChange) -> str:
    if not change.from_stage:
        return _("记入线索")
    return _("移到「%(stage)s」") % {"stage": Stage(change.to_stage).label}
