"""What a token may do: its scopes. A browser session may do what its account may."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from promotion.web.limits import may_open


class HasScope(BasePermission):
    """A view names `read_scope` and `write_scope`; a token needs the one that fits the method."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        match = request.resolver_match
        if match is not None and not may_open(request.user.role, match.view_name):
            return False
        token: Any = request.auth
        if token is None:
            return True
        needed = view.read_scope if request.method in ("GET", "HEAD", "OPTIONS") else view.write_scope
        return needed is not None and needed in token.scopes
