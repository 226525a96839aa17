"""What is read of training: sessions with their seats, credits against what a grade is to earn, gaps, the plan, what is due."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.access import appointments_visible_to, in_force
from staff.access.training import enrolments_visible_to, plan_lines_visible_to, sessions_visible_to
from staff.models import (
    Account,
    Appointment,
    CreditRequirement,
    EnrolmentState,
    Person,
    Team,
    TrainingCredit,
    TrainingField,
    TrainingPlanLine,
    TrainingSession,
    TrainingState,
)
from staff.queries.due_item import DueItem

NOUGHT = Decimal(0)


def listed_sessions(actor: Account) -> QuerySet[Any]:
    """Sessions with `taken` seats and how many wait."""
    of_state = "enrolments__state"
    return (
        sessions_visible_to(actor)
        .select_related("course")
        .annotate(
            taken=Count("enrolments", filter=Q(**{of_state: EnrolmentState.ENROLLED})),
            waiting=Count("enrolments", filter=Q(**{of_state: EnrolmentState.WAITING})),
        )
    )


def enrolled_in(actor: Account, session: TrainingSession) -> list[Any]:
    """Who has a seat or waits, in the order of coming, each with the team of today."""
    rows = enrolments_visible_to(actor).filter(session=session).exclude(state=EnrolmentState.WITHDRAWN)
    found = list(rows.select_related("person").order_by("state", "since", "pk"))
    posts = appointments_visible_to(actor).filter(in_force(), person__in=[row.person_id for row in found])
    teams = dict(posts.values_list("person", "team__name"))
    for row in found:
        row.team_name = teams.get(row.person_id, "")  # type: ignore[attr-defined]
    return found


def credits_asked(day: date) -> dict[tuple[str, str], Decimal]:
    """(grade, field) → credits a year, as it holds on the day."""
    rows = CreditRequirement.objects.filter(holds_from__lte=day).order_by("holds_from")
    return {(row.grade, row.field): row.credits for row in rows}


@dataclass(frozen=True)
class FieldCredit:
    """A field with what was earned in the year and what is asked for."""

    field: TrainingField
    earned: Decimal
    asked: Decimal

    @property
    def lacking(self) -> Decimal:
        """How many credits are still to be earned."""
        return max(self.asked - self.earned, NOUGHT)


def profile_of(person: Person, grade: str, day: date) -> list[FieldCredit]:
    """The five fields of a person in the year of the day; without a grade nothing is asked for."""
    rows = TrainingCredit.objects.filter(person=person, year=day.year, earned_on__lte=day)
    earned = dict(rows.order_by().values_list("field").annotate(sum=Sum("credits")))
    asked = credits_asked(day)
    return [
        FieldCredit(field, earned.get(field, NOUGHT), asked.get((grade, field), NOUGHT))
        for field in TrainingField
    ]


def radar_of(profile: list[FieldCredit]) -> dict[str, Any] | None:
    """The profile as a radar with its table; None while nothing is asked for and nothing was earned."""
    if not any(each.earned or each.asked for each in profile):
        return None
    names = [str(each.field.label) for each in profile]
    data = {
        "categories": names,
        "maxima": [max(each.earned, each.asked, Decimal(1)) for each in profile],
        "series": [
            {"name": _("已取得"), "values": [each.earned for each in profile]},
            {"name": _("级别要求"), "values": [each.asked for each in profile], "dashed": True},
        ],
    }
    rows = [[name, each.earned, each.asked, each.lacking] for name, each in zip(names, profile, strict=True)]
    table = {"head": [_("领域"), _("已取得"), _("级别要求"), _("还差")], "rows": rows}
    return {"data": data, "table": table}


@dataclass(frozen=True)
class Lack:
    """A member who has not earned what his grade asks for in a field."""

    person: Person
    credits: Decimal


@dataclass(frozen=True)
class Gap:
    """A team in a field: who lacks what, of how many."""

    field: TrainingField
    lacks: list[Lack]
    people: int

    @property
    def level(self) -> int:
        """How large a part lacks it, in five steps for the colour: 0 nobody, 4 nearly all."""
        if not self.people or not self.lacks:
            return 0
        return min(1 + 4 * len(self.lacks) // (self.people + 1), 4)


@dataclass(frozen=True)
class TeamGaps:
    team: Team
    people: int
    gaps: list[Gap]


def gaps_on(actor: Account, day: date) -> list[TeamGaps]:
    """Every team with people on the day, in the five fields; three queries."""
    posts = (
        appointments_visible_to(actor)
        .filter(in_force(day))
        .select_related("person", "team")
        .order_by("team__position", "team__name", "person__pinyin")
    )
    asked = credits_asked(day)
    rows = TrainingCredit.objects.filter(year=day.year, earned_on__lte=day).order_by()
    earned = {
        (person, field): total
        for person, field, total in rows.values_list("person", "field").annotate(sum=Sum("credits"))
    }
    members: dict[Team, list[Any]] = defaultdict(list)
    for post in posts:
        members[post.team].append(post)
    return [
        TeamGaps(team, len(held), [_gap(field, held, asked, earned) for field in TrainingField])
        for team, held in members.items()
    ]


def _gap(
    field: TrainingField, posts: list[Any], asked: dict[Any, Decimal], earned: dict[Any, Decimal]
) -> Gap:
    lacks = [
        Lack(
            post.person, asked.get((post.grade, field), NOUGHT) - earned.get((post.person_id, field), NOUGHT)
        )
        for post in posts
    ]
    return Gap(field, [lack for lack in lacks if lack.credits > 0], len(posts))


@dataclass(frozen=True)
class PlanRow:
    """A line of the plan with how many of those concerned have fulfilled it."""

    line: TrainingPlanLine
    people: int
    done: int

    @property
    def is_done(self) -> bool:
        return self.people > 0 and self.done >= self.people

    def is_late(self, today: date) -> bool:
        """Past its day and not fulfilled."""
        return not self.is_done and self.line.due_on < today


def plan_rows(lines: QuerySet[TrainingPlanLine]) -> list[PlanRow]:
    """Lines with progress: a credit of the course, or of the field, earned since the line began; three queries."""
    listed = list(lines.select_related("person", "team", "course"))
    teams = {line.team_id for line in listed if line.team_id}
    members: dict[int, set[int]] = defaultdict(set)
    for team, person in Appointment.objects.filter(in_force(), team__in=teams).values_list("team", "person"):
        members[team].add(person)
    concerned = {
        line.pk: {line.person_id} if line.person_id else members[line.team_id or 0] for line in listed
    }
    everybody = {person for people in concerned.values() for person in people}
    first = min((line.since for line in listed), default=timezone.localdate())
    rows = TrainingCredit.objects.filter(person__in=everybody, earned_on__gte=first)
    earned = list(rows.values_list("person", "course", "field", "earned_on"))
    return [
        PlanRow(line, len(concerned[line.pk]), _done(line, concerned[line.pk], earned)) for line in listed
    ]


def _done(line: TrainingPlanLine, people: set[Any], earned: list[Any]) -> int:
    return len(
        {
            person
            for person, course, field, day in earned
            if person in people
            and day >= line.since
            and (course == line.course_id if line.course_id else field == line.field)
        }
    )


def sessions_due(actor: Account, until: date) -> list[DueItem]:
    """The sessions in which this person has a seat, from today to the day."""
    if actor.person_id is None:
        return []
    zone = timezone.get_current_timezone()
    start = datetime.combine(timezone.localdate(), time.min, zone)
    end = datetime.combine(until, time.max, zone)
    rows = TrainingSession.objects.filter(
        state=TrainingState.PLANNED,
        starts_at__range=(start, end),
        enrolments__person=actor.person_id,
        enrolments__state=EnrolmentState.ENROLLED,
    )
    return [_session_item(row) for row in rows.select_related("course")]


def _session_item(session: TrainingSession) -> DueItem:
    moment = timezone.localtime(session.starts_at)
    words = {"room": session.room, "teacher": session.teacher}
    return DueItem(
        on=moment.date(),
        kind="training",
        key=session.public_id,
        title=_("培训：%(course)s") % {"course": session.course.title},
        detail=_("%(room)s · 讲师 %(teacher)s") % words,
        url=reverse("staff:training-session", args=[session.public_id]),
        at=moment.time().replace(microsecond=0),
    )


def plan_due(actor: Account, until: date) -> list[DueItem]:
    """What this person himself is still to learn by the day."""
    if actor.person_id is None:
        return []
    lines = plan_lines_visible_to(actor).filter(person=actor.person_id, dropped_on=None, due_on__lte=until)
    return [
        DueItem(
            on=row.line.due_on,
            kind="training-plan",
            key=row.line.public_id,
            title=_("培训计划：%(what)s") % {"what": row.line.course or row.line.get_field_display()},
            detail=row.line.note or _("选一场报名参加"),
            url=reverse("staff:training"),
        )
        for row in plan_rows(lines)
        if not row.is_done
    ]
