"""Reading what a browser is shown of a file; pictures of pages are kept by content, so that a page is drawn once."""

from django.core.cache import caches

from projects.file_preview import Preview, page_image, preview_of
from projects.models import Document

DAY = 86_400


def read_preview(document: Document, number: int) -> Preview:
    """Page `number` of a file the caller has from a visible set. Raises FileNotFoundError when it is gone."""
    with document.file.open("rb") as stream:
        return preview_of(document.content_type, stream.read(), number)


def read_page_image(document: Document, number: int) -> bytes | None:
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
