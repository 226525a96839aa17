"""What the one search of the top bar finds among people and teams."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from promotion.chinese import fold
from promotion.web.search import Hit
from staff.access import people_visible_to, teams_visible_to
from staff.models import Account
from staff.queries.people import matching, with_post


def find_people(actor: Account, text: str, limit: int) -> list[Hit]:
    """People by part of the name, pinyin, initials or staff number, each with today's team and grade."""
    people = with_post(people_visible_to(actor).filter(matching(text)))
    return [
        Hit(
            kind=_("人员"),
            title=person.name,
            detail=" · ".join(filter(None, [person.staff_number, person.team_name or _("未在岗")])),
            url=reverse("staff:person", args=[person.public_id]),
        )
        for person in people.order_by("pinyin", "pk")[:limit]
    ]


def find_teams(actor: Account, text: str, limit: int) -> list[Hit]:
    """Teams by part of the name, pinyin, initials or code."""
    wanted = fold(text)
    if not wanted:
        return []
    teams = teams_visible_to(actor).filter(
        Q(name__icontains=text.strip())
        | Q(pinyin__contains=wanted)
        | Q(initials__startswith=wanted)
        | Q(code__istartswith=wanted)
    )
    return [
        Hit(
            kind=_("团队"),
            title=team.name,
            detail=" · ".join(filter(None, [team.get_kind_display(), team.region])),
            url=reverse("staff:team", args=[team.public_id]),
        )
        for team in teams[:limit]
    ]
