"""谁能看到这个项目，为什么; secrecy, named readers, and the view log."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import access
from projects.actions.secrecy import end_reader, lift_secrecy, make_secret, name_reader
from projects.forms.secrecy import OpenForm, ReaderForm, SecretForm
from projects.models import Project
from projects.queries.project import visible_project
from projects.queries.sight import readers_of, viewers_of
from promotion.errors import NotAllowed
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest

VIEWS = 50


@require_GET
def sight(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Everybody who sees the project, with the reasons; the view log for its owner and auditors."""
    return _page(request, visible_project(request.user, public_id))


@require_http_methods(["GET", "POST"])
def secret(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Make the project secret, or open it again."""
    project = visible_project(request.user, public_id)
    if not access.can_set_secrecy(request.user):
        raise NotAllowed(_("保密和查看人由分管领导决定；请把理由告诉他们。"))
    kind, perform = (OpenForm, lift_secrecy) if project.is_secret else (SecretForm, make_secret)
    form: forms.Form = kind(request.POST or None, initial={"seen": project.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: perform(actor=request.user, project=project, **given)):  # type: ignore[operator]
            text = _("已解除保密。") if project.is_secret else _("已设为保密项目。")
            return done(request, reverse("projects:sight", args=[public_id]), text)
    title = _("解除保密") if project.is_secret else _("设为保密项目")
    context = {"project": project, "form": form, "title": title, "verb": "secret"}
    return page(
        request, "projects/project_reason.html", context, fragment="panel", status=422 if form.errors else 200
    )


@require_POST
def reader(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Name a reader."""
    project = visible_project(request.user, public_id)
    form = ReaderForm(request.POST, actor=request.user)
    if form.is_valid():
        given = form.cleaned_data
        named = attempt(form, lambda: name_reader(actor=request.user, project=project, **given))
        if named:
            text = _("%(name)s 可以查看这个项目了。") % {"name": named.person.name}
            return done(request, reverse("projects:sight", args=[public_id]), text)
    return _page(request, project, form)


@require_POST
def reader_end(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """The person reads the project no longer."""
    project = visible_project(request.user, public_id)
    ended = end_reader(actor=request.user, reader=get_object_or_404(project.readers, pk=pk))
    text = _("%(name)s 不再能查看这个项目。") % {"name": ended.person.name}
    return done(request, reverse("projects:sight", args=[public_id]), text)


def _page(request: SignedInRequest, project: Project, form: ReaderForm | None = None) -> HttpResponse:
    decides = access.can_set_secrecy(request.user)
    views = access.views_visible_to(request.user, project).select_related("account")
    context: dict[str, Any] = {
        "project": project,
        "viewers": viewers_of(project),
        "readers": list(readers_of(project)),
        "decides": decides,
        "form": form or (ReaderForm(actor=request.user) if decides else None),
        "sees_log": access.reads_view_log(request.user, project),
        "log": Paginator(views, VIEWS).get_page(request.GET.get("page")),
    }
    return page(request, "projects/project_sight.html", context, status=422 if form else 200)
