"""A table that comes in as a workbook: which columns it has, and its rows read one by one into what would be written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from promotion.errors import Refused
from promotion.web.tables import Table, TableRow
from staff.imports.cells import Cells

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Book:
    """The sheet's name and its headings, which are the workbook's format and the same in every language.

    `required` must be there; `days` hold dates; `not_read` may stand there and are left alone; `secret` cells are never kept.
    """

    name: str
    headings: tuple[str, ...]
    required: tuple[str, ...]
    days: tuple[str, ...] = ()
    not_read: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()

    def check(self, table: Table) -> None:
        """Raises Refused naming the columns that are missing or unknown."""
        if lacking := [name for name in self.required if name not in table.headings]:
            raise Refused(_("缺少必填的列：%(names)s。请用模板的标题行。") % {"names": "、".join(lacking)})
        known = self.headings + self.not_read
        if unknown := [name for name in table.headings if name and name not in known]:
            raise Refused(_("不认识的列：%(names)s。请用模板的标题行。") % {"names": "、".join(unknown)})

    @sensitive_variables("table", "row", "cells", "planned")
    def read(self, table: Table, plan: Callable[[Cells], dict[str, Any]]) -> tuple[Rows, Rows]:
        """Rows to write as `plan` gives them, and rows refused with their reasons. Raises Refused for a wrong heading line."""
        self.check(table)
        accepted: Rows = []
        rejected: Rows = []
        for row in table.rows:
            cells = Cells(row.line, row.cells)
            planned = plan(cells)
            if cells.reasons:
                rejected.append({"line": row.line, "cells": self._kept(row), "reasons": cells.reasons})
            else:
                accepted.append(planned)
        return accepted, rejected

    @sensitive_variables("row")
    def _kept(self, row: TableRow) -> dict[str, str]:
        return {name: row.cells.get(name, "") for name in self.headings if name not in self.secret}
