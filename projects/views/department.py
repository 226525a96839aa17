"""The directory of departments: read by everybody, kept by managers, HR and administrators."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects.access import can_keep_departments
from projects.actions import (
    add_department,
    change_department,
    close_department,
    reopen_department,
    retire_department_contact,
    save_department_contact,
)
from projects.forms.department import ContactForm, DepartmentForm
from projects.queries.department import contact_of, directory, visible_department
from promotion.errors import NotAllowed
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_GET
def departments(request: SignedInRequest) -> HttpResponse:
    """Every department with its contacts and how many blockers wait for it."""
    context = {"lines": directory(request.user), "may_keep": can_keep_departments(request.user)}
    return page(request, "projects/department_list.html", context)


@require_http_methods(["GET", "POST"])
def department_new(request: SignedInRequest) -> HttpResponse:
    """Enter a department."""
    _permit(request)
    form = DepartmentForm(request.POST or None)

    def save() -> Any:
        given = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
        return add_department(actor=request.user, **given)

    return _panel(request, form, save, _("新增部门"), _("部门已登记。"))


@require_http_methods(["GET", "POST"])
def department_edit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Change a department; its code stays."""
    _permit(request)
    found = visible_department(request.user, public_id)
    names = ("name", "duties", "phone", "names_specialist")
    form = DepartmentForm(
        request.POST or None,
        initial={"seen": found.version, **{name: getattr(found, name) for name in names}},
    )
    del form.fields["code"]
    return _panel(
        request,
        form,
        lambda: change_department(actor=request.user, department=found, **form.cleaned_data),
        _("修改部门"),
        _("部门已修改。"),
    )


@require_http_methods(["GET", "POST"])
def contact_edit(request: SignedInRequest, public_id: str, pk: int = 0) -> HttpResponse:
    """Enter a contact of a department, or change one."""
    _permit(request)
    found = visible_department(request.user, public_id)
    contact = contact_of(found, pk) if pk else None
    names = [name for name in ContactForm.base_fields if name != "seen"]
    initial = (
        {"seen": contact.version, **{name: getattr(contact, name) for name in names}} if contact else None
    )
    form = ContactForm(request.POST or None, initial=initial)
    return _panel(
        request,
        form,
        lambda: save_department_contact(
            actor=request.user, department=found, contact=contact, **form.cleaned_data
        ),
        _("修改联系人") if contact else _("添加联系人"),
        _("联系人已保存。"),
    )


@require_POST
def contact_retire(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """A contact leaves the post."""
    found = visible_department(request.user, public_id)
    _permit(request)
    retire_department_contact(actor=request.user, department=found, contact=contact_of(found, pk))
    return done(request, reverse("projects:departments"), _("联系人已离岗。"))


@require_POST
def department_turn(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take a department out of use, or into use again."""
    found = visible_department(request.user, public_id)
    _permit(request)
    turn = close_department if found.is_open else reopen_department
    turn(actor=request.user, department=found)
    return done(request, reverse("projects:departments"), _("已停用。") if found.is_open else _("已恢复。"))


def _permit(request: SignedInRequest) -> None:
    """The panels are not shown to those who may not; the actions ask again."""
    if not can_keep_departments(request.user):
        raise NotAllowed(_("部门名录由分管领导、人事和系统管理员维护；请把变动告诉他们。"))


def _panel(
    request: SignedInRequest, form: Any, save: Callable[[], Any], title: str, said: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and attempt(form, save) is not None:
        return done(request, reverse("projects:departments"), said)
    context = {"form": form, "title": title}
    status = 422 if form.errors else 200
    return page(request, "projects/department_form.html", context, fragment="panel", status=status)
