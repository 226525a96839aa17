"""Papers of the staff file: opened, or shown page by page."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from promotion.files.preview import NOTHING as NO_PREVIEW
from promotion.files.serving import file_response, picture_response, read_page_image, read_preview
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
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    try:
        preview = read_preview(found, number)
    except FileNotFoundError:
        preview = NO_PREVIEW
    url = reverse("staff:paper-preview", args=[public_id])
    context = {
        "paper": found,
        "preview": preview,
        "number": number,
        "previous_url": f"{url}?page={number - 1}" if 1 < number <= preview.pages else "",
        "next_url": f"{url}?page={number + 1}" if number < preview.pages else "",
        "in_dialog": is_fragment(request),
    }
    return page(request, "staff/paper_preview.html", context, fragment="panel")


@require_GET
def paper_page(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """One page of a paper as a picture."""
    found = get_object_or_404(papers_visible_to(request.user), public_id=public_id)
    try:
        picture = read_page_image(found, number)
    except FileNotFoundError as error:
        raise Http404 from error
    if picture is None:
        raise Http404
    return picture_response(picture)
