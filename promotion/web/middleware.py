"""What surrounds every request: the language, the sentences of refused actions, and a database that is away."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django_htmx.http import reswap, trigger_client_event

from promotion.errors import Outcome

Respond = Callable[[HttpRequest], HttpResponseBase]
logger = logging.getLogger(__name__)


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


class DatabaseAwayMiddleware:
    """A database that restarts gives a clear page with 503 and a retry time, never a 500; the next request reconnects."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 500 and getattr(request, "database_away", False):
            return self._away(request)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        logger.warning("the database did not answer %s: %s", request.path, error)
        connection.close()
        return self._away(request)

    def _away(self, request: HttpRequest) -> HttpResponse:
        sentence = _("数据库正在重启，您的操作没有写入。请几秒后重试。")
        if request.path.startswith("/api/"):
            response: HttpResponse = JsonResponse({"code": "unavailable", "message": sentence}, status=503)
        else:
            response = HttpResponse(render_to_string("errors/503.html", {"sentence": sentence}), status=503)
        response["Retry-After"] = "3"
        return response
