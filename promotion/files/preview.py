"""What a browser can be shown of a file: page images of a PDF, a scaled picture, the first rows of a sheet, a text.

Pure: bytes in, a `Preview` or PNG bytes out, everything within fixed bounds.
"""

import io
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

import pypdfium2
from PIL import Image, ImageOps

from promotion.files.content import opened_pdf, opened_workbook, paragraphs_of, text_of

WIDEST, HIGHEST = 1400, 2000
MOST_PAGES = 300
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 100, 24, 20
MOST_PARAGRAPHS, LONGEST_CELL = 600, 200
PDF = "application/pdf"
IMAGES = ("image/png", "image/jpeg", "image/webp")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LETTER = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "text/plain"


@dataclass(frozen=True)
class Preview:
    """One page of what is shown. `kind`: image (drawn by an address of its own), table, text, or none.

    `pages` counts pages or sheets; `more` says that the file goes on beyond what is shown.
    """

    kind: str
    pages: int = 1
    title: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    paragraphs: tuple[str, ...] = ()
    more: bool = False


NOTHING = Preview("none", pages=0)


def preview_of(content_type: str, content: bytes, number: int) -> Preview:
    """Page `number` (from 1) of a file; `NOTHING` where no preview is possible."""
    try:
        if content_type == PDF:
            with opened_pdf(content) as document:
                return Preview("image", min(len(document), MOST_PAGES), more=len(document) > MOST_PAGES)
        if content_type in IMAGES:
            return Preview("image")
        if content_type == SHEET:
            return _sheet(content, number)
        if content_type == LETTER:
            return _text(paragraphs_of(content))
        if content_type == TEXT:
            return _text(iter((text_of(content) or "").splitlines()))
    except (pypdfium2.PdfiumError, ValueError, KeyError, TypeError, OSError, AttributeError):
        return NOTHING
    return NOTHING


def page_image(content_type: str, content: bytes, number: int) -> bytes | None:
    """Page `number` (from 1) as PNG, at most `WIDEST` × `HIGHEST`; None where there is no such page."""
    try:
        if content_type == PDF:
            picture = _pdf_page(content, number)
        elif content_type in IMAGES and number == 1:
            with Image.open(io.BytesIO(content)) as image:
                picture = ImageOps.exif_transpose(image).convert("RGB")
        else:
            return None
    except (pypdfium2.PdfiumError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    if picture is None:
        return None
    picture.thumbnail((WIDEST, HIGHEST))
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=False)
    return stream.getvalue()


def _pdf_page(content: bytes, number: int) -> Image.Image | None:
    with opened_pdf(content) as document:
        if not 1 <= number <= min(len(document), MOST_PAGES):
            return None
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(WIDEST / max(width, 1), HIGHEST / max(height, 1), 4.0)
        bitmap = page.render(scale=scale)
        picture = bitmap.to_pil().convert("RGB")
        bitmap.close()
        return picture


def _sheet(content: bytes, number: int) -> Preview:
    book = opened_workbook(content)
    try:
        sheets = book.worksheets[:MOST_SHEETS]
        if not 1 <= number <= len(sheets):
            return NOTHING
        sheet = sheets[number - 1]
        lines = sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)
        rows = [tuple(_cell(value) for value in line) for line in islice(lines, MOST_ROWS + 1)]
    finally:
        book.close()
    width = max((len(row) - _empty_tail(row) for row in rows), default=0)
    kept = tuple(row[:width] for row in rows[:MOST_ROWS])
    return Preview("table", len(sheets), sheet.title, rows=kept, more=len(rows) > MOST_ROWS)


def _empty_tail(row: tuple[str, ...]) -> int:
    return next((place for place, value in enumerate(reversed(row)) if value), len(row))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}" if (value.hour or value.minute) else f"{value:%Y-%m-%d}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)[:LONGEST_CELL]


def _text(lines: Any) -> Preview:
    found = list(islice(lines, MOST_PARAGRAPHS + 1))
    return Preview("text", paragraphs=tuple(found[:MOST_PARAGRAPHS]), more=len(found) > MOST_PARAGRAPHS)
