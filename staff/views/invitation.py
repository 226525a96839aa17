"""Invitations: sent by administrators, with the links drawn once; and the page on which an invited person comes in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.web.throttle import too_many_tries
from staff import actions
from staff.access import accounts_visible_to, invitations_visible_to
from staff.forms.invitation import AcceptForm
from staff.models import Invitation, key_hash
from staff.queries.invitation import invitation_by_key, waiting_for_invitation
from staff.views.account import account_page, invitation_address
from staff.views.permits import for_administrators
from staff.views.session import signed_in


@never_cache
@require_http_methods(["GET", "POST"])
@for_administrators
def invitations(request: SignedInRequest) -> HttpResponse:
    """The invitations that are out. A POST invites everybody who waits; the links are drawn once, in the reply."""
    sent: list[dict[str, Any]] = []
    if request.method == "POST":
        made = actions.invite_accounts(actor=request.user)
        sent = [{"account": one.account, "address": invitation_address(request, key)} for one, key in made]
    listed = invitations_visible_to(request.user).select_related("account", "issued_by")
    context = {
        "sent": sent,
        "sent_text": "\n".join(f"{each['account'].display_name} {each['address']}" for each in sent),
        "waiting": waiting_for_invitation(request.user).count(),
        "open": listed.filter(used_at=None, revoked_at=None),
        "over": listed.exclude(used_at=None, revoked_at=None)[:50],
    }
    return page(request, "staff/invitations.html", context)


@never_cache
@require_POST
@for_administrators
def account_invite(request: SignedInRequest, pk: int) -> HttpResponse:
    """A link for one log-in, drawn once."""
    found = get_object_or_404(accounts_visible_to(request.user), pk=pk)
    _invitation, key = actions.invite_account(actor=request.user, account=found)
    return account_page(request, found, invitation=invitation_address(request, key))


@require_POST
@for_administrators
def invitation_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a link void at once."""
    invitation = get_object_or_404(invitations_visible_to(request.user), pk=pk)
    actions.revoke_invitation(actor=request.user, invitation=invitation)
    return done(request, reverse("staff:invitations"), _("邀请已作废，链接立即失效。"))


@login_not_required
@never_cache
@sensitive_post_parameters("new", "again")
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, key: str) -> HttpResponse:
    """Set the first password and go in; a wrong key is 404, a spent, void or expired link says so with 410."""
    address = request.META.get("REMOTE_ADDR", "")
    if too_many_tries("invitation", address):
        return _sheet(request, {"problem": _("尝试太频繁，请 5 分钟后再打开。")}, 429)
    invitation = invitation_by_key(key_hash(key))
    if invitation is None:
        return _sheet(
            request, {"problem": _("链接不完整或不存在。请从收到的消息里重新打开，或向系统管理员索取。")}, 404
        )
    if not invitation.is_live:
        return _sheet(request, {"problem": _why_not(invitation)}, 410)
    if request.method == "GET":
        actions.open_invitation(actor=None, invitation=invitation, address=address)
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["new"]
        given = {"invitation": invitation, "password": password, "address": address}
        account = attempt(form, lambda: actions.accept_invitation(actor=None, **given))
        if account is not None:
            return signed_in(request, account, reverse("profile"))
    return _sheet(request, {"invitation": invitation, "form": form}, 422 if form.errors else 200)


def _sheet(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    context = {**context, "body_names": settings.BODY_NAMES}
    response = render(request, "staff/invitation.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _why_not(invitation: Invitation) -> str:
    words = {"name": invitation.issued_by.display_name}
    if invitation.used_at is not None:
        return _("这个邀请已经用过。账号已开通，请直接登录；忘记密码请联系系统管理员%(name)s。") % words
    if invitation.revoked_at is not None:
        return _("这个邀请已作废。请用最近收到的链接，或向系统管理员%(name)s索取。") % words
    return _("这个邀请已过期。请向系统管理员%(name)s索取新的邀请。") % words
