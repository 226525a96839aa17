"""Files on their way out: under their own name, never run. Who may have them was asked before."""

from typing import Any

from django.core.cache import caches
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from promotion.files.preview import NOTHING as NO_PREVIEW
from promotion.files.preview import Preview, page_image, preview_of

DAY = 86_400
SHOWN_INLINE = ("application/pdf", "image/png", "image/jpeg", "image/webp")
# Nothing in a file may run or load. The browsers' own PDF viewers do not open in a sandboxed document, and PDF has no
# access to the page that shows it, so PDF goes without that one word.
NOTHING = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; sandbox"
PDF_ONLY = "script-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def file_response(request: HttpRequest, found: Any) -> FileResponse:
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


def picture_response(picture: bytes) -> HttpResponse:
    """A page of a file as a picture; content of a kept file never changes, so the browser may keep it a while."""
    response = HttpResponse(picture, content_type="image/png")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING
    response["Cache-Control"] = "private, max-age=600"
    return response


def read_preview(document: Any, number: int) -> Preview:
    """Page `number` of a kept file (`file`, `content_type`, `digest`). Raises FileNotFoundError when it is gone."""
    with document.file.open("rb") as stream:
        return preview_of(document.content_type, stream.read(), number)


def preview_context(document: Any, url: str, asked: str) -> dict[str, Any]:
    """What a page that turns a file's pages needs: the preview of the page asked for, and where one turns to.

    `url` is the address without a page; a number that is none, and a file that is gone, show what can be shown.
    """
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    try:
        preview = read_preview(document, number)
    except FileNotFoundError:
        preview = NO_PREVIEW
    return {
        "preview": preview,
        "number": number,
        "previous_url": f"{url}?page={number - 1}" if 1 < number <= preview.pages else "",
        "next_url": f"{url}?page={number + 1}" if number < preview.pages else "",
    }


def page_picture(document: Any, number: int) -> HttpResponse:
    """A page of a file as a picture; 404 where there is none."""
    try:
        picture = read_page_image(document, number)
    except FileNotFoundError as error:
        raise Http404 from error
    if picture is None:
        raise Http404
    return picture_response(picture)


def read_page_image(document: Any, number: int) -> bytes | None:
    """The picture of a page, from the cache where it was drawn before; None where there is no such page."""
    key = f"page-{document.digest}-{number}"
    kept = caches["previews"].get(key)
    if kept is not None:
        return bytes(kept)
    with document.file.open("rb") as stream:
        drawn = page_image(document.content_type, stream.read(), number)
    if drawn is not None:
        caches["previews"].set(key, drawn, DAY)
    return drawn
