"""The sheet of a session: who came, and what that earns (签到, 学分)."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access.training import can_keep_training, sessions_visible_to
from staff.models import Account, Enrolment, EnrolmentState, TrainingCredit, TrainingSession, TrainingState


@action("training.mark", gettext_lazy("签到"))
def mark_attendance(
    *, actor: Account, session: TrainingSession, came: Mapping[int, bool], reason: str = ""
) -> TrainingSession:
    """Write down who came, by the key of the person; others stay as they are. After closing it takes a reason and moves credits.

    Raises Conflict for somebody who has no seat, Refused before the day or without a reason after closing.
    """
    found = _locked(actor, session)
    if found.state == TrainingState.CANCELLED:
        raise Conflict(_("这场培训已取消，没有签到表。"))
    if timezone.localtime(found.starts_at).date() > timezone.localdate():
        raise Refused(_("培训当天才能签到。"))
    is_closed = found.state == TrainingState.CLOSED
    if is_closed and not reason.strip():
        raise Refused(_("已结课，更正签到请写明理由。"), fields={"reason": _("请写明理由。")})
    rows = _seated(found)
    if strangers := sorted(came.keys() - rows.keys()):
        raise Conflict(
            _("有 %(count)s 人已不在这一场的名单里，没有写入；请刷新签到表。") % {"count": len(strangers)}
        )
    changed = [rows[key] for key, value in came.items() if rows[key].attended != value]
    for row in changed:
        row.attended = came[row.person_id]
    Enrolment.objects.bulk_update(changed, ["attended"])
    if is_closed:
        _take_back(found, [row for row in changed if not row.attended])
        _award(found, [row for row in changed if row.attended])
    detail = {row.person.staff_number: row.attended for row in changed}
    if detail:
        record(actor=actor, verb="training.mark", target=found, reason=reason.strip(), detail=detail)
    return found


@action("training.close", gettext_lazy("结课"))
def close_training(*, actor: Account, session: TrainingSession) -> int:
    """Award the credits to whoever came, once; gives how many. Who is not marked counts as absent, who waits is let go.

    Raises Refused before the end, Conflict when it is closed or cancelled already.
    """
    found = _locked(actor, session)
    if found.state != TrainingState.PLANNED:
        raise Conflict(_("这场培训%(state)s。") % {"state": found.get_state_display()})
    if found.ends_at > timezone.now():
        raise Refused(_("这场培训还没有结束，结束后才能结课。"))
    rows = _seated(found).values()
    absent = [row for row in rows if row.attended is None]
    for row in absent:
        row.attended = False
    Enrolment.objects.bulk_update(absent, ["attended"])
    Enrolment.objects.filter(session=found, state=EnrolmentState.WAITING).update(
        state=EnrolmentState.WITHDRAWN
    )
    found.state = TrainingState.CLOSED
    found.version += 1
    found.save(update_fields=["state", "version"])
    awarded = _award(found, [row for row in rows if row.attended])
    detail = {"came": sum(bool(row.attended) for row in rows), "enrolled": len(rows), "awarded": awarded}
    record(actor=actor, verb="training.close", target=found, detail=detail)
    return awarded


def _award(session: TrainingSession, rows: list[Enrolment]) -> int:
    """A credit for each who has none of this course in the year; gives how many are new."""
    day = timezone.localtime(session.starts_at).date()
    people = [row.person_id for row in rows]
    same = TrainingCredit.objects.filter(course=session.course, year=day.year, person__in=people)
    has = set(same.values_list("person", flat=True))
    new = [
        TrainingCredit(
            person_id=person,
            session=session,
            course=session.course,
            field=session.course.field,
            credits=session.course.credits,
            year=day.year,
            earned_on=day,
        )
        for person in people
        if person not in has
    ]
    TrainingCredit.objects.bulk_create(new)
    return len(new)


def _take_back(session: TrainingSession, rows: list[Enrolment]) -> None:
    """Credits of this session that were earned by a mark that was wrong; the trail keeps them."""
    TrainingCredit.objects.filter(session=session, person__in=[row.person_id for row in rows]).delete()


def _seated(session: TrainingSession) -> dict[int, Any]:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("person")
    return {
        row.person_id: row
        for row in rows.filter(session=session, state=EnrolmentState.ENROLLED).order_by("pk")
    }


def _locked(actor: Account, session: TrainingSession) -> TrainingSession:
    rows = sessions_visible_to(actor).select_for_update(of=("self",)).select_related("course")
    found = rows.filter(pk=session.pk).first()
    if found is None:
        raise NotFound(_("没有这场培训。"))
    if not can_keep_training(actor):
        raise NotAllowed(_("签到和结课由人事或系统管理员办理。"))
    return found
