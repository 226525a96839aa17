"""How another system proves who it is: `Authorization: Token KEY`, of which only the hash is stored."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from staff.models import Account, ApiToken, key_hash


class TokenAuthentication(BaseAuthentication):
    """Gives (account, token); a wrong, expired or revoked key is refused with 401."""

    def authenticate(self, request: Request) -> tuple[Account, ApiToken] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0].lower() not in ("token", "bearer"):
            return None
        now = timezone.now()
        token = (
            ApiToken.objects.select_related("account")
            .filter(Q(expires_at=None) | Q(expires_at__gt=now), key_hash=key_hash(words[-1]), revoked_at=None)
            .first()
        )
        if token is None or not token.account.is_active:
            raise AuthenticationFailed(_("接口令牌无效、已停用或已过期。"))
        if token.last_used_at is None or token.last_used_at < now - timedelta(minutes=1):
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.account, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"
