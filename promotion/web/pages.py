"""How every page is answered: whole for a visit, the named fragment for an htmx request that asks for its region."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from promotion.errors import NotAllowed, NotFound, Outcome

T = TypeVar("T")


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page (a boosted link asks for a whole one)."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragment: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the template, or its partial `fragment` when htmx asks; caches are told that the two differ."""
    name = f"{template}#{fragment}" if fragment and is_fragment(request) else template
    response = render(request, name, dict(context or {}), status=status)
    response["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response


def done(request: HttpRequest, url: str, text: str = "", *, undo_url: str = "") -> HttpResponse:
    """After a write: say what was saved, with a way back where there is one, and go to the page; htmx is sent without a swap."""
    if text:
        messages.success(request, text, extra_tags=undo_url)
    if is_fragment(request):
        return HttpResponseClientRedirect(url)
    return redirect(url)


def toast(response: HttpResponse, text: str, *, level: str = "success", undo_url: str = "") -> HttpResponse:
    """Let the page that receives this fragment show a short message, with an undo link where there is one."""
    return trigger_client_event(response, "toast", {"text": text, "level": level, "undo_url": undo_url})


def attempt(form: BaseForm, perform: Callable[[], T]) -> T | None:
    """Run an action for a form; what it refuses becomes the form's errors, so that nothing typed is lost.

    NotAllowed and NotFound are no matter of input and go on to the error page.
    """
    try:
        return perform()
    except (NotAllowed, NotFound):
        raise
    except Outcome as outcome:
        for name, sentence in outcome.fields.items():
            form.add_error(name if name in form.fields else None, sentence)
        if not outcome.fields:
            form.add_error(None, outcome.message)
        return None
