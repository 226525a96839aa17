"""Keys for other systems: issued by administrators, shown once, revoked at any time."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.access import can_manage_accounts, can_revoke, tokens_visible_to
from staff.models import Account, ApiToken, key_hash


@action("token.issue", gettext_lazy("签发接口令牌"))
def issue_token(
    *, actor: Account, account: Account, name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Give a log-in a key with the named scopes; gives the token with the key itself, of which only the hash is kept."""
    if not can_manage_accounts(actor):
        raise NotAllowed(_("只有系统管理员可以签发接口令牌。"))
    if not account.is_active:
        raise Refused(_("这个账号已经停用，不能签发令牌。"), fields={"account": _("这个账号已经停用。")})
    if not name.strip():
        raise Refused(_("请写明令牌的用途。"), fields={"name": _("请写明令牌的用途。")})
    unknown = [scope for scope in scopes if scope not in ApiToken.Scope.values]
    if unknown or not scopes:
        raise Refused(_("请至少选择一个范围。"), fields={"scopes": _("请至少选择一个范围。")})
    if expires_at is not None and expires_at <= timezone.now():
        raise Refused(_("到期时间必须在今天之后。"), fields={"expires_on": _("到期日期必须在今天之后。")})
    key = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        account=account,
        name=name.strip(),
        prefix=key[:8],
        key_hash=key_hash(key),
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    detail = {"account": account.username, "scopes": token.scopes}
    record(actor=actor, verb="token.issue", target=token, detail=detail)
    return token, key


@action("token.revoke", gettext_lazy("停用接口令牌"))
def revoke_token(*, actor: Account, token: ApiToken) -> ApiToken:
    """Stop a key at once. Raises Refused when it is stopped already."""
    found = tokens_visible_to(actor).select_for_update(of=("self",)).filter(pk=token.pk).first()
    if found is None:
        raise NotFound(_("没有这个令牌。"))
    if not can_revoke(actor, found):
        raise NotAllowed(_("只能停用自己的令牌。"))
    if found.revoked_at is not None:
        raise Refused(_("这个令牌已经停用。"))
    found.revoked_at = timezone.now()
    found.save(update_fields=["revoked_at"])
    record(actor=actor, verb="token.revoke", target=found)
    return found
