"""Sealed archives as a table: each row read, checked, and planned; what is refused comes back without its content."""

from typing import Any

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from promotion.web.tables import Table
from staff.access import people_visible_to
from staff.actions.sealed import LONGEST
from staff.imports.book import Book
from staff.imports.cells import Cells
from staff.models import Account, Person, SealedSubject

# The headings are the workbook's format, the same in every language.
SEALED_HEADINGS = ("工号", "姓名", "封存事项", "内容", "起", "最后一日")
SEALED_BOOK = Book(
    name="封存档案",
    headings=SEALED_HEADINGS,
    required=("工号", "封存事项", "内容", "起"),
    days=("起", "最后一日"),
    secret=("内容",),
)


@sensitive_variables("table", "row")
def read_sealed(actor: Account, table: Table) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows to seal, and rows refused with their reasons. Raises Refused when a needed column is missing."""
    numbers = [row.cells.get("工号", "") for row in table.rows]
    people = {one.staff_number: one for one in people_visible_to(actor).filter(staff_number__in=numbers)}
    return SEALED_BOOK.read(table, lambda cells: _planned(cells, people))


@sensitive_variables("cells", "text")
def _planned(cells: Cells, people: dict[str, Person]) -> dict[str, Any]:
    number = cells.required("工号", 20)
    person = people.get(number)
    if number and person is None:
        cells.refuse(_("没有工号为 %(number)s 的人员。") % {"number": number})
    if person is not None and cells.values.get("姓名") and cells.values["姓名"] != person.name:
        cells.refuse(_("工号 %(number)s 是%(name)s，与姓名不符。") % {"number": number, "name": person.name})
    subject, starts_on, last_day = (
        cells.choice("封存事项", SealedSubject),
        cells.day("起"),
        cells.day("最后一日"),
    )
    if not cells.values.get("封存事项"):
        cells.refuse(_("%(heading)s是空的。") % {"heading": "封存事项"})
    if starts_on is None and not cells.values.get("起"):
        cells.refuse(_("%(heading)s是空的。") % {"heading": "起"})
    if starts_on and last_day and last_day < starts_on:
        cells.refuse(_("最后一日不能早于起日。"))
    text = cells.required("内容", LONGEST)
    return {
        "line": cells.line,
        "person": person.pk if person else None,
        "staff_number": number,
        "name": person.name if person else "",
        "subject": subject,
        "text": text,
        "starts_on": starts_on.isoformat() if starts_on else "",
        "ends_on": (last_day.fromordinal(last_day.toordinal() + 1)).isoformat() if last_day else "",
    }
