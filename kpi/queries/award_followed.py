"""What follows a notice to a person (末位处理): the move or the leaving it asks for, and whether that is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from kpi.models import AwardDecision, Consequence
from promotion.web.formats import day
from staff.models import Appointment, Departure


@dataclass(frozen=True, slots=True)
class Followed:
    """Whether the consequence is carried out, in words, and where HR does it."""

    done: bool
    words: str
    label: str
    url: str


def followed_of(decisions: Iterable[AwardDecision]) -> dict[int, Followed]:
    """By decision, for those that hold and ask for a move or an end; two queries however many there are.

    A move is done by a post that begins on the day of the approval or later; an end by a departure that was not taken back.
    """
    asked = [one for one in decisions if one.is_granted and one.consequence in FOLLOWS and one.person_id]
    people = {one.person_id for one in asked if one.person_id is not None}
    if not people:
        return {}
    posts, left = _posts(people), _left(people)
    return {one.pk: _followed(one, posts, left) for one in asked}


#: Where it is done: the page of the person, and what its button says.
FOLLOWS: dict[str, str] = {
    Consequence.MOVE.value: "staff:person-move",
    Consequence.END.value: "staff:person-leave",
}


def _posts(people: set[int]) -> dict[int, list[tuple[date, str]]]:
    found: dict[int, list[tuple[date, str]]] = {}
    rows = Appointment.objects.filter(person__in=people).select_related("team").order_by("starts_on")
    for post in rows:
        found.setdefault(post.person_id, []).append((post.starts_on, post.team.name))
    return found


def _left(people: set[int]) -> dict[int, date]:
    rows = Departure.objects.filter(person__in=people).exclude(state="revoked").order_by("ends_on")
    return dict(rows.values_list("person_id", "ends_on"))


def _followed(
    one: AwardDecision, posts: dict[int, list[tuple[date, str]]], left: dict[int, date]
) -> Followed:
    person, since = one.person_id or 0, one.approved_on or date.max
    moving = one.consequence == Consequence.MOVE
    words, done = _("还没有办理。"), False
    if moving:
        later = [(begins, team) for begins, team in posts.get(person, []) if begins >= since]
        if later:
            words, done = (
                _("已调整：%(day)s 起在%(team)s。") % {"day": day(later[0][0]), "team": later[0][1]},
                True,
            )
    elif person in left and left[person] >= since:
        words, done = _("已办理离职，%(day)s 起不在岗。") % {"day": day(left[person])}, True
    reason = _("%(year)s 年度“%(title)s”，%(number)s") % {
        "year": one.year,
        "title": one.title,
        "number": one.number,
    }
    address = reverse(FOLLOWS[one.consequence], args=[one.person.public_id if one.person else ""])
    label = _("办理调动") if moving else _("办理离职")
    return Followed(done, words, label, f"{address}?{urlencode({'reason': reason})}")
