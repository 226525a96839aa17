"""What surrounds every request: the language, and the sentences of refused actions."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django_htmx.http import reswap, trigger_client_event

from promotion.errors import Outcome

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
        if not isinstance(error, Outcome):
            return None
        if request.htmx and not request.htmx.boosted:  # type: ignore[attr-defined]
            response = HttpResponse(status=error.status)
            trigger_client_event(response, "toast", {"text": error.message, "level": "error", "undo_url": ""})
            return reswap(response, "none")
        return render(request, "errors/outcome.html", {"outcome": error}, status=error.status)
