"""The specialists of departments on the record: who answers, naming, replacing, ending."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.access import can_change
from projects.actions import end_specialist, name_specialist
from projects.actions.moves import permit_change
from projects.forms.specialist import EndSpecialistForm, SpecialistForm
from projects.models import Department, Project
from projects.queries import specialist as queries
from projects.queries.department import visible_department
from projects.queries.project import visible_project
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.models import Account


def tab_context(actor: Account, project: Project) -> dict[str, Any]:
    return {**queries.specialists_tab(project), "may_name": can_change(actor, project)}


@require_http_methods(["GET", "POST"])
def specialist_new(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Name the specialist of any department; one that has a specialist is replaced on its own panel."""
    return _name(request, visible_project(request.user, public_id), None)


@require_http_methods(["GET", "POST"])
def specialist_name(request: SignedInRequest, public_id: str, department: str) -> HttpResponse:
    """Name or replace the specialist of one department."""
    project = visible_project(request.user, public_id)
    return _name(request, project, visible_department(request.user, department))


def _name(request: SignedInRequest, project: Project, department: Department | None) -> HttpResponse:
    permit_change(request.user, project)
    present = {row.department_id: row for row in queries.present_specialists(project)}
    contacts = queries.nameable_contacts(department)
    if department is None:
        contacts = contacts.exclude(department__in=present)
    current = present.get(department.pk) if department else None
    form = SpecialistForm(request.POST or None, contacts=contacts, present=current)
    if request.method == "POST" and form.is_valid():
        named = attempt(
            form, lambda: name_specialist(actor=request.user, project=project, **form.cleaned_data)
        )
        if named is not None:
            return done(request, _back(project), _("部门专员已指派。"))
    title = _("更换专员") if current else _("指派专员")
    return _panel(request, project, form, title, department.name if department else project.name)


@require_http_methods(["GET", "POST"])
def specialist_end(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """A department no longer answers in the project."""
    project = visible_project(request.user, public_id)
    permit_change(request.user, project)
    found = queries.visible_specialist(project, pk)
    form = EndSpecialistForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ended = attempt(
            form, lambda: end_specialist(actor=request.user, specialist=found, **form.cleaned_data)
        )
        if ended is not None:
            return done(request, _back(project), _("部门专员已结束。"))
    detail = f"{found.department.name} · {found.contact.name}"
    return _panel(request, project, form, _("结束专员"), detail)


def _back(project: Project) -> str:
    return f"{reverse('projects:detail', args=[project.public_id])}?tab=specialists"


def _panel(request: SignedInRequest, project: Project, form: Any, title: str, detail: str) -> HttpResponse:
    context = {"project": project, "form": form, "title": title, "detail": detail, "back": _back(project)}
    status = 422 if form.errors else 200
    return page(request, "projects/record_panel.html", context, fragment="panel", status=status)
