"""A fixed layout as PDF.

Typesetting holds every page at once (a hundred kilobytes a row), so a long table is set in volumes whose pages are put together
afterwards; a volume that ends before its page does leaves the rest of that page empty.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from promotion.files.content import count_pages, joined_pdfs
from promotion.papers import render_paper
from promotion.papers.layouts import Column, Layout, Part, cell_text, chinese_day

#: Up to how many rows are set at once, and how many a volume holds beyond that.
ROWS_AT_ONCE, ROWS_OF_A_VOLUME = 1500, 400


def write(layout: Layout) -> bytes:
    """The PDF (official_table.typ): A4, headings on every page, page numbers, figures right-aligned."""
    rows = sum(len(part.rows) for part in layout.parts)
    volumes = list(volumes_of(layout.parts, rows if rows <= ROWS_AT_ONCE else ROWS_OF_A_VOLUME))
    if len(volumes) == 1:
        return render_paper("official_table", _data(layout, volumes[0]))
    written: list[bytes] = []
    pages = 0
    for place, parts in enumerate(volumes, start=1):
        data = _data(layout, parts, after=pages, ends=place == len(volumes))
        written.append(render_paper("official_table", data, tags=False))
        pages += count_pages(written[-1])
    return joined_pdfs(written)


def volumes_of(parts: Sequence[Part], most: int) -> Iterator[list[Part]]:
    """The parts in volumes of at most `most` rows; a part that goes on has neither title nor paragraphs again."""
    volume: list[Part] = []
    room = most
    for part in parts:
        start = 0
        while len(part.rows) - start > room:
            cut = replace(part, rows=part.rows[start : start + room], totals=(), note="")
            volume.append(cut if start == 0 else _continued(cut))
            yield volume
            volume, start, room = [], start + room, most
        last = replace(part, rows=part.rows[start:])
        volume.append(last if start == 0 else _continued(last))
        room -= len(last.rows)
    yield volume


def _continued(part: Part) -> Part:
    return replace(part, title="", paragraphs=())


def _data(layout: Layout, parts: list[Part], *, after: int = 0, ends: bool = True) -> dict[str, Any]:
    """What the template reads: a volume that follows `after` pages has no heading, one that does not end has no closing."""
    begins = after == 0
    return {
        "after": after,
        "title": layout.title,
        "subtitle": layout.subtitle,
        "body": layout.body,
        "number": layout.number,
        "begins": begins,
        "facts": [list(pair) for pair in layout.facts],
        "parts": [_part(part) for part in parts],
        "notes": list(layout.notes) if ends else [],
        "signatures": list(layout.signatures) if ends else [],
        "signed_by": layout.signed_by or layout.body,
        "dated": chinese_day(layout.dated_on) if layout.dated_on and ends else "",
        "landscape": layout.landscape,
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": part.title,
        "paragraphs": list(part.paragraphs),
        "note": part.note,
        "columns": [
            {"heading": one.heading, "width": one.width, "end": one.is_figure} for one in part.columns
        ],
        "rows": [_cells(part.columns, row) for row in part.rows],
        "totals": [_cells(part.columns, row, missing="") for row in part.totals],
    }


def _cells(columns: Any, row: Any, missing: str | None = None) -> list[str]:
    pairs: Iterator[tuple[Column, Any]] = zip(columns, row, strict=True)
    if missing is None:
        return [cell_text(column, value) for column, value in pairs]
    return [missing if value is None else cell_text(column, value) for column, value in pairs]
