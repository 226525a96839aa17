"""Files on their way out: with permission, under their own name, never run."""

from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from projects.access import documents_visible_to
from projects.actions.secrecy import keep_view
from projects.models import ViewKind
from promotion.web.requests import SignedInRequest

SHOWN_INLINE = ("application/pdf", "image/png", "image/jpeg", "image/webp")
# Nothing in a file may run or load. The browsers' own PDF viewers do not open in a sandboxed document, and PDF has no
# access to the page that shows it, so PDF goes without that one word.
NOTHING = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; sandbox"
PDF_ONLY = "script-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


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


def file_response(request: SignedInRequest, found: Any) -> FileResponse:
    """Any kept file with `file`, `title` and `content_type`; whether the account may see it was asked before."""
    try:
        stream = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    inline = found.content_type in SHOWN_INLINE and "download" not in request.GET
    response = FileResponse(stream, content_type=found.content_type)
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=not inline, filename=found.title) or ""
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    shows_pdf = inline and found.content_type == "application/pdf"
    response["Content-Security-Policy"] = PDF_ONLY if shows_pdf else NOTHING
    return response
