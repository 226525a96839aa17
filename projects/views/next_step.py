"""The next step of a project: planned, done together with the one after it, or put off; in the dialog or as a page."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.actions import finish_next_step, plan_next_step, postpone_next_step
from projects.actions.moves import permit_change
from projects.forms.next_step import FinishForm, NextStepForm, PostponeForm
from projects.models import Project
from projects.queries.clock import clock_book
from projects.queries.project import visible_project
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def plan(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say what comes next."""
    project = _changeable(request, public_id)
    initial = {
        "next_step": project.next_step,
        "next_step_on": project.next_step_on,
        "next_step_at": project.next_step_at,
        "next_step_person": project.next_step_person and project.next_step_person.public_id,
        "seen": project.version,
    }
    form = NextStepForm(request.POST or None, project=project, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: plan_next_step(actor=request.user, project=project, **values)):
            return _back(request, project, _("下一步已安排。"))
    return _panel(request, project, form, "plan")


@require_http_methods(["GET", "POST"])
def finish(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Done, and what comes next, in one go."""
    project = _changeable(request, public_id)
    form = FinishForm(request.POST or None, project=project, initial={"seen": project.version})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: finish_next_step(actor=request.user, project=project, **values)):
            return _back(request, project, _("已记为完成。"))
    return _panel(request, project, form, "finish")


@require_http_methods(["GET", "POST"])
def postpone(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Put off, with the reason."""
    project = _changeable(request, public_id)
    book = clock_book()
    start = max(project.next_step_on or book.today, book.today)
    initial = {"to": book.calendar.after(start, 1), "seen": project.version}
    form = PostponeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: postpone_next_step(actor=request.user, project=project, **values)):
            return _back(request, project, _("已延后。"))
    return _panel(request, project, form, "postpone")


def _changeable(request: SignedInRequest, public_id: str) -> Project:
    project = visible_project(request.user, public_id)
    permit_change(request.user, project)
    return project


def _panel(request: SignedInRequest, project: Project, form: forms.Form, verb: str) -> HttpResponse:
    titles = {"plan": _("安排下一步"), "finish": _("完成并写下一步"), "postpone": _("延后下一步")}
    context: dict[str, Any] = {
        "project": project,
        "form": form,
        "verb": verb,
        "title": titles[verb],
        "next": request.GET.get("next") or request.POST.get("next", ""),
    }
    status = 422 if form.errors else 200
    return page(request, "projects/next_step.html", context, fragment="panel", status=status)


def _back(request: SignedInRequest, project: Project, text: str) -> HttpResponse:
    """To where the button was pressed: the workbench or the record."""
    wanted = request.POST.get("next", "")
    if not (wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())):
        wanted = reverse("projects:detail", args=[project.public_id])
    return done(request, wanted, text)
