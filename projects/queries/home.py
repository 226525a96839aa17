"""The workbench: what is due for this person, the projects by stage, and what happened lately."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access import Eyes, achievements_visible_to, follow_ups_visible_to
from projects.models import Achievement, Project, Recognition, StageChange
from projects.queries.due import STEP_COLUMNS, due_items, step_item
from projects.queries.due_facts import anything_due
from projects.queries.mention import unseen_mentions
from projects.queries.own import own_projects
from projects.queries.tally import NOTHING, Total, counted_by_stage, led_totals, stage_totals
from projects.workflow import ORDER, Stage
from promotion.web.markup import address
from staff.models import Account, Role
from staff.queries.due_item import DueItem

MOST = 99
LATEST = 8
WEEK = 7
SAID_OF_PROJECT = ("project__public_id", "project__name")


@dataclass(frozen=True)
class Todo:
    """One thing to do: what, about what, until when, how pressing, and what can be done about it at once.

    `actions` open a panel each; `noted` takes a mere note of having seen it.
    """

    title: str
    detail: str
    mark: str
    tone: str
    when: str
    url: str
    actions: tuple[tuple[str, str], ...] = ()
    noted: str = ""


@dataclass(frozen=True)
class TodoGroup:
    """Things to do that are equally pressing."""

    key: str
    title: str
    todos: list[Todo]


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


def own_filter(actor: Account) -> str:
    """The filter that makes the list show what `own_projects` counts."""
    return "mine=1&" if actor.is_role(Role.OFFICER) else ""


def todo_groups(actor: Account, today: date | None = None) -> list[TodoGroup]:
    """What there is to do, the most pressing group first: what waits for a decision or a note, what is overdue, what is due
    today and this week from every subject, and projects without a next step. A number of queries that does not grow."""
    day = today or timezone.localdate()
    until = day + timedelta(days=WEEK)
    facts = anything_due(actor, until)
    decisions = _returned(actor) if facts["returned"] else []
    if actor.is_role(Role.MANAGER):
        decisions += _waiting(actor, day)
    decisions += _mentions(actor) if facts["mentioned"] else []
    items = due_items(actor, until, facts)
    dated = [(item.on, _due(item, day)) for item in items]
    if actor.is_role(Role.LEADER):
        dated += _team_steps(actor, day)
    dated.sort(key=lambda pair: pair[0])
    groups = [
        TodoGroup("decisions", _("等您处理"), decisions),
        TodoGroup("late", _("已逾期"), [todo for on, todo in dated if on < day]),
        TodoGroup("today", _("今天"), [todo for on, todo in dated if on == day]),
        TodoGroup("missing", _("缺下一步"), _missing(actor)),
        TodoGroup("week", _("七天内"), [todo for on, todo in dated if on > day]),
    ]
    return [group for group in groups if group.todos]


def _returned(actor: Account) -> list[Todo]:
    listed = achievements_visible_to(actor).filter(submitted_by=actor, state=Recognition.RETURNED)
    return [
        Todo(
            title=_subject(one),
            detail=_("补：%(note)s") % {"note": one.decision_note or one.get_kind_display()},
            mark=_("被退回"),
            tone="alarm",
            when=one.decided_by.display_name if one.decided_by else "",
            url=address("projects:achievement", one.public_id),
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
            url=address("projects:achievement", one.public_id),
        )
        for one in listed.select_related("project", "person", "submitted_by").order_by("submitted_at")[:MOST]
    ]


def _days(one: Achievement, today: date) -> int:
    return max((today - timezone.localdate(one.submitted_at)).days, 0)


def _subject(one: Achievement) -> str:
    return str(one.project or one.person or one.title)


def _mentions(actor: Account) -> list[Todo]:
    return [
        Todo(
            title=_("%(who)s 提到您") % {"who": one.follow_up.written_by.display_name},
            detail=f"{one.follow_up.text[:60]} · {one.follow_up.project.name}",
            mark=_("提到我的"),
            tone="accent",
            when=f"{timezone.localtime(one.follow_up.happened_at):%m-%d}",
            url=f"{address('projects:detail', one.follow_up.project.public_id)}?tab=timeline&show=mentioned",
            noted=reverse("projects:mention-seen", args=[one.pk]),
        )
        for one in unseen_mentions(actor)[:MOST]
    ]


def _due(item: DueItem, today: date) -> Todo:
    """A due thing as a line of the workbench."""
    days = (today - item.on).days
    late = _("逾期 %(days)s 天") % {"days": days}
    return Todo(
        title=item.title,
        detail=item.detail,
        mark=late if days > 0 else _("今天") if days == 0 else f"{item.on:%m-%d}",
        tone="alarm" if days > 0 else "accent" if days == 0 else "plain",
        when=f"{item.at:%H:%M}" if item.at else f"{item.on:%m-%d}" if days > 0 else "",
        url=item.url,
        actions=item.actions,
    )


def _team_steps(actor: Account, today: date) -> list[tuple[date, Todo]]:
    """A leader also reads what colleagues of the team have due today or overdue, and whose it is."""
    own = Q(next_step_person=None, owner=actor.person_id) | Q(next_step_person=actor.person_id)
    team = own_projects(actor).exclude(own).exclude(next_step="").filter(next_step_on__lte=today)
    listed = team.select_related("company", "owner", "next_step_person").order_by("next_step_on", "pk")
    found = []
    for project in listed.only(*STEP_COLUMNS, "owner__name", "next_step_person__name")[:MOST]:
        item = step_item(project)
        todo = _due(item, today)
        person = project.next_step_person or project.owner
        found.append((item.on, replace(todo, detail=f"{todo.detail} · {person.name}", actions=())))
    return found


def _missing(actor: Account) -> list[Todo]:
    if not actor.is_role(Role.OFFICER, Role.LEADER):
        return []
    own = own_projects(actor).filter(next_step="").exclude(stage=Stage.PRODUCED)
    listed = own.select_related("company", "owner").only(
        "public_id", "name", "progressed_on", "company__name", "owner__name"
    )
    return [
        Todo(
            title=project.name,
            detail=_of(actor, project, project.company.name),
            mark=_("缺下一步"),
            tone="attention",
            when=_("最近推进 %(day)s") % {"day": f"{project.progressed_on:%m-%d}"},
            url=address("projects:detail", project.public_id),
            actions=((_("写下一步"), address("projects:step-plan", project.public_id)),),
        )
        for project in listed.order_by("progressed_on", "pk")[:MOST]
    ]


def _of(actor: Account, project: Project, text: str) -> str:
    """A leader also reads whose project it is."""
    return text if project.owner_id == actor.person_id else f"{text} · {project.owner.name}"


def stage_shares(actor: Account) -> list[StageShare]:
    """One's projects by stage, each with the list that sums to it; one query."""
    totals, base = _own_totals(actor), reverse("projects:list")
    return [
        StageShare(
            stage,
            str(stage.label),
            totals.get(stage, NOTHING).count,
            totals.get(stage, NOTHING).amount or Decimal(0),
            f"{base}?{own_filter(actor)}stage={stage}",
        )
        for stage in ORDER
    ]


def _own_totals(actor: Account) -> Mapping[str, Total]:
    """`own_projects` by stage: an officer's are counted, for others totals are kept."""
    if actor.is_role(Role.OFFICER):
        return counted_by_stage(own_projects(actor))
    return led_totals(actor) if actor.is_role(Role.LEADER) else stage_totals(actor)


def lately(actor: Account) -> list[Happening]:
    """The latest follow-ups and moves among the projects one sees; two queries."""
    written = follow_ups_visible_to(actor).select_related("project", "written_by")
    moved = StageChange.objects.filter(Eyes.of(actor).see("project"))
    moved = moved.select_related("project", "changed_by").order_by("-changed_at", "-id")
    written = written.order_by("-written_at", "-id").only(
        "kind", "text", "written_at", "written_by__display_name", *SAID_OF_PROJECT
    )
    moved = moved.only("from_stage", "to_stage", "changed_at", "changed_by__display_name", *SAID_OF_PROJECT)
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
            for one in moved[:LATEST]
        ),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)[:LATEST]


def _moved(change: StageChange) -> str:
    if not change.from_stage:
        return _("记入线索")
    return _("移到「%(stage)s」") % {"stage": Stage(change.to_stage).label}
