"""Blockers as they are read: what the clock says, the list, one with its course, figures per department."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access.blocker import blockers_visible_to
from projects.models import (
    RUNNING,
    AnswerLink,
    Audience,
    Blocker,
    BlockerEntry,
    BlockerRule,
    BlockerState,
    Department,
    EscalationRung,
    Level,
    Project,
    ProjectClass,
)
from projects.queries.own import own_projects
from promotion.errors import NotFound
from staff.models import Account
from staff.queries.due_item import DueItem

TONES = {Level.GREEN: "plain", Level.YELLOW: "attention", Level.RED: "alarm"}
STATE_TONES = {
    BlockerState.OPEN: "accent",
    BlockerState.ANSWERED: "attention",
    BlockerState.SOLVED: "done",
    BlockerState.WITHDRAWN: "plain",
}


@dataclass(frozen=True)
class TimeLimit:
    """Working days that a department has to answer and to solve, and how many before the due day a blocker turns yellow."""

    answer_days: int
    solve_days: int
    warning_days: int


@dataclass(frozen=True)
class Rung:
    """Who is told so many working days after a blocker got its card."""

    position: int
    level: str
    after_days: int
    audience: str


# Assumptions: the practice case names no figures. They hold until managers settle their own (BlockerRule, EscalationRung).
DEFAULT_LIMITS = {
    ProjectClass.ORDINARY: TimeLimit(3, 10, 1),
    ProjectClass.MAJOR: TimeLimit(2, 7, 1),
    ProjectClass.STRATEGIC: TimeLimit(1, 5, 1),
}
DEFAULT_LADDER = (
    Rung(1, Level.YELLOW, 0, Audience.OWNER),
    Rung(2, Level.RED, 0, Audience.LEADER),
    Rung(3, Level.RED, 2, Audience.MANAGER),
)


def time_limit(project_class: str, on: date) -> TimeLimit:
    """What holds for the class on the day: its own latest rule, else the latest for all classes, else the assumption."""
    rules = BlockerRule.objects.filter(holds_from__lte=on, project_class__in=("", project_class))
    rule = rules.order_by("-project_class", "-holds_from").first()
    if rule is None:
        return DEFAULT_LIMITS[ProjectClass(project_class)]
    return TimeLimit(rule.answer_days, rule.solve_days, rule.warning_days)


def ladder() -> tuple[Rung, ...]:
    """The rungs in order: those that managers settled, else the assumption."""
    rows = EscalationRung.objects.order_by("position")
    settled = tuple(Rung(row.position, row.level, row.after_days, row.audience) for row in rows)
    return settled or DEFAULT_LADDER


def level_on(today: date) -> Case:
    """The level as an expression, the same rule as `Blocker.level`."""
    return Case(
        When(~Q(state__in=RUNNING) | Q(yellow_on__gt=today), then=Value(Level.GREEN.value)),
        When(due_on__lt=today, then=Value(Level.RED.value)),
        default=Value(Level.YELLOW.value),
        output_field=CharField(),
    )


def at_level(level: str, today: date) -> Q:
    """Running blockers at a level."""
    rules = {
        Level.GREEN: Q(yellow_on__gt=today),
        Level.YELLOW: Q(yellow_on__lte=today, due_on__gte=today),
        Level.RED: Q(due_on__lt=today),
    }
    return Q(state__in=RUNNING) & rules[Level(level)]


def listed_blockers(actor: Account) -> QuerySet[Blocker]:
    """The visible blockers as the list draws them."""
    return (
        blockers_visible_to(actor)
        .select_related("project__team", "project__owner", "department", "contact")
        .annotate(level_now=level_on(timezone.localdate()))
    )


def visible_blocker(actor: Account, public_id: str) -> Blocker:
    """One blocker with its project and department. Raises NotFound when it is not the actor's to see."""
    found = listed_blockers(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("没有这个堵点，或者您看不到它所在的项目。请返回列表。"))
    return found


def course_of(blocker: Blocker) -> list[BlockerEntry]:
    """What happened, the latest first, with files."""
    entries = blocker.entries.select_related("written_by").prefetch_related("documents")
    return list(entries.order_by("-id"))


def links_of(blocker: Blocker) -> list[AnswerLink]:
    """The links that were sent, the latest first."""
    return list(blocker.links.select_related("contact", "issued_by").order_by("-id"))


def link_of(blocker: Blocker, pk: int) -> AnswerLink:
    """One of them. Raises NotFound."""
    found = next((one for one in links_of(blocker) if one.pk == pk), None)
    if found is None:
        raise NotFound(_("没有这个链接。"))
    return found


def clock_words(blocker: Blocker, today: date, left: int) -> str:
    """“黄牌 · 剩 2 个工作日”, “红牌 · 超 3 个工作日”; `left` is the working days to the due day, negative when over."""
    level = blocker.level(today)
    if not blocker.is_running:
        return str(blocker.get_state_display())
    rest = (
        _("超 %(days)s 个工作日") % {"days": -left}
        if level == Level.RED
        else _("今天到期")
        if left == 0
        else _("剩 %(days)s 个工作日") % {"days": left}
    )
    return rest if level == Level.GREEN else f"{level.label} · {rest}"


def project_blockers(actor: Account, project: Project) -> list[Blocker]:
    """The blockers of a project: running ones by their due day, then the closed ones, the latest first."""
    rows = list(listed_blockers(actor).filter(project=project).order_by("due_on", "pk"))
    closed = sorted(
        (row for row in rows if not row.is_running), key=lambda row: row.closed_on or date.min, reverse=True
    )
    return [row for row in rows if row.is_running] + closed


@dataclass(frozen=True)
class DepartmentFigures:
    """How a department stands with the blockers one sees."""

    department: Department
    running: int
    yellow: int
    red: int
    solved: int
    in_time: int


def figures_by_department(actor: Account, found: QuerySet[Blocker]) -> list[DepartmentFigures]:
    """Counts per department over the blockers found; two queries."""
    today = timezone.localdate()
    rows: dict[int, Any] = {
        row["department"]: row
        for row in found.order_by()
        .values("department")
        .annotate(
            running=Count("pk", filter=Q(state__in=RUNNING)),
            yellow=Count("pk", filter=at_level(Level.YELLOW, today)),
            red=Count("pk", filter=at_level(Level.RED, today)),
            solved=Count("pk", filter=Q(state=BlockerState.SOLVED)),
            in_time=Count("pk", filter=Q(state=BlockerState.SOLVED, closed_on__lte=F("due_on"))),
        )
    }
    departments = Department.objects.filter(pk__in=rows).order_by("position", "id")
    return [
        DepartmentFigures(
            each, *(rows[each.pk][k] for k in ("running", "yellow", "red", "solved", "in_time"))
        )
        for each in departments
    ]


def blockers_due(actor: Account, until: date) -> list[DueItem]:
    """The running blockers of one's own projects: whoever answers for the project chases the department."""
    rows = Blocker.objects.filter(
        project__in=own_projects(actor).values("pk"), state__in=RUNNING, due_on__lte=until
    ).select_related("project", "department")
    return [
        DueItem(
            on=row.due_on,
            kind="blocker",
            key=row.public_id,
            title=_("催办堵点：%(title)s") % {"title": row.title},
            detail=_("%(department)s · %(project)s")
            % {"department": row.department.name, "project": row.project.name},
            url=reverse("projects:blocker", args=[row.public_id]),
        )
        for row in rows.order_by("due_on", "pk")
    ]


def link_by_key(key_hash: str) -> AnswerLink | None:
    """The link with this hash and all that its page shows; no account is asked for."""
    return (
        AnswerLink.objects.select_related(
            "project__owner",
            "contact__department",
            "blocker__department",
            "opinion__review",
            "issued_by__person",
        )
        .filter(key_hash=key_hash)
        .first()
    )
