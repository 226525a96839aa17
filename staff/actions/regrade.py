"""The grade of many people from a day on: the post of the day is split, the posts after it follow; team and days stay."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import NotAllowed, Refused
from promotion.web.formats import day
from staff.access import can_change_roster, people_visible_to
from staff.models import Account, Appointment, Grade, Person

CARRIED = ("team_id", "is_leader", "kind", "home_team_id", "ends_on")


@action("appointment.regrade", gettext_lazy("改级"))
def regrade_people(*, actor: Account, grades: Mapping[int, str], on: date, reason: str) -> list[Appointment]:
    """Give people (by key) another grade from the day on, all or none; what was held before the day stays as it was.

    A post that runs over the day ends there and goes on with the new grade, a secondment too; later posts of the old grade
    get the new one. Gives the posts that begin on the day. Raises NotAllowed for anybody but who keeps the roster, Refused
    without a reason or for somebody who has no post on the day.
    """
    if not can_change_roster(actor):
        raise NotAllowed(_("只有人事和系统管理员可以任命和调整岗位。"))
    if not reason.strip():
        raise Refused(_("请写明理由。"), fields={"reason": _("请写明理由。")})
    people = people_visible_to(actor).select_for_update(of=("self",)).filter(pk__in=grades).order_by("pk")
    return [_regrade(actor, person, Grade(grades[person.pk]), on, reason.strip()) for person in people]


def _regrade(actor: Account, person: Person, grade: Grade, on: date, reason: str) -> Appointment:
    posts = list(person.appointments.select_for_update(of=("self",)).order_by("starts_on"))
    post = next(
        (one for one in posts if one.starts_on <= on and (one.ends_on is None or one.ends_on > on)), None
    )
    if post is None:
        raise Refused(_("%(name)s 在 %(day)s 没有任职，不能改级。") % {"name": person.name, "day": day(on)})
    old = post.grade
    begun = post if post.starts_on == on else _split(post, on)
    later = [one for one in posts if one.starts_on > on and one.grade == old]
    for one in [begun, *later]:
        one.grade = grade
        one.save()
    detail = {"from": old, "to": grade.value, "on": str(on), "later": len(later)}
    record(actor=actor, verb="appointment.regrade", target=person, reason=reason, detail=detail)
    return begun


def _split(post: Appointment, on: date) -> Appointment:
    """The post ends before the day; what goes on from it is not written yet."""
    going_on = Appointment(
        person_id=post.person_id, starts_on=on, **{name: getattr(post, name) for name in CARRIED}
    )
    post.ends_on = on
    post.save(update_fields=["ends_on"])
    return going_on
