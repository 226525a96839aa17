"""A page that only some accounts may open says so before it draws a form; the action asks again when it writes."""

import functools
from collections.abc import Callable

from django.http import HttpResponse
from django.utils.translation import gettext as _

from promotion.errors import NotAllowed
from promotion.web.requests import SignedInRequest
from staff.access import can_change_roster, can_manage_accounts

View = Callable[..., HttpResponse]


def for_roster_keepers(view: View) -> View:
    """Only HR and administrators open this page."""

    @functools.wraps(view)
    def opened(request: SignedInRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not can_change_roster(request.user):
            raise NotAllowed(_("只有人事和系统管理员可以维护名册。需要修改资料，请联系人事。"))
        return view(request, *args, **kwargs)

    return opened


def for_administrators(view: View) -> View:
    """Only administrators open this page."""

    @functools.wraps(view)
    def opened(request: SignedInRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not can_manage_accounts(request.user):
            raise NotAllowed(_("只有系统管理员可以管理账号和令牌。需要开通或停用账号，请联系系统管理员。"))
        return view(request, *args, **kwargs)

    return opened
