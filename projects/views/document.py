"""Files on their way out: with permission, under their own name, never run; and as pages that the browser can draw."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import actions, queries
from projects.access import can_replace_document, documents_visible_to, sees_hints
from projects.actions.secrecy import keep_view
from projects.forms.document import ReplaceForm, TypeForm
from projects.models import Document, ViewKind
from projects.queries.evidence import editions_of, same_content_elsewhere
from promotion.errors import NotAllowed, Refused
from promotion.files.serving import file_response, page_picture, preview_context
from promotion.web.pages import attempt, done, is_fragment, page
from promotion.web.requests import SignedInRequest


@require_GET
def document(request: SignedInRequest, public_id: str) -> FileResponse:
    """A file that the account may see: PDF and images in the browser, everything else as a download."""
    found = get_object_or_404(
        documents_visible_to(request.user).select_related("project", "achievement__project"),
        public_id=public_id,
    )
    project = found.project or (found.achievement.project if found.achievement else None)
    if project is not None:
        keep_view(request.user, [project], ViewKind.DOCUMENT, detail=found.title)
    return file_response(request, found)


def visible_document(request: SignedInRequest, public_id: str) -> Document:
    """The file, if this account may see it; 404 otherwise."""
    related = (
        "achievement__project",
        "achievement__person",
        "project",
        "uploaded_by",
        "replaced_by__uploaded_by",
    )
    return get_object_or_404(documents_visible_to(request.user).select_related(*related), public_id=public_id)


@require_GET
def document_preview(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A file page by page in the browser, in the shared dialog or as a page; its editions beside it."""
    found = visible_document(request, public_id)
    project = found.project or (found.achievement.project if found.achievement else None)
    if project is not None:
        keep_view(request.user, [project], ViewKind.DOCUMENT, detail=found.title)
    url = reverse("projects:document-preview", args=[public_id])
    context = {
        "document": found,
        **preview_context(found, url, request.GET.get("page", "")),
        "editions": editions_of(found),
        "elsewhere": same_content_elsewhere(found) if sees_hints(request.user) else [],
        "back_url": _place_of(found),
        "in_dialog": is_fragment(request),
    }
    return page(request, "projects/document_preview.html", context, fragment="panel")


def _place_of(document: Document) -> str:
    if document.achievement is not None:
        return f"{queries.address_of(document.achievement)}#evidence"
    return reverse("projects:detail", args=[document.project.public_id]) if document.project else ""


@require_GET
def document_page(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """One page of a file as a picture."""
    return page_picture(visible_document(request, public_id), number)


@require_http_methods(["GET", "POST"])
def document_replace(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A newer edition with the reason; the older one stays readable."""
    found = visible_document(request, public_id)
    if not can_replace_document(request.user, found):
        raise NotAllowed(_("只有申报人和项目团队可以替换这份文件；请把新版交给他们。"))
    form = ReplaceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        made = attempt(
            form,
            lambda: actions.replace_document(
                actor=request.user, document=found, upload=given["upload"], reason=given["reason"]
            ),
        )
        if made is not None:
            said = _("已换成第 %(edition)s 版，上一版仍可查看。") % {"edition": made.edition}
            # Without the fragment: a browser that stands on the same page would only scroll.
            return done(request, _place_of(made).partition("#")[0], said)
    context = {"document": found, "form": form, "back_url": _place_of(found)}
    status = 422 if form.errors else 200
    return page(request, "projects/document_replace.html", context, fragment="panel", status=status)


@require_POST
def document_classify(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say what a file is."""
    found = visible_document(request, public_id)
    form = TypeForm(request.POST)
    if not form.is_valid():
        raise Refused(_("请选择材料类型。"))
    actions.classify_document(
        actor=request.user, document=found, document_type=form.cleaned_data["document_type"]
    )
    return done(request, _place_of(found), _("材料类型已更正。"))
