"""The request that every page but the public ones gets."""

from typing import Any

from django.http import HttpRequest


class SignedInRequest(HttpRequest):
    """A request behind LoginRequiredMiddleware: `user` is an account, never a stranger. `htmx` is set by its middleware."""

    user: Any
    htmx: Any
