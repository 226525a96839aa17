"""Invitations: a link by which somebody opens the own log-in, so that no password passes through other hands."""

import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access import accounts_visible_to, can_manage_accounts
from staff.models import Account, Invitation, Role, key_hash
from staff.queries.invitation import waiting_for_invitation

# How long a link is good for, in days: a week and the weekend before it.
LIFE_DAYS = 9
LONGEST_LIFE_DAYS = 30
MOST_AT_ONCE = 500


@action("account.invite", gettext_lazy("发出邀请"))
def invite_account(*, actor: Account, account: Account, days: int = LIFE_DAYS) -> tuple[Invitation, str]:
    """A link to open the log-in with; gives it with the key, of which only the hash is kept. An older link is void.

    Raises Refused for a log-in that is closed, that its owner has opened already or that belongs to a system, and for a
    life outside 1 to 30 days.
    """
    found = _invitable(actor, account)
    if not 1 <= days <= LONGEST_LIFE_DAYS:
        sentence = _("有效期为 1 到 %(most)s 天。") % {"most": LONGEST_LIFE_DAYS}
        raise Refused(sentence, fields={"days": sentence})
    now = timezone.now()
    found.invitations.filter(used_at=None, revoked_at=None).update(revoked_at=now)
    key = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        account=found,
        key_hash=key_hash(key),
        issued_by=actor,
        issued_at=now,
        expires_at=now + timedelta(days=days),
    )
    record(
        actor=actor, verb="account.invite", target=found, detail={"expires_at": str(invitation.expires_at)}
    )
    return invitation, key


@action("account.invite-all", gettext_lazy("批量发出邀请"))
def invite_accounts(*, actor: Account, days: int = LIFE_DAYS) -> list[tuple[Invitation, str]]:
    """A link for every log-in that nobody has opened yet and that has no live link; each with its key.

    Raises Refused when there is none, or more than 500.
    """
    _need_administrator(actor)
    waiting = list(waiting_for_invitation(actor).order_by("username"))
    if not waiting:
        raise Refused(_("没有等着邀请的账号：都已开通，或邀请还有效。"))
    if len(waiting) > MOST_AT_ONCE:
        raise Refused(_("一次最多邀请 %(most)s 人。") % {"most": MOST_AT_ONCE})
    return [invite_account(actor=actor, account=account, days=days) for account in waiting]


@action("account.invitation-revoke", gettext_lazy("作废邀请"))
def revoke_invitation(*, actor: Account, invitation: Invitation) -> Invitation:
    """Make a link void at once. Raises Conflict when it was used meanwhile."""
    _need_administrator(actor)
    row = Invitation.objects.select_for_update(of=("self",)).select_related("account").get(pk=invitation.pk)
    if row.used_at is not None:
        raise Conflict(
            _("%(name)s 已经用这个邀请开通了账号，不用再作废。") % {"name": row.account.display_name}
        )
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        record(actor=actor, verb="account.invitation-revoke", target=row.account)
    return row


@action("account.invitation-open", gettext_lazy("打开邀请"))
def open_invitation(*, actor: None, invitation: Invitation, address: str) -> Invitation:
    """Keep when a link was first opened, and from where."""
    row = Invitation.objects.select_for_update(of=("self",)).select_related("account").get(pk=invitation.pk)
    if row.opened_at is None:
        row.opened_at = timezone.now()
        row.save(update_fields=["opened_at"])
        detail = {"address": address}
        record(actor=row.account, verb="account.invitation-open", target=row.account, detail=detail)
    return row


@action("account.accept", gettext_lazy("接受邀请"))
def accept_invitation(*, actor: None, invitation: Invitation, password: str, address: str) -> Account:
    """Set the first password with the link, which is spent by that.

    Raises Conflict for a link that is spent, void or over, Refused for a weak password.
    """
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    account = Account.objects.select_for_update().get(pk=row.account_id)
    if not row.is_live or not account.is_active:
        raise Conflict(_("这个邀请已经用过、作废或过期，没有写入。请向系统管理员索取新的邀请。"))
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused(_("密码太弱。"), fields={"new": " ".join(error.messages)}) from error
    account.set_password(password)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    row.used_at = timezone.now()
    row.save(update_fields=["used_at"])
    record(actor=account, verb="account.accept", target=account, detail={"address": address})
    return account


def _invitable(actor: Account, account: Account) -> Account:
    found = accounts_visible_to(actor).select_for_update(of=("self",)).filter(pk=account.pk).first()
    if found is None:
        raise NotFound(_("没有这个账号。"))
    _need_administrator(actor)
    if found.role == Role.API_CLIENT:
        raise Refused(_("接口账号用令牌，不用邀请。"))
    if not found.is_active:
        raise Refused(_("这个账号已经停用，请先重新启用。"))
    if found.last_login is not None:
        raise Refused(_("%(name)s 已经登录过；忘记密码请用“发放新密码”。") % {"name": found.display_name})
    return found


def _need_administrator(actor: Account) -> None:
    if not can_manage_accounts(actor):
        raise NotAllowed(_("只有系统管理员可以管理账号。需要开通或停用账号，请联系系统管理员。"))
