"""Posts that change: a move to another team, a secondment that comes back by itself, and its earlier or later end."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access import appointments_visible_to, can_change_roster, in_force
from staff.actions.contract import locked_person
from staff.models import Account, Appointment, Grade, Person, PostKind, Team


@action("appointment.move", gettext_lazy("调动"))
def move_person(
    *,
    actor: Account,
    person: Person,
    team: Team,
    starts_on: date,
    reason: str,
    grade: str = "",
    is_leader: bool = False,
) -> Appointment:
    """Move a person to another team from a day on: one post ends, the other begins and lasts as the first would have.

    Raises Refused without a post on the day or a reason, or during a secondment; Conflict when a later post is written already.
    """
    _need_keeper(actor)
    person = locked_person(actor, person)
    post = _post_on(person, starts_on)
    _check(person, team, starts_on, reason)
    if post.team_id == team.pk and (not grade or grade == post.grade) and post.is_leader == is_leader:
        raise Refused(
            _("%(name)s 已在%(team)s任职。") % {"name": person.name, "team": team.name},
            fields={"team": _("请选择另一个团队。")},
        )
    _check_nothing_later(person, starts_on)
    ends_on = post.ends_on
    _end(post, starts_on)
    moved = Appointment.objects.create(
        person=person,
        team=team,
        grade=Grade(grade) if grade else post.grade,
        is_leader=is_leader,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    detail = {"from": post.team.code, "to": team.code, "grade": moved.grade, "starts_on": str(starts_on)}
    record(actor=actor, verb="appointment.move", target=person, reason=reason.strip(), detail=detail)
    return moved


@action("appointment.second", gettext_lazy("借调驻点"))
def second_person(
    *, actor: Account, person: Person, team: Team, starts_on: date, ends_on: date, reason: str
) -> Appointment:
    """Lend a person to another team for the days [starts_on, ends_on); the post at home goes on afterwards by itself.

    There is one post a day: the home post is split, and the day's team is the one that a score of that day counts for.
    """
    _need_keeper(actor)
    person = locked_person(actor, person)
    post = _post_on(person, starts_on)
    _check(person, team, starts_on, reason)
    fields = {}
    if ends_on <= starts_on:
        fields["last_day"] = _("借调的最后一日不能早于第一日。")
    elif post.ends_on is not None and ends_on > post.ends_on:
        fields["last_day"] = _("借调不能超过原任职的期限（%(day)s）。") % {"day": post.last_day}
    if post.team_id == team.pk:
        fields["team"] = _("请选择另一个团队。")
    if fields:
        raise Refused("".join(fields.values()), fields=fields)
    _check_nothing_later(person, starts_on)
    home_until = post.ends_on
    _end(post, starts_on)
    lent = Appointment.objects.create(
        person=person,
        team=team,
        grade=post.grade,
        kind=PostKind.SECONDED,
        home_team=post.team,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    if home_until is None or home_until > ends_on:
        _resume(post, ends_on, home_until)
    detail = {"home": post.team.code, "to": team.code, "starts_on": str(starts_on), "ends_on": str(ends_on)}
    record(actor=actor, verb="appointment.second", target=person, reason=reason.strip(), detail=detail)
    return lent


@action("appointment.second-until", gettext_lazy("变更借调期满日"))
def change_secondment_end(
    *, actor: Account, appointment: Appointment, ends_on: date, reason: str
) -> Appointment:
    """Let a secondment end earlier or later; the post at home moves its beginning to that day."""
    _need_keeper(actor)
    posts = appointments_visible_to(actor).filter(pk=appointment.pk, kind=PostKind.SECONDED)
    lent = posts.select_for_update(of=("self",)).select_related("person", "team").first()
    if lent is None:
        raise NotFound(_("没有这条借调。"))
    if not reason.strip():
        raise Refused(_("请写明理由。"), fields={"reason": _("请写明理由。")})
    if ends_on <= lent.starts_on:
        sentence = _("借调的最后一日不能早于第一日。")
        raise Refused(sentence, fields={"last_day": sentence})
    before = lent.ends_on or ends_on
    home = (
        lent.person.appointments.select_for_update()
        .filter(team=lent.home_team, starts_on=before, kind=PostKind.REGULAR)
        .first()
    )
    if home is None or (home.ends_on is not None and ends_on >= home.ends_on):
        raise Refused(
            _("借调之后在原团队的任职不在了，或者到不了那一天；请改办调动。"),
            fields={"last_day": _("超过了原团队的任职期限。")},
        )
    # The shorter one first: there is never a day with two posts.
    first, second = (
        ((lent, "ends_on"), (home, "starts_on"))
        if ends_on < before
        else ((home, "starts_on"), (lent, "ends_on"))
    )
    for post, field in (first, second):
        setattr(post, field, ends_on)
        post.save(update_fields=[field])
    detail = {"team": lent.team.code, "ends_on": [str(before), str(ends_on)]}
    record(
        actor=actor, verb="appointment.second-until", target=lent.person, reason=reason.strip(), detail=detail
    )
    return lent


def _need_keeper(actor: Account) -> None:
    if not can_change_roster(actor):
        raise NotAllowed(_("只有人事和系统管理员可以任命和调整岗位。"))


def _post_on(person: Person, day: date) -> Appointment:
    post = (
        person.appointments.select_for_update(of=("self",))
        .filter(in_force(day))
        .select_related("team")
        .first()
    )
    if post is None or post.starts_on == day:
        sentence = _("%(name)s 在 %(day)s 前一日没有任职，请直接任命。") % {"name": person.name, "day": day}
        raise Refused(sentence, fields={"starts_on": sentence})
    if post.kind == PostKind.SECONDED:
        words = {"name": person.name, "team": post.team.name, "day": post.last_day}
        sentence = _("%(name)s借调在%(team)s，至 %(day)s；请先变更借调的期满日。") % words
        raise Refused(sentence, fields={"starts_on": sentence})
    return post


def _check(person: Person, team: Team, starts_on: date, reason: str) -> None:
    fields = {}
    if not reason.strip():
        fields["reason"] = _("请写明理由。")
    if starts_on < team.founded_on or (team.closed_on is not None and starts_on >= team.closed_on):
        fields["team"] = _("%(team)s在 %(day)s 尚未成立或已经撤销。") % {"team": team.name, "day": starts_on}
    if person.left_on is not None and starts_on >= person.left_on:
        fields["starts_on"] = _("%(name)s 已于 %(day)s 离职。") % {"name": person.name, "day": person.left_on}
    if fields:
        raise Refused("".join(fields.values()), fields=fields)


def _check_nothing_later(person: Person, day: date) -> None:
    later = person.appointments.filter(starts_on__gt=day).select_related("team").order_by("starts_on").first()
    if later is not None:
        words = {"name": person.name, "day": later.starts_on, "team": later.team.name}
        raise Conflict(
            _("%(name)s 自 %(day)s 起另有%(team)s的任职；请先结束或变更它。") % words,
            fields={"starts_on": _("之后另有任职。")},
        )


def _end(post: Appointment, day: date) -> None:
    post.ends_on = day
    post.save(update_fields=["ends_on"])


def _resume(post: Appointment, starts_on: date, ends_on: date | None) -> Appointment:
    """The post at home again, as it was."""
    return Appointment.objects.create(
        person_id=post.person_id,
        team_id=post.team_id,
        grade=post.grade,
        is_leader=post.is_leader,
        starts_on=starts_on,
        ends_on=ends_on,
    )
