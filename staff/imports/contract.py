"""Contracts as a table: each row read and checked before it is kept as a preview."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from promotion.web.tables import Table
from staff.access import contracts_visible_to, people_visible_to, teams_visible_to
from staff.imports.book import Book
from staff.imports.cells import Cells
from staff.models import Account, BodyName, Contract, ContractKind, Grade, Person, Team

# The headings are the workbook's format, the same in every language; the export writes more of them, which are not read.
CONTRACT_HEADINGS = (
    "合同编号", "工号", "姓名", "合同类别", "落款", "级别", "团队", "合同起", "最后一日", "试用期最后一日", "签订日期",
)  # fmt: skip
CONTRACT_DAYS = ("合同起", "最后一日", "试用期最后一日", "签订日期")
CONTRACT_BOOK = Book(
    name="聘用合同",
    headings=CONTRACT_HEADINGS,
    required=("工号", "合同起"),
    days=CONTRACT_DAYS,
    not_read=("转正日期", "状态", "终止理由"),
)
DAY = timedelta(days=1)


def read_contracts(actor: Account, table: Table) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows to write, and rows refused with their reasons. Raises Refused for a missing or unknown column."""
    CONTRACT_BOOK.check(table)
    return CONTRACT_BOOK.read(table, Known(actor, table).plan)


class Known:
    """The staff file as far as the rows name it, in four queries; what earlier rows take counts too."""

    def __init__(self, actor: Account, table: Table) -> None:
        numbers = [row.cells.get("工号", "") for row in table.rows]
        self.people = {
            one.staff_number: one for one in people_visible_to(actor).filter(staff_number__in=numbers)
        }
        self.teams: dict[str, Team] = {}
        for team in teams_visible_to(actor):
            self.teams |= {team.name: team, team.code: team}
        given = [row.cells.get("合同编号", "") for row in table.rows]
        self.taken = set(
            Contract.objects.filter(number__in=[number for number in given if number]).values_list(
                "number", flat=True
            )
        )
        self.spans: dict[int, list[tuple[date, date | None]]] = {}
        signed = contracts_visible_to(actor).exclude(state="draft").filter(person__in=self.people.values())
        for person, start, end in signed.values_list("person", "starts_on", "ends_on"):
            self.spans.setdefault(person, []).append((start, end))

    def plan(self, cells: Cells) -> dict[str, Any]:
        """The row as it would be written; its reasons tell whether it may be."""
        person = self._person(cells)
        number = cells.text("合同编号", 40)
        if number and number in self.taken:
            cells.refuse(_("合同编号 %(number)s 已有，或在文件里出现了不止一次。") % {"number": number})
        self.taken |= {number} if number else set()
        team = self.teams.get(cells.values.get("团队", ""))
        if cells.values.get("团队") and team is None:
            cells.refuse(
                _("没有名为“%(value)s”的团队；请填团队的全称或代码。") % {"value": cells.values["团队"]}
            )
        starts_on, last_day, probation, signed_on = (
            cells.day(name) for name in ("合同起", "最后一日", "试用期最后一日", "签订日期")
        )
        if starts_on is None and not cells.values.get("合同起"):
            cells.refuse(_("%(heading)s是空的。") % {"heading": "合同起"})
        ends_on = last_day + DAY if last_day else None
        self._check_days(cells, person, starts_on, ends_on, signed_on)
        return {
            "line": cells.line,
            "person": person.pk if person else None,
            "staff_number": cells.values.get("工号", ""),
            "name": person.name if person else "",
            "number": number,
            "kind": cells.choice("合同类别", ContractKind) or ContractKind.POST.value,
            "body_name": cells.choice("落款", BodyName) or BodyName.CENTRE.value,
            "grade": cells.choice("级别", Grade),
            "team": team.pk if team else None,
            "starts_on": _written(starts_on),
            "ends_on": _written(ends_on),
            "probation_until": _written(probation + DAY if probation else None),
            "signed_on": _written(signed_on),
        }

    def _person(self, cells: Cells) -> Person | None:
        number = cells.required("工号", 20)
        person = self.people.get(number)
        if number and person is None:
            cells.refuse(_("没有工号为 %(number)s 的人员。") % {"number": number})
        if person is not None and cells.values.get("姓名") not in (None, "", person.name):
            cells.refuse(
                _("工号 %(number)s 是%(name)s，与姓名不符。") % {"number": number, "name": person.name}
            )
        return person

    def _check_days(
        self,
        cells: Cells,
        person: Person | None,
        start: date | None,
        end: date | None,
        signed_on: date | None,
    ) -> None:
        if start is None or person is None:
            return
        if end is not None and end <= start:
            cells.refuse(_("合同的最后一日不能早于起日。"))
        elif start < person.joined_on:
            cells.refuse(_("合同不能早于入职日期 %(day)s。") % {"day": person.joined_on})
        elif signed_on is not None:
            spans = self.spans.setdefault(person.pk, [])
            for since, until in spans:
                if (end is None or since < end) and (until is None or start < until):
                    cells.refuse(_("与 %(day)s 起的合同重叠。") % {"day": since})
                    return
            spans.append((start, end))


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""
