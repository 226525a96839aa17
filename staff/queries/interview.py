"""Interviews as pages read them: who still owes a sheet, the schedule, a judge's own list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from promotion.errors import NotFound
from staff.access.interview import interviews_judged_by, interviews_visible_to, sessions_visible_to
from staff.models import (
    Account,
    Application,
    Competition,
    Interview,
    InterviewSession,
    Panelist,
    Recusal,
    ScoreSheet,
    SessionJudge,
    SessionState,
    SheetState,
)
from staff.queries.due_item import DueItem

DONE = (SheetState.SUBMITTED, SheetState.ABSENT)


def judges_left(judges: Sequence[Panelist], application: Application) -> int:
    """How many of the judges do not stand back from the candidate."""
    gone = set(Recusal.objects.filter(application=application).values_list("panelist", flat=True))
    return sum(each.pk not in gone for each in judges)


def missing_sheets(session: InterviewSession) -> list[tuple[str, str]]:
    """(judge, candidate) pairs without a sheet that is handed in or excused; names only, no figures."""
    interviews = list(session.interviews.filter(was_absent=False).select_related("person"))
    judges = list(session.judges.select_related("account"))
    done = set(
        ScoreSheet.objects.filter(interview__in=interviews, state__in=DONE).values_list(
            "panelist", "interview"
        )
    )
    recused = set(
        Recusal.objects.filter(panelist__in=[each.panelist_id for each in judges]).values_list(
            "panelist", "application"
        )
    )
    return [
        (str(judge.account), interview.person.name)
        for interview in interviews
        for judge in judges
        if (judge.panelist_id, interview.pk) not in done
        and (judge.panelist_id, interview.application_id) not in recused
    ]


def sessions_of(actor: Account, competition: Competition) -> QuerySet[InterviewSession]:
    """The visible sessions of a round with their judges and candidates."""
    return with_people(sessions_visible_to(actor).filter(competition=competition))


def with_people(sessions: QuerySet[InterviewSession]) -> QuerySet[Any]:
    """Sessions with their judges and candidates in order."""
    interviews = Interview.objects.select_related("person", "application").order_by("position")
    judges = SessionJudge.objects.select_related("account", "panelist")
    return sessions.select_related("competition").prefetch_related(
        Prefetch("interviews", interviews), Prefetch("judges", judges)
    )


def visible_session(actor: Account, public_id: str) -> Any:
    """The session with its people, or NotFound."""
    found = with_people(sessions_visible_to(actor)).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("没有这一场面试。"))
    return found


def visible_interview(actor: Account, pk: int) -> Interview:
    """The interview, or NotFound."""
    found = (
        interviews_visible_to(actor)
        .select_related("session__competition", "person", "application")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这场面试。"))
    return found


def judged_listed(actor: Account) -> list[tuple[Interview, ScoreSheet | None]]:
    """The interviews that the account scores, each with its own sheet."""
    own = ScoreSheet.objects.filter(panelist__account=actor)
    rows = (
        interviews_judged_by(actor)
        .select_related("session__competition", "person")
        .prefetch_related(Prefetch("sheets", own, to_attr="own_sheets"))
        .order_by("-session__starts_at", "position")
    )
    return [(each, next(iter(each.own_sheets), None)) for each in rows[:200]]


def own_interviews(actor: Account) -> QuerySet[Interview]:
    """The interviews that the person behind the account is asked to."""
    if actor.person_id is None:
        return Interview.objects.none()
    rows = Interview.objects.filter(person=actor.person_id).select_related("session__competition")
    return rows.order_by("-starts_at")


@dataclass(frozen=True)
class SheetProgress:
    """How far the judges are with one candidate: sheets handed in, asked for, and who still owes one."""

    interview: Interview
    given: int
    asked: int
    owing: list[Panelist]


def progress_of(session: InterviewSession) -> list[SheetProgress]:
    """The candidates in order with their sheets counted; no figure of any judge."""
    judges = list(session.judges.select_related("panelist__account"))
    interviews = list(session.interviews.select_related("person").order_by("position"))
    done = set(
        ScoreSheet.objects.filter(interview__in=interviews, state__in=DONE).values_list(
            "panelist", "interview"
        )
    )
    recused = set(
        Recusal.objects.filter(application__in=[each.application_id for each in interviews]).values_list(
            "panelist", "application"
        )
    )
    rows = []
    for interview in interviews:
        asked = [
            judge.panelist for judge in judges if (judge.panelist_id, interview.application_id) not in recused
        ]
        owing = [each for each in asked if (each.pk, interview.pk) not in done]
        if interview.was_absent:
            asked, owing = [], []
        rows.append(SheetProgress(interview, len(asked) - len(owing), len(asked), owing))
    return rows


def interviews_due(actor: Account, until: date) -> list[DueItem]:
    """Sessions to judge that are not closed, and the own interviews to come."""
    today = timezone.localdate()
    judged = sessions_visible_to(actor).filter(
        judges__account=actor, state=SessionState.PLANNED, starts_at__date__lte=until
    )
    items = [
        _due(
            session.starts_at,
            f"judge-{session.pk}",
            _("担任评委：%(name)s") % {"name": session.competition.name},
            session.room,
        )
        for session in judged.select_related("competition")
    ]
    own = own_interviews(actor).filter(starts_at__date__gte=today, starts_at__date__lte=until)
    items += [
        _due(
            each.starts_at,
            f"own-{each.pk}",
            _("面试：%(name)s") % {"name": each.session.competition.name},
            each.session.room,
        )
        for each in own
    ]
    return items


def _due(at: datetime, key: str, title: str, room: str) -> DueItem:
    local = timezone.localtime(at)
    url = reverse("staff:interviews-own")
    return DueItem(local.date(), "interview", key, title, room, url, at=local.time())
