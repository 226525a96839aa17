"""Interviews: sessions planned, moved, dropped and closed."""

import random
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.web.formats import moment
from staff.access.interview import can_close, can_plan_interviews, interviews_visible_to, sessions_visible_to
from staff.actions.competition import locked_competition, said, save_competition
from staff.models import (
    Account,
    Application,
    ApplicationState,
    Competition,
    CompetitionState,
    Interview,
    InterviewSession,
    Panelist,
    ScoreSheet,
    SessionJudge,
    SessionState,
    SheetState,
)
from staff.queries.interview import judges_left, missing_sheets


@action("session.plan", gettext_lazy("安排面试场次"))
def plan_session(
    *,
    actor: Account,
    competition: Competition,
    room: str,
    starts_at: datetime,
    minutes: int,
    judges: Sequence[Panelist],
    applications: Sequence[Application],
    by_lot: bool = True,
    seed: str = "",
) -> InterviewSession:
    """Plan a session for eligible applicants; their order is drawn by lot from a recorded seed, or is as given.

    Raises Refused before the window is over and everybody checked; Conflict when room, judge or candidate is taken.
    """
    locked = locked_competition(actor, competition)
    _need_planner(actor)
    _check_ready(locked)
    _check_candidates(locked, judges, applications)
    seed = (seed or secrets.token_hex(8)) if by_lot else ""
    drawn = _drawn(applications, seed)
    session = InterviewSession.objects.create(
        competition=locked,
        room=said(room, "room", _("请填写面试地点。"), longest=60),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes * len(drawn)),
        minutes=minutes,
        seed=seed,
    )
    _seat_judges(session, judges)
    Interview.objects.bulk_create(_places(session, drawn))
    if locked.state == CompetitionState.ANNOUNCED:
        locked.state = CompetitionState.INTERVIEWING
        save_competition(locked, "state")
    detail = {"room": session.room, "starts_at": moment(starts_at), "seed": seed}
    detail["order"] = "、".join(each.person.name for each in drawn)
    record(actor=actor, verb="session.plan", target=locked, detail=detail)
    tell_session(session)
    return session


@action("session.move", gettext_lazy("调整面试场次"))
def move_session(
    *, actor: Account, session: InterviewSession, room: str, starts_at: datetime, seen: int | None = None
) -> InterviewSession:
    """Another room or another time; everybody concerned is told."""
    locked = locked_session(actor, session)
    _need_planner(actor)
    check_version(seen=seen, current=locked)
    shift = starts_at - locked.starts_at
    locked.room = said(room, "room", _("请填写面试地点。"), longest=60)
    locked.starts_at, locked.ends_at = starts_at, locked.ends_at + shift
    save_session(locked, "room", "starts_at", "ends_at")
    locked.judges.update(starts_at=locked.starts_at, ends_at=locked.ends_at)
    # Later ones first when the session moves on, so that no candidate is met twice on the way.
    for each in locked.interviews.order_by("-starts_at" if shift > timedelta(0) else "starts_at"):
        each.starts_at, each.ends_at = each.starts_at + shift, each.ends_at + shift
        each.save(update_fields=["starts_at", "ends_at"])
    detail = {"room": locked.room, "starts_at": moment(starts_at)}
    record(actor=actor, verb="session.move", target=locked.competition, detail=detail)
    tell_session(locked)
    return locked


@action("session.drop", gettext_lazy("取消面试场次"))
def drop_session(*, actor: Account, session: InterviewSession) -> None:
    """Take a session away while nobody has scored in it; its candidates can be planned anew."""
    locked = locked_session(actor, session)
    _need_planner(actor)
    if ScoreSheet.objects.filter(interview__session=locked).exists():
        raise Refused(_("这一场已有评分，不能取消。"))
    record(actor=actor, verb="session.drop", target=locked.competition, detail={"session": str(locked)})
    locked.delete()


@action("interview.absent", gettext_lazy("登记缺席"))
def mark_absent(*, actor: Account, interview: Interview, absent: bool = True) -> Interview:
    """Say that a candidate did not come (or did, after all); then nobody has to score."""
    found = interviews_visible_to(actor).filter(pk=interview.pk).select_related("session").first()
    if found is None:
        raise NotFound(_("没有这场面试。"))
    session = locked_session(actor, found.session)
    if not can_close(actor, session):
        raise NotAllowed(_("缺席由人事或考核组组长登记。"))
    if absent and found.sheets.filter(scores__isnull=False).exists():
        raise Refused(_("已有评委给这位报名人打分，不能登记缺席。"))
    found.was_absent = absent
    found.save(update_fields=["was_absent"])
    record(actor=actor, verb="interview.absent", target=found.application, detail={"absent": absent})
    return found


@action("session.close", gettext_lazy("封场"))
def close_session(*, actor: Account, session: InterviewSession, seen: int | None = None) -> InterviewSession:
    """Close a session: every sheet is handed in or explicitly absent; from then on no score is written or changed.

    Raises Refused naming who still owes a sheet, or a candidate with too few judges.
    """
    locked = locked_session(actor, session)
    if not can_close(actor, locked):
        raise NotAllowed(_("封场由人事或考核组组长办理。"))
    check_version(seen=seen, current=locked)
    if missing := missing_sheets(locked):
        names = "；".join(f"{judge} → {candidate}" for judge, candidate in missing[:12])
        raise Refused(_("还有评分表没有提交：%(names)s。") % {"names": names})
    least = locked.competition.least_judges
    for each in locked.interviews.filter(was_absent=False).select_related("person"):
        given = each.sheets.filter(state=SheetState.SUBMITTED).count()
        if given < least:
            raise Refused(
                _("%(name)s 只有 %(given)s 位评委评分，不到 %(least)s 位，不能封场。")
                % {"name": each.person.name, "given": given, "least": least}
            )
    locked.state, locked.closed_by, locked.closed_at = SessionState.CLOSED, actor, timezone.now()
    save_session(locked, "state", "closed_by", "closed_at")
    record(actor=actor, verb="session.close", target=locked.competition, detail={"session": str(locked)})
    return locked


@action("competition.score", gettext_lazy("汇总计分"))
def score_competition(*, actor: Account, competition: Competition, seen: int | None = None) -> Competition:
    """Say that the interviews are over: every eligible applicant was heard or absent, and every session is closed."""
    locked = locked_competition(actor, competition)
    _need_planner(actor)
    check_version(seen=seen, current=locked)
    if locked.state != CompetitionState.INTERVIEWING:
        raise Refused(_("这次竞聘不在面试答辩阶段。"))
    unheard = locked.applications.filter(state=ApplicationState.ELIGIBLE, interview=None)
    if names := [each.person.name for each in unheard.select_related("person")[:12]]:
        raise Refused(_("还没有安排面试：%(names)s。") % {"names": "、".join(names)})
    still = locked.sessions.exclude(state=SessionState.CLOSED)
    if names := [str(each) for each in still]:
        raise Refused(_("还有场次没有封场：%(names)s。") % {"names": "；".join(names)})
    locked.state = CompetitionState.SCORED
    save_competition(locked, "state")
    record(actor=actor, verb="competition.score", target=locked)
    return locked


def _check_ready(competition: Competition) -> None:
    if competition.state not in (CompetitionState.ANNOUNCED, CompetitionState.INTERVIEWING):
        raise Refused(_("这次竞聘不在可以安排面试的阶段。"))
    if competition.takes_applications:
        raise Refused(_("报名还没有截止，不能安排面试。"))
    waiting = competition.applications.filter(state=ApplicationState.SUBMITTED).count()
    waiting += competition.applications.exclude(complaint="").filter(reviewed_at=None).count()
    if waiting:
        raise Refused(_("还有 %(count)s 份报名或申诉没有审核完。") % {"count": waiting})


def _check_candidates(
    competition: Competition, judges: Sequence[Panelist], applications: Sequence[Application]
) -> None:
    if not applications:
        raise Refused(_("请选择报名人。"), fields={"applications": _("请选择报名人。")})
    rounds = {*(each.competition_id for each in judges), *(each.competition_id for each in applications)}
    if rounds != {competition.pk}:
        raise Refused(_("评委或报名人不属于这次竞聘。"))
    wrong = [each.person.name for each in applications if each.state != ApplicationState.ELIGIBLE]
    if wrong:
        raise Refused(_("%(names)s没有通过资格审核。") % {"names": "、".join(wrong)})
    for each in applications:
        left = judges_left(judges, each)
        if left < competition.least_judges:
            raise Refused(
                _("%(name)s 只有 %(count)s 位评委可以评分，不到 %(least)s 位。")
                % {"name": each.person.name, "count": left, "least": competition.least_judges},
                fields={"judges": _("评委不够。")},
            )


def _drawn(applications: Sequence[Application], seed: str) -> list[Application]:
    """The order by lot: the same seed draws the same order. Without a seed it is as given."""
    drawn = list(applications)
    if seed:
        drawn.sort(key=lambda each: each.public_id)
        random.Random(seed).shuffle(drawn)  # noqa: S311 the seed is random and recorded, so that the draw can be repeated
    return drawn


def _seat_judges(session: InterviewSession, judges: Sequence[Panelist]) -> None:
    SessionJudge.objects.bulk_create(
        SessionJudge(
            session=session,
            panelist=each,
            account=each.account,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
        )
        for each in judges
    )


def _places(session: InterviewSession, drawn: Sequence[Application]) -> list[Interview]:
    length = timedelta(minutes=session.minutes)
    return [
        Interview(
            session=session,
            application=each,
            person=each.person,
            position=place,
            starts_at=session.starts_at + length * (place - 1),
            ends_at=session.starts_at + length * place,
        )
        for place, each in enumerate(drawn, start=1)
    ]


def tell_session(session: InterviewSession) -> None:
    """Tell candidates and judges where and when."""
    url = reverse("staff:interviews-own")
    words: dict[str, Any] = {"room": session.room, "name": session.competition.name}
    for each in session.interviews.all():
        told = list(Account.objects.filter(person=each.person_id, is_active=True))
        text = _("“%(name)s”面试：%(at)s，%(room)s。") % {**words, "at": moment(each.starts_at)}
        notify(recipients=told, text=text, url=url)
    judges = [each.account for each in session.judges.select_related("account")]
    text = _("“%(name)s”请您担任评委：%(at)s，%(room)s。") % {**words, "at": moment(session.starts_at)}
    notify(recipients=judges, text=text, url=url)


def _need_planner(actor: Account) -> None:
    if not can_plan_interviews(actor):
        raise NotAllowed(_("面试由人事安排。"))


def save_session(session: InterviewSession, *fields: str) -> None:
    """Save the fields of a locked session as a new version."""
    session.version += 1
    session.save(update_fields=[*fields, "version"])


def locked_session(actor: Account, session: InterviewSession) -> InterviewSession:
    """The session, locked. Raises NotFound, and Refused once it is closed: then nothing of it is touched any more."""
    found = sessions_visible_to(actor).select_for_update(of=("self",)).filter(pk=session.pk).first()
    if found is None:
        raise NotFound(_("没有这一场面试。"))
    if found.state == SessionState.CLOSED:
        raise Refused(_("这场面试已经封场，评分不能再写入或修改。"))
    return found
