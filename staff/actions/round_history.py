"""Rounds from before the house had this product: one that is over, with scores and placements, or one that was applied for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import NotAllowed, Refused
from staff.access.competition import can_run_competitions
from staff.actions.competition import CriterionLine, PostLine, draft_competition, save_competition
from staff.models import (
    Account,
    Application,
    ApplicationChoice,
    ApplicationState,
    Appointment,
    Competition,
    CompetitionState,
    Interview,
    InterviewSession,
    Panelist,
    Person,
    Placement,
    RequirementClaim,
    Score,
    ScoreSheet,
    SessionJudge,
    SessionState,
    SheetState,
)
from staff.queries.application import asked_of
from staff.queries.competition import posts_of

MINUTES = timedelta(minutes=20)


@dataclass(frozen=True)
class PastCandidate:
    """Somebody who was heard: the wanted posts by their place in the list, points by judge and criterion, the post that was got."""

    person: Person
    wanted: tuple[int, ...]
    points: tuple[tuple[Decimal, ...], ...] = ()
    appointment: Appointment | None = None
    says: str = ""


@dataclass(frozen=True)
class PastSession:
    """A session: where and when, and whom it heard in order."""

    room: str
    starts_at: datetime
    candidates: tuple[PastCandidate, ...]


@action("competition.history", gettext_lazy("登记历史竞聘"))
def keep_past_round(
    *,
    actor: Account,
    announcer: Account,
    terms: Mapping[str, Any],
    posts: Sequence[PostLine],
    criteria: Sequence[CriterionLine],
    judges: Sequence[Account],
    sessions: Sequence[PastSession],
    is_demo: bool = False,
) -> Competition:
    """Write a whole finished round at once. A candidate with an appointment was placed on the first wanted post.

    Raises Refused for a judge who is the candidate, or fewer judges than the terms ask for.
    """
    if not can_run_competitions(actor):
        raise NotAllowed(_("竞聘由人事起草和办理。"))
    competition = draft_competition(actor=actor, terms=terms, posts=posts, criteria=criteria, is_demo=is_demo)
    if len(judges) < competition.least_judges:
        raise Refused(_("评委不够。"))
    _announce(competition, announcer, CompetitionState.INTERVIEWING)
    panel = [
        Panelist.objects.create(competition=competition, account=each, is_chair=place == 0)
        for place, each in enumerate(judges)
    ]
    for each in sessions:
        _keep_session(actor, competition, panel, each)
    _keep_placements(actor, competition, [one for each in sessions for one in each.candidates])
    competition.state, competition.decided_by, competition.approved_by = (
        CompetitionState.APPOINTED,
        actor,
        announcer,
    )
    competition.publicity_until = competition.appoint_on - timedelta(days=7)
    competition.publicity_from = competition.publicity_until - timedelta(days=7)
    # The roles of today are not those of a round of years ago.
    competition.roles_settled = True
    kept = ("state", "decided_by", "approved_by", "publicity_from", "publicity_until", "roles_settled")
    save_competition(competition, *kept)
    record(
        actor=actor,
        verb="competition.history",
        target=competition,
        detail={"heard": sum(len(each.candidates) for each in sessions)},
    )
    return competition


@action("competition.applied", gettext_lazy("登记已报名的竞聘"))
def keep_applied_round(
    *,
    actor: Account,
    announcer: Account,
    terms: Mapping[str, Any],
    posts: Sequence[PostLine],
    criteria: Sequence[CriterionLine],
    candidates: Sequence[PastCandidate],
    is_demo: bool = False,
) -> Competition:
    """Write a round whose window is over, with the applications that were found eligible elsewhere; interviews are planned here.

    Raises Refused while the window is open: then people apply by themselves.
    """
    if not can_run_competitions(actor):
        raise NotAllowed(_("竞聘由人事起草和办理。"))
    competition = draft_competition(actor=actor, terms=terms, posts=posts, criteria=criteria, is_demo=is_demo)
    if competition.closes_at > timezone.now():
        raise Refused(_("报名还没有截止，请公布竞聘，由本人报名。"))
    _announce(competition, announcer, CompetitionState.ANNOUNCED)
    _keep_applications(actor, competition, candidates)
    detail = {"applied": len(candidates)}
    record(actor=actor, verb="competition.applied", target=competition, detail=detail)
    return competition


def _announce(competition: Competition, announcer: Account, state: CompetitionState) -> None:
    competition.announced_by, competition.announced_at = announcer, competition.opens_at
    competition.state = state
    save_competition(competition, "announced_by", "announced_at", "state")


def _keep_session(
    actor: Account, competition: Competition, panel: Sequence[Panelist], past: PastSession
) -> None:
    session = InterviewSession.objects.create(
        competition=competition,
        room=past.room,
        starts_at=past.starts_at,
        ends_at=past.starts_at + MINUTES * len(past.candidates),
        minutes=20,
    )
    SessionJudge.objects.bulk_create(
        SessionJudge(
            session=session,
            panelist=each,
            account=each.account,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
        )
        for each in panel
    )
    applications = _keep_applications(actor, competition, past.candidates)
    interviews = Interview.objects.bulk_create(
        Interview(
            session=session,
            application=each,
            person=each.person,
            position=place + 1,
            starts_at=session.starts_at + MINUTES * place,
            ends_at=session.starts_at + MINUTES * (place + 1),
        )
        for place, each in enumerate(applications)
    )
    _keep_scores(competition, panel, interviews, past.candidates)
    session.state, session.closed_by, session.closed_at = SessionState.CLOSED, actor, session.ends_at
    session.save(update_fields=["state", "closed_by", "closed_at"])


def _keep_applications(
    actor: Account, competition: Competition, candidates: Sequence[PastCandidate]
) -> list[Application]:
    posts = posts_of(competition)
    applications = Application.objects.bulk_create(
        Application(
            competition=competition,
            person=each.person,
            statement=each.says,
            accepts_reassignment=False,
            state=ApplicationState.ELIGIBLE,
            submitted_at=competition.closes_at - timedelta(days=1),
            handled_by=actor,
            handled_at=competition.closes_at + timedelta(days=2),
        )
        for each in candidates
    )
    pairs = list(zip(applications, candidates, strict=True))
    ApplicationChoice.objects.bulk_create(
        ApplicationChoice(application=application, post=posts[place], rank=rank)
        for application, each in pairs
        for rank, place in enumerate(each.wanted, start=1)
    )
    asked = {place: asked_of(competition, [post]) for place, post in enumerate(posts)}
    RequirementClaim.objects.bulk_create(
        RequirementClaim(
            application=application,
            requirement=requirement,
            position=position,
            text=text,
            words=each.says,
            met=True,
            checked_by=actor,
        )
        for application, each in pairs
        for position, (requirement, text) in enumerate(asked[each.wanted[0]], start=1)
    )
    return applications


def _keep_scores(
    competition: Competition,
    panel: Sequence[Panelist],
    interviews: Sequence[Interview],
    candidates: Sequence[PastCandidate],
) -> None:
    criteria = list(competition.criteria.order_by("position"))
    sheets = ScoreSheet.objects.bulk_create(
        ScoreSheet(
            interview=interview,
            panelist=judge,
            state=SheetState.SUBMITTED,
            submitted_at=interview.ends_at,
        )
        for interview in interviews
        for judge in panel
    )
    given = [points for each in candidates for points in each.points]
    Score.objects.bulk_create(
        Score(sheet=sheet, criterion=criterion, points=value)
        for sheet, points in zip(sheets, given, strict=True)
        for criterion, value in zip(criteria, points, strict=True)
    )


def _keep_placements(actor: Account, competition: Competition, candidates: Sequence[PastCandidate]) -> None:
    posts = posts_of(competition)
    applications = {each.person_id: each for each in competition.applications.all()}
    seats: dict[int, int] = {}
    rows = []
    for each in candidates:
        if each.appointment is None:
            continue
        post = posts[each.wanted[0]]
        seats[post.pk] = seats.get(post.pk, 0) + 1
        rows.append(
            Placement(
                competition=competition,
                application=applications[each.person.pk],
                post=post,
                seat=seats[post.pk],
                is_proposed=True,
                decided_by=actor,
                decided_at=competition.closes_at + timedelta(days=20),
                appointment=each.appointment,
            )
        )
    Placement.objects.bulk_create(rows)
