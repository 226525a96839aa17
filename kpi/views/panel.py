"""One form as a page of its own, or in the shared dialog."""

from typing import Any

from django.http import HttpResponse

from promotion.web.pages import page
from promotion.web.requests import SignedInRequest


def form_panel(
    request: SignedInRequest, form: Any, title: Any, back_url: str, *, about: Any = "", label: Any = ""
) -> HttpResponse:
    """The form with its title; `about` says whom or what it is about, `label` names the button."""
    context = {"form": form, "title": title, "back_url": back_url, "about": about, "label": label}
    return page(request, "kpi/form_panel.html", context, fragment="panel", status=422 if form.errors else 200)
