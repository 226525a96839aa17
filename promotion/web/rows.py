"""The head, the rows and the pager of a list, drawn by Python: fifty rows of ten cells are the larger part of a list page's templates."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from promotion.web.components import shown
from promotion.web.icons import drawn_icon
from promotion.web.markup import escaped

if TYPE_CHECKING:
    from promotion.web.lists import Cell, Heading, Row


def drawn_rows(rows: Iterable["Row"], *, ticks: bool) -> SafeString:
    """Table rows; the first cell leads to the record, `ticks` puts a box before it. Every part is escaped."""
    openings: dict[tuple[str, bool, int], str] = {}
    say = _("选中第 %(place)s 行")
    lines = []
    for place, row in enumerate(rows, start=1):
        url = escaped(row.url)
        lines.append(f'<tr data-row data-url="{url}">')
        if ticks:
            lines.append(_tick(escaped(row.key), say % {"place": place}))
        for position, cell in enumerate(row.cells):
            key = (cell.align, cell.wide, id(cell.label))
            if key not in openings:
                openings[key] = _opening(cell)
            shown = _shown(cell.text)
            if url and position == 0:
                shown = f'<a class="row-link" href="{url}">{shown}</a>'
            lines.append(f"{openings[key]}{shown}</td>")
        lines.append("</tr>")
    return SafeString("\n".join(lines))


def _tick(key: str, label: str) -> str:
    return (
        '<td class="tick"><input class="form-check-input" type="checkbox" name="row" '
        f'value="{key}" data-tick aria-label="{escaped(label)}"></td>'
    )


def _opening(cell: "Cell") -> str:
    classes = [cell.align] if cell.align != "start" else []
    if cell.wide:
        classes.append("wide")
    return f'<td class="{" ".join(classes)}" data-label="{escaped(cell.label)}">'


def _shown(text: Any) -> str:
    return escaped(text) if isinstance(text, str) else escaped(localize(text))


def drawn_sort_header(column: "Heading", region: str) -> SafeString:
    """A table's heading cell."""
    order = {"asc": "ascending", "desc": "descending"}.get(column.sorted)
    attributes = (' class="end"' if column.align == "end" else "") + (
        f' aria-sort="{order}"' if order else ""
    )
    inside = shown(column.label)
    if column.sortable:
        mark = {"asc": "chevron-up", "desc": "chevron-down"}.get(column.sorted)
        url = shown(column.sort_url)
        inside = (
            f'<a class="sort" href="{url}" hx-get="{url}" hx-target="#{region}" hx-swap="outerHTML" hx-push-url="true">'
            f"{inside}{drawn_icon(mark, 14) if mark else ''}</a>"
        )
    return SafeString(f'<th scope="col"{attributes}>{inside}</th>')


def drawn_pager(page: Page[Any], *, region: str, prefix: str) -> SafeString:
    """First, neighbouring and last pages; nothing when there is only one. `prefix` is the address up to the number."""
    if page.paginator.num_pages <= 1:
        return SafeString("")
    start = shown(prefix)

    def step(number: object, inside: str, more: str = "") -> str:
        url = f"{start}{number}"
        asks = f'hx-get="{url}" hx-target="#{region}" hx-swap="outerHTML show:top" hx-push-url="true"'
        return f'<a class="pager-step" href="{url}" {asks}{more}>{inside}</a>'

    parts = []
    if page.has_previous():
        more = f' rel="prev" aria-label="{shown(_("上一页"))}"'
        parts.append(step(page.previous_page_number(), drawn_icon("chevron-left", 16), more))
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if number == page.paginator.ELLIPSIS:
            parts.append('<span class="pager-gap">…</span>')
        elif number == page.number:
            parts.append(f'<span class="pager-step pager-current" aria-current="page">{number}</span>')
        else:
            parts.append(step(number, str(number)))
    if page.has_next():
        more = f' rel="next" aria-label="{shown(_("下一页"))}"'
        parts.append(step(page.next_page_number(), drawn_icon("chevron-right", 16), more))
    return SafeString(f'<nav class="pager" aria-label="{shown(_("翻页"))}">{"".join(parts)}</nav>')
