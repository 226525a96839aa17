"""Posts: a person appointed to a team from a day on, and the end of that."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access import appointments_visible_to, can_change_roster, people_visible_to
from staff.models import Account, Appointment, Grade, Person, Team


@action("appointment.start", gettext_lazy("任命"))
def appoint_person(
    *,
    actor: Account,
    person: Person,
    team: Team,
    grade: str,
    starts_on: date,
    ends_on: date | None = None,
    is_leader: bool = False,
    end_earlier: bool = False,
) -> Appointment:
    """Appoint a person from `starts_on` (until before `ends_on`).

    A post that still runs is ended the day before only when `end_earlier` asks for it; otherwise Conflict names it.
    Raises Refused for a day before the person joined, after the person left, or outside the team's life.
    """
    person = _locked_person(actor, person)
    _need_roster(actor)
    _check_days(person, team, starts_on, ends_on)
    earlier = person.appointments.filter(starts_on__lt=starts_on, ends_on=None).select_related("team").first()
    if earlier is not None:
        if not end_earlier:
            raise Conflict(
                _("%(name)s 自 %(since)s 起在%(team)s任职，尚未结束。请勾选“结束原任职”，或先结束原任职。")
                % {"name": person.name, "since": earlier.starts_on, "team": earlier.team.name},
                fields={"end_earlier": _("原任职尚未结束。")},
            )
        earlier.ends_on = starts_on
        earlier.save(update_fields=["ends_on"])
    post = Appointment.objects.create(
        person=person,
        team=team,
        grade=Grade(grade),
        is_leader=is_leader,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    detail = {"team": team.code, "grade": post.grade, "is_leader": is_leader, "starts_on": str(starts_on)}
    detail |= {"ended": earlier.pk} if earlier is not None else {}
    record(actor=actor, verb="appointment.start", target=person, detail=detail)
    return post


@action("appointment.end", gettext_lazy("结束任职"))
def end_appointment(
    *, actor: Account, appointment: Appointment, ends_on: date, reason: str = ""
) -> Appointment:
    """End a post; `ends_on` is the first day on which it is no longer held."""
    post = appointments_visible_to(actor).select_for_update(of=("self",)).filter(pk=appointment.pk).first()
    if post is None:
        raise NotFound(_("没有这条任职。"))
    _need_roster(actor)
    if post.ends_on is not None and post.ends_on <= ends_on:
        raise Refused(
            _("这条任职已于 %(day)s 结束。") % {"day": post.ends_on},
            fields={"last_day": _("任职更早就已结束。")},
        )
    if ends_on <= post.starts_on:
        sentence = _("最后在任日不能早于任职开始日 %(day)s。") % {"day": post.starts_on}
        raise Refused(sentence, fields={"last_day": sentence})
    post.ends_on = ends_on
    post.save(update_fields=["ends_on"])
    detail = {"appointment": post.pk, "team": post.team.code, "ends_on": str(ends_on)}
    record(actor=actor, verb="appointment.end", target=post.person, reason=reason, detail=detail)
    return post


def _check_days(person: Person, team: Team, starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on <= starts_on:
        raise Refused(
            _("任职的结束日期必须晚于开始日期。"), fields={"last_day": _("最后在任日不能早于任职开始日。")}
        )
    if starts_on < person.joined_on:
        sentence = _("任职不能早于入职日期 %(day)s。") % {"day": person.joined_on}
        raise Refused(sentence, fields={"starts_on": sentence})
    if person.left_on is not None and starts_on >= person.left_on:
        sentence = _("%(name)s 已于 %(day)s 离职。") % {"name": person.name, "day": person.left_on}
        raise Refused(sentence, fields={"starts_on": sentence})
    if starts_on < team.founded_on or (team.closed_on is not None and starts_on >= team.closed_on):
        sentence = _("%(team)s在 %(day)s 尚未成立或已经撤销。") % {"team": team.name, "day": starts_on}
        raise Refused(sentence, fields={"team": sentence})


def _locked_person(actor: Account, person: Person) -> Person:
    found = people_visible_to(actor).select_for_update(of=("self",)).filter(pk=person.pk).first()
    if found is None:
        raise NotFound(_("没有这个人。"))
    return found


def _need_roster(actor: Account) -> None:
    if not can_change_roster(actor):
        raise NotAllowed(_("只有人事和系统管理员可以任命和调整岗位。"))
