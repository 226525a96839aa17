"""What surrounds every request: the language, and the sentences of refused actions."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django_htmx.http import reswap, trigger_client_event

from promotion.errors import NotAllowed, Outcome
from promotion.web.limits import is_limited, may_open

Respond = Callable[[HttpRequest], HttpResponseBase]


class LanguageMiddleware:
    """Chinese unless this browser chose otherwise: the language of the house is not guessed from the browser's."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        known = {code for code, _name in settings.LANGUAGES}
        language = chosen if chosen in known else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ReadingMiddleware:
    """Says of the account that a page is only read, so that what it was asked once may be remembered until the reply."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if request.method in ("GET", "HEAD") and request.user.is_authenticated:
            request.user.is_reading = True  # type: ignore[union-attr]


class OutcomeMiddleware:
    """Turns Refused, NotAllowed, NotFound and Conflict into a page, a toast or JSON with the same sentence."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        return told(request, error) if isinstance(error, Outcome) else None


def told(request: HttpRequest, error: Outcome) -> HttpResponseBase:
    """The sentence of an outcome as a page, or as a toast where htmx asked for a part of one."""
    if request.htmx and not request.htmx.boosted:  # type: ignore[attr-defined]
        response = HttpResponse(status=error.status)
        trigger_client_event(response, "toast", {"text": error.message, "level": "error", "undo_url": ""})
        return reswap(response, "none")
    return render(request, "errors/outcome.html", {"outcome": error}, status=error.status)


class LimitedRoleMiddleware:
    """Keeps a role that opens only some pages to them; the workbench is the first of them. The API is held to them by HasScope."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        role = getattr(request.user, "role", "")
        if not is_limited(role) or request.resolver_match is None or request.path.startswith("/api/"):
            return None
        name = request.resolver_match.view_name
        if name == "home":
            return redirect(settings.LIMITED_ROLES[role][0])
        if not may_open(role, name):
            return told(
                request,
                NotAllowed(_("这个页面不对机关工作人员账号开放；您可以查看竞聘、报名、通知和个人资料。")),
            )
        return None
