"""Papers of the staff file: opened, or shown page by page."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from promotion.files.serving import file_response, page_picture, preview_context
from promotion.web.pages import is_fragment, page
from promotion.web.requests import SignedInRequest
from staff.access import papers_visible_to


@require_GET
def paper(request: SignedInRequest, public_id: str) -> FileResponse:
    """The file itself: PDF and images in the browser, everything else as a download."""
    return file_response(request, get_object_or_404(papers_visible_to(request.user), public_id=public_id))


@require_GET
def paper_preview(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The file page by page, in the shared dialog or as a page of its own."""
    found = get_object_or_404(papers_visible_to(request.user), public_id=public_id)
    url = reverse("staff:paper-preview", args=[public_id])
    context = {
        "paper": found,
        **preview_context(found, url, request.GET.get("page", "")),
        "in_dialog": is_fragment(request),
    }
    return page(request, "staff/paper_preview.html", context, fragment="panel")


@require_GET
def paper_page(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """One page of a paper as a picture."""
    found = get_object_or_404(papers_visible_to(request.user), public_id=public_id)
    return page_picture(found, number)
