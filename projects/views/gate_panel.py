"""The panel that the forms of admission, due diligence, pre-coaching and gates share."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from projects.models import Project
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


def posted(request: SignedInRequest) -> Any:
    """What a form is bound to: what was sent, even if it is nothing, and None when the form is only asked for."""
    return request.POST if request.method == "POST" else None


def panel(
    request: SignedInRequest,
    form: Any,
    *,
    title: Any,
    back: str,
    said: Any,
    perform: Callable[[dict[str, Any]], Any],
    project: Project | None = None,
    template: str = "projects/gate_form.html",
) -> HttpResponse:
    """Ask, and once the form is right let the action decide; what was typed stays when it refuses."""
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: perform(dict(form.cleaned_data)))
        if made is not None:
            return done(request, back, str(said))
    context = {"project": project, "form": form, "title": title, "back": back}
    return page(request, template, context, fragment="panel", status=422 if form.errors else 200)
