"""How another system proves who it is (`Authorization: Token KEY`), and in whose place somebody works."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from staff.models import Account, ApiToken, key_hash
from staff.queries.delegation import delegation_in_force

# The session's word for the delegation under which somebody works.
STANDING_IN = "standing_in"


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


class StandInMiddleware:
    """Lets who stands in for an absent colleague work with that one's role while the session says so and the days last."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        lent = request.session.get(STANDING_IN)
        if lent and request.user.is_authenticated:
            found = delegation_in_force(request.user, lent)
            if found is None:
                del request.session[STANDING_IN]
            else:
                request.user.lend(found, found.principal.account.role)
        return self.get_response(request)
