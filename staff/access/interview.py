"""Panels, interviews and score sheets: judges see their own sheets only until a session is closed, recused ones nothing."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from staff.access.competition import SEES_APPLICATIONS, can_run_competitions
from staff.models import (
    Account,
    Competition,
    Interview,
    InterviewSession,
    Panelist,
    Recusal,
    Role,
    Score,
    ScoreSheet,
    SessionJudge,
    SessionState,
)


def panels_visible_to(actor: Account) -> QuerySet[Panelist]:
    """Who sits on a panel is known to the panel and to those who run and watch the round."""
    if actor.is_role(*SEES_APPLICATIONS, Role.ADMINISTRATOR):
        return Panelist.objects.all()
    return Panelist.objects.filter(
        competition__in=Panelist.objects.filter(account=actor).values("competition")
    )


def is_on_panel(actor: Account, competition: Competition) -> bool:
    """Whether the account judges in the round."""
    return Panelist.objects.filter(competition=competition, account=actor).exists()


def is_chair(actor: Account, competition: Competition) -> bool:
    """Whether the account leads the panel of the round."""
    return Panelist.objects.filter(competition=competition, account=actor, is_chair=True).exists()


def sessions_visible_to(actor: Account) -> QuerySet[InterviewSession]:
    """Those who run and watch see every session, judges theirs, candidates the one they are asked to."""
    if actor.is_role(*SEES_APPLICATIONS, Role.ADMINISTRATOR):
        return InterviewSession.objects.all()
    judged = Q(pk__in=SessionJudge.objects.filter(account=actor).values("session"))
    if actor.person_id is None:
        return InterviewSession.objects.filter(judged)
    own = Q(pk__in=Interview.objects.filter(person=actor.person_id).values("session"))
    return InterviewSession.objects.filter(judged | own)


def _recused(actor: Account) -> Exists:
    return Exists(Recusal.objects.filter(application=OuterRef("application"), panelist__account=actor))


def interviews_judged_by(actor: Account) -> QuerySet[Interview]:
    """The interviews that the account scores: of its sessions, without the candidates it stands back from."""
    return Interview.objects.filter(~_recused(actor), session__judges__account=actor)


def interviews_visible_to(actor: Account) -> QuerySet[Interview]:
    """Those who run and watch see every interview, judges those they score, candidates their own."""
    if actor.is_role(*SEES_APPLICATIONS, Role.ADMINISTRATOR):
        return Interview.objects.all()
    own = Q(person=actor.person_id) if actor.person_id else Q(pk=None)
    return Interview.objects.filter(Q(pk__in=interviews_judged_by(actor).values("pk")) | own)


def sheets_visible_to(actor: Account) -> QuerySet[ScoreSheet]:
    """Blind: the own sheets; once the session is closed also the others', for the panel and those who run and watch."""
    own = Q(panelist__account=actor)
    closed = Q(interview__session__state=SessionState.CLOSED)
    if actor.is_role(*SEES_APPLICATIONS):
        return ScoreSheet.objects.filter(own | closed)
    judged = Q(interview__in=interviews_judged_by(actor).values("pk"))
    return ScoreSheet.objects.filter(own | closed & judged)


def scores_visible_to(actor: Account) -> QuerySet[Score]:
    """Points are seen with their sheet."""
    return Score.objects.filter(sheet__in=sheets_visible_to(actor))


def can_plan_interviews(actor: Account) -> bool:
    """HR plans interviews and sets panels."""
    return can_run_competitions(actor)


def can_close(actor: Account, session: InterviewSession) -> bool:
    """HR, or the chair of the panel."""
    return can_run_competitions(actor) or is_chair(actor, session.competition)
