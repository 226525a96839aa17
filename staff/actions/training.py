"""Sessions and who takes part: planned, moved, cancelled; a seat taken, waited for, given up (培训场次, 报名)."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access.training import can_enrol, can_keep_training, sessions_visible_to
from staff.models import (
    Account,
    Course,
    Enrolment,
    EnrolmentState,
    Person,
    TrainingSession,
    TrainingState,
)

SESSION_FIELDS = ("starts_at", "ends_at", "room", "teacher", "seats")


@action("training.hold", gettext_lazy("安排培训"))
def hold_training(
    *,
    actor: Account,
    course: Course,
    starts_at: datetime,
    ends_at: datetime,
    room: str,
    teacher: str,
    seats: int,
) -> TrainingSession:
    """Hold the course once. Raises Conflict when the room is taken at that time, Refused for a course that is closed."""
    _permit(actor)
    if not course.is_open:
        raise Refused(_("这门课程已停开；请先重新开设。"))
    given = {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "room": room.strip(),
        "teacher": teacher.strip(),
        "seats": seats,
    }
    _check(given)
    session = TrainingSession.objects.create(course=course, **given)
    record(actor=actor, verb="training.hold", target=session, detail=_words(given))
    return session


@action("training.change", gettext_lazy("调整培训"))
def change_training(
    *, actor: Account, session: TrainingSession, seen: int | None = None, **changes: Any
) -> TrainingSession:
    """Another time, room, teacher or number of seats; whoever has a seat is told, and who waited moves up into new seats.

    Raises Conflict for a room that is taken, fewer seats than are taken, or a session changed meanwhile.
    """
    _permit(actor)
    found = _locked(actor, session)
    check_version(seen=seen, current=found)
    _need_planned(found)
    given = {name: getattr(found, name) for name in SESSION_FIELDS} | changes
    _check(given)
    differing = {name: value for name, value in changes.items() if getattr(found, name) != value}
    for name, value in differing.items():
        setattr(found, name, value)
    if differing:
        found.version += 1
        found.save(update_fields=[*differing, "version"])
        _move_up(found)
        record(actor=actor, verb="training.change", target=found, detail=_words(differing))
        if differing.keys() != {"seats"}:
            _tell(found, _("培训“%(course)s”改在 %(when)s，%(room)s。"))
    return found


@action("training.cancel", gettext_lazy("取消培训"))
def cancel_training(*, actor: Account, session: TrainingSession, reason: str) -> TrainingSession:
    """The session is not held; whoever had a seat or waited is told why."""
    _permit(actor)
    found = _locked(actor, session)
    _need_planned(found)
    if not reason.strip():
        raise Refused(_("取消请写明原因。"), fields={"reason": _("请写明为什么取消。")})
    found.state, found.reason = TrainingState.CANCELLED, reason.strip()[:200]
    found.version += 1
    found.save(update_fields=["state", "reason", "version"])
    record(actor=actor, verb="training.cancel", target=found, reason=reason.strip())
    _tell(found, _("培训“%(course)s”（%(when)s）已取消：%(reason)s"))
    return found


@action("training.enrol", gettext_lazy("报名培训"))
def enrol(*, actor: Account, session: TrainingSession, person: Person) -> Enrolment:
    """Take a seat, or wait for one when all are taken; of two who ask at once the second waits.

    Raises NotAllowed for somebody else's person, Refused after the beginning, Conflict when already enrolled or waiting.
    """
    found = _locked(actor, session)
    _permit_for(actor, person)
    _need_planned(found)
    if found.starts_at <= timezone.now():
        raise Refused(_("这一场已经开始，不能再报名；请选另一场。"))
    present = Enrolment.objects.filter(session=found, person=person).first()
    if present is not None and present.state != EnrolmentState.WITHDRAWN:
        raise Conflict(_("%(name)s 已报过这一场。") % {"name": person.name})
    taken = Enrolment.objects.filter(session=found, state=EnrolmentState.ENROLLED).count()
    state = EnrolmentState.ENROLLED if taken < found.seats else EnrolmentState.WAITING
    if present is None:
        present = Enrolment.objects.create(session=found, person=person, state=state)
    else:
        present.state, present.since = state, timezone.now()
        present.save(update_fields=["state", "since"])
    detail = {"person": person.staff_number, "state": str(state)}
    record(actor=actor, verb="training.enrol", target=found, detail=detail)
    return present


@action("training.withdraw", gettext_lazy("退出培训"))
def withdraw_from_training(*, actor: Account, session: TrainingSession, person: Person) -> Enrolment:
    """Give the seat up; the first who waits gets it and is told. Raises Conflict for one who is not enrolled any more."""
    found = _locked(actor, session)
    _permit_for(actor, person)
    _need_planned(found)
    if found.starts_at <= timezone.now():
        raise Refused(_("这一场已经开始，不能再退出；没有到场会记在签到表上。"))
    rows = Enrolment.objects.filter(session=found, person=person)
    present = rows.exclude(state=EnrolmentState.WITHDRAWN).first()
    if present is None:
        raise Conflict(_("%(name)s 没有报这一场。") % {"name": person.name})
    present.state = EnrolmentState.WITHDRAWN
    present.save(update_fields=["state"])
    _move_up(found)
    record(actor=actor, verb="training.withdraw", target=found, detail={"person": person.staff_number})
    return present


def _move_up(session: TrainingSession) -> None:
    """Who came first among those who wait takes what is free."""
    rows = Enrolment.objects.filter(session=session)
    free = session.seats - rows.filter(state=EnrolmentState.ENROLLED).count()
    waiting = rows.filter(state=EnrolmentState.WAITING).order_by("since", "pk")
    for row in list(waiting[: max(free, 0)]):
        row.state = EnrolmentState.ENROLLED
        row.save(update_fields=["state"])
        _tell(session, _("候补成功：培训“%(course)s”，%(when)s，%(room)s。"), person=row.person_id)


def _tell(session: TrainingSession, text: str, *, person: int | None = None) -> None:
    """A notice to everybody who has a seat or waits, or to one of them."""
    rows = session.enrolments.exclude(state=EnrolmentState.WITHDRAWN)
    people = [person] if person else list(rows.values_list("person", flat=True))
    words = {
        "course": session.course.title,
        "when": f"{timezone.localtime(session.starts_at):%m-%d %H:%M}",
        "room": session.room,
        "reason": session.reason,
    }
    notify(
        recipients=list(Account.objects.filter(person__in=people, is_active=True)),
        text=text % words,
        url=reverse("staff:training-session", args=[session.public_id]),
    )


def _locked(actor: Account, session: TrainingSession) -> TrainingSession:
    rows = sessions_visible_to(actor).select_for_update(of=("self",)).select_related("course")
    found = rows.filter(pk=session.pk).first()
    if found is None:
        raise NotFound(_("没有这场培训。"))
    return found


def _need_planned(session: TrainingSession) -> None:
    if session.state != TrainingState.PLANNED:
        raise Conflict(_("这场培训%(state)s，不能再改。") % {"state": session.get_state_display()})


def _check(given: dict[str, Any]) -> None:
    wrong = {}
    if given["ends_at"] <= given["starts_at"]:
        wrong["ends_at"] = _("结束时间必须晚于开始时间。")
    if not given["room"]:
        wrong["room"] = _("请填写地点。")
    if not given["teacher"]:
        wrong["teacher"] = _("请填写讲师。")
    if not 1 <= given["seats"] <= 1000:
        wrong["seats"] = _("名额要在 1 到 1000 之间。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)


def _words(given: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in given.items()}


def _permit(actor: Account) -> None:
    if not can_keep_training(actor):
        raise NotAllowed(_("课程、场次和学分要求由人事或系统管理员维护；请把建议告诉他们。"))


def _permit_for(actor: Account, person: Person) -> None:
    if not can_enrol(actor, person.pk):
        raise NotAllowed(_("只能给自己报名；队长可以给本队的人报名，人事可以给所有人报名。"))
