"""The rows of a list, drawn by Python: fifty rows of ten cells are the larger part of a list page's templates."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from promotion.web.markup import escaped

if TYPE_CHECKING:
    from promotion.web.lists import Cell, Row


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
