"""What every route of projects reads of a request: who asks, the checked input, and the people it names."""

from typing import Any, cast

from django.utils.translation import gettext as _
from rest_framework.request import Request

from promotion.errors import Refused
from staff.access import people_visible_to
from staff.models import Account, Person


def account_of(request: Request) -> Account:
    """Who asks: HasScope lets nobody in without an account."""
    return cast("Account", request.user)


def checked(serializer: type, request: Request) -> dict[str, Any]:
    """The request's input in the serializer's shape; raises ValidationError naming each wrong field."""
    reader = serializer(data=request.data)
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)


def person_of(request: Request, staff_number: str, field: str = "owner") -> Person:
    """The person with this staff number. Raises Refused naming the field."""
    found = people_visible_to(account_of(request)).filter(staff_number=staff_number).first()
    if found is None:
        raise Refused(
            _("没有工号为 %(number)s 的人员。") % {"number": staff_number},
            fields={field: _("没有这个工号。")},
        )
    return found
