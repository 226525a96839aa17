"""The people to talk to: added, corrected and retired at their company; their parts in a project."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects import access
from projects.actions import contact as actions
from projects.forms.company import ContactForm, ContactRoleForm, ReasonForm
from projects.models import Contact, ContactRole
from projects.queries.contact import roles_of
from projects.queries.project import visible_project
from projects.views.company_found import changeable_company, seen_version
from promotion.errors import NotAllowed, NotFound
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def contact_add(request: SignedInRequest, public_id: str) -> HttpResponse:
    company = changeable_company(request, public_id)
    form = ContactForm(request.POST or None)

    def act() -> Contact:
        return actions.add_contact(actor=request.user, company=company, **form.cleaned_data)

    context = {"company": company, "title": _("添加联系人"), "save": _("添加")}
    return _formed(request, form, act, context, _("已添加联系人“%(name)s”。"))


@require_http_methods(["GET", "POST"])
def contact_edit(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    contact = _contact(request, public_id, pk)
    form = ContactForm(request.POST or None, instance=contact)

    def act() -> Contact:
        seen = seen_version(request)
        return actions.change_contact(actor=request.user, contact=contact, seen=seen, **form.cleaned_data)

    context = {"company": contact.company, "contact": contact, "title": _("编辑联系人"), "save": _("保存")}
    return _formed(request, form, act, context, _("已保存联系人“%(name)s”。"))


@require_http_methods(["GET", "POST"])
def contact_retire(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """Stop using a contact, with the reason."""
    contact = _contact(request, public_id, pk)
    form = ReasonForm(request.POST or None)

    def act() -> Contact:
        return actions.retire_contact(actor=request.user, contact=contact, **form.cleaned_data)

    context = {
        "company": contact.company,
        "title": _("停用联系人"),
        "subject": contact.name,
        "note": _("停用后不再出现在可选名单；进行中的项目角色随之结束，历史保留。"),
        "save": _("停用"),
        "danger": True,
    }
    return _formed(request, form, act, context, _("已停用联系人“%(name)s”。"), "projects/company_reason.html")


@require_POST
def contact_restore(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    contact = actions.restore_contact(actor=request.user, contact=_contact(request, public_id, pk))
    url = reverse("projects:company", args=[contact.company.public_id])
    return done(request, url, _("已恢复联系人“%(name)s”。") % {"name": contact.name})


@require_http_methods(["GET", "POST"])
def project_contacts(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Who is who for a project: the parts now and before, and giving somebody a part."""
    project = visible_project(request.user, public_id)
    if not access.can_change(request.user, project):
        raise NotAllowed(_("只有项目的服务专员、份额持有人、队长和分管领导可以指定联系人角色。"))
    form = ContactRoleForm(
        request.POST or None, request=request, project=project, initial={"starts_on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        role = attempt(
            form,
            lambda: actions.assign_contact_role(actor=request.user, project=project, **form.cleaned_data),
        )
        if role is not None:
            text = _("“%(name)s”现在是本项目的%(part)s。") % {
                "name": role.contact.name,
                "part": role.get_part_display(),
            }
            return done(request, reverse("projects:detail", args=[project.public_id]), text)
    context = {"project": project, "form": form, "roles": roles_of(project)}
    status = 422 if form.errors else 200
    return page(request, "projects/project_contacts.html", context, fragment="panel", status=status)


@require_POST
def contact_role_end(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    project = visible_project(request.user, public_id)
    role = ContactRole.objects.filter(project=project, pk=pk).select_related("contact", "project").first()
    if role is None:
        raise NotFound(_("没有这个联系人角色。"))
    ended = actions.end_contact_role(actor=request.user, role=role)
    text = _("“%(name)s”不再是本项目的%(part)s。") % {
        "name": role.contact.name,
        "part": ended.get_part_display(),
    }
    return done(request, reverse("projects:detail", args=[project.public_id]), text)


def _contact(request: SignedInRequest, public_id: str, pk: int) -> Contact:
    company = changeable_company(request, public_id)
    contact = company.contacts.select_related("company").filter(pk=pk).first()
    if contact is None:
        raise NotFound(_("没有这位联系人，或您不能查看。"))
    return contact


def _formed(
    request: SignedInRequest,
    form: Any,
    act: Callable[[], Contact],
    context: dict[str, Any],
    text: str,
    template: str = "projects/company_contact.html",
) -> HttpResponse:
    """The form about a contact in the dialog: drawn, or sent and back to the company."""
    if request.method == "POST" and form.is_valid():
        contact = attempt(form, act)
        if contact is not None:
            url = reverse("projects:company", args=[context["company"].public_id])
            return done(request, url, text % {"name": contact.name})
    status = 422 if form.errors else 200
    return page(request, template, {"form": form, **context}, fragment="panel", status=status)
