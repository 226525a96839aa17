"""The people and teams that a request names: by staff number and by code."""

from django.utils.translation import gettext as _
from rest_framework.request import Request

from promotion.errors import Refused
from staff.access import people_visible_to, teams_visible_to
from staff.api.reading import account_of
from staff.models import Person, Team


def person_named(request: Request, staff_number: str) -> Person:
    """Raises Refused naming the field when there is no such person."""
    found = people_visible_to(account_of(request)).filter(staff_number=staff_number).first()
    if found is None:
        sentence = _("没有工号为 %(number)s 的人员。") % {"number": staff_number}
        raise Refused(sentence, fields={"person": sentence})
    return found


def team_named(request: Request, code: str) -> Team:
    """Raises Refused naming the field when there is no such team."""
    found = teams_visible_to(account_of(request)).filter(code=code).first()
    if found is None:
        sentence = _("没有代码为 %(code)s 的团队。") % {"code": code}
        raise Refused(sentence, fields={"team": sentence})
    return found
