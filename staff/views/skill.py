"""Languages and expertise of a person, entered and ended by HR."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from promotion.web.pages import attempt, done
from promotion.web.requests import SignedInRequest
from staff import actions
from staff.access import fields_visible_to, languages_visible_to, people_visible_to
from staff.forms.skill import FieldSkillForm, LanguageSkillForm, SkillEndForm
from staff.models import Person
from staff.views.permits import for_roster_keepers
from staff.views.person import form_page


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def language_add(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Enter a language, or a better level of one."""
    found = get_object_or_404(people_visible_to(request.user), public_id=public_id)
    form = LanguageSkillForm(request.POST or None, request.FILES or None)
    title = _("登记外语：%(name)s") % {"name": found.name}
    return _added(request, form, found, title, actions.add_language)


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def field_add(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Enter a field of industry that the person knows."""
    found = get_object_or_404(people_visible_to(request.user), public_id=public_id)
    form = FieldSkillForm(request.POST or None, actor=request.user)
    title = _("登记产业专长：%(name)s") % {"name": found.name}
    return _added(request, form, found, title, actions.add_field)


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def language_end(request: SignedInRequest, public_id: str) -> HttpResponse:
    """It counts no more from a day on."""
    rows = languages_visible_to(request.user).select_related("person")
    found = get_object_or_404(rows, public_id=public_id)
    form = SkillEndForm(request.POST or None)
    title = _("停止外语：%(name)s，%(what)s") % {"name": found.person.name, "what": found.language}
    return _ended(request, form, found.person, title, actions.end_language, language=found)


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def field_end(request: SignedInRequest, public_id: str) -> HttpResponse:
    """It counts no more from a day on."""
    rows = fields_visible_to(request.user).select_related("person")
    found = get_object_or_404(rows, public_id=public_id)
    form = SkillEndForm(request.POST or None)
    title = _("停止产业专长：%(name)s，%(what)s") % {"name": found.person.name, "what": found.field}
    return _ended(request, form, found.person, title, actions.end_field, field=found)


def _added(
    request: SignedInRequest, form: Any, person: Person, title: str, add: Callable[..., Any]
) -> HttpResponse:
    back = reverse("staff:person", args=[person.public_id])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: add(actor=request.user, person=person, **given)):
            return done(request, back, _("已登记。"))
    return form_page(request, form, title, back)


def _ended(
    request: SignedInRequest,
    form: Any,
    person: Person,
    title: str,
    end: Callable[..., Any],
    **what: Any,
) -> HttpResponse:
    back = reverse("staff:person", args=[person.public_id])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: end(actor=request.user, **what, **given)):
            return done(request, back, _("已停止，记录保留。"))
    return form_page(request, form, title, back)
