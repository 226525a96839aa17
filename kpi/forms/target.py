"""What people fill in about targets; the rules themselves are the action's."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.actions import TargetRow
from kpi.models import Target, TargetLevel, TargetPeriod
from kpi.queries.target import TargetLine
from kpi.scoring.rounding import plain
from kpi.scoring.scheme import Target as WantedTarget


@dataclass(frozen=True, slots=True)
class Cell:
    """One value that can be typed: its name in the form, what it is of, and how it is read out."""

    name: str
    line: TargetLine
    target: WantedTarget
    period: str
    level: str
    label: str

    @property
    def present(self) -> Target | None:
        return self.line.at(self.target.code, self.period, self.level)


def grid_cells(
    lines: Sequence[TargetLine], wanted: Sequence[WantedTarget], period: str, level: str
) -> list[Cell]:
    """Subjects by targets, of one period and level."""
    return [
        Cell(
            f"{line.key[0]}-{line.key[1]}-{target.code}",
            line,
            target,
            period,
            level,
            f"{line.name} {target.title}",
        )
        for line in lines
        for target in wanted
    ]


def subject_cells(line: TargetLine, target: WantedTarget) -> list[Cell]:
    """One target of one subject: periods by levels."""
    return [
        Cell(
            f"{period.value}-{level.value}",
            line,
            target,
            period.value,
            level.value,
            f"{period.label} {level.label}",
        )
        for period in TargetPeriod
        for level in TargetLevel
    ]


class TargetsForm(forms.Form):
    """Some targets to be typed. Only cells that were changed are written.

    Each cell carries what was shown when the page was opened, so that a value changed by somebody else meanwhile is
    noticed and not overwritten.
    """

    def __init__(self, cells: Sequence[Cell], data: Any = None) -> None:
        super().__init__(data)
        self.cells = {cell.name: cell for cell in cells}
        for cell in cells:
            self.fields[cell.name] = self._field(cell)

    def _field(self, cell: Cell) -> forms.DecimalField:
        attributes = {
            "class": "form-control",
            "aria-label": cell.label,
            "inputmode": "decimal",
            "autocomplete": "off",
        }
        return forms.DecimalField(
            label=cell.label,
            required=False,
            min_value=0,
            max_digits=18,
            decimal_places=4,
            initial=plain(cell.present.amount) if cell.present else None,
            show_hidden_initial=True,
            widget=forms.TextInput(attrs=attributes),
        )

    def rows(self) -> list[tuple[TargetLine, list[forms.BoundField]]]:
        """The cells in rows, a subject each."""
        found: dict[Any, tuple[TargetLine, list[forms.BoundField]]] = {}
        for name, cell in self.cells.items():
            found.setdefault(cell.line.key, (cell.line, []))[1].append(self[name])
        return list(found.values())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.changed_data:
            present = self.cells[name].present
            now = plain(present.amount) if present else ""
            if self._shown(name) != now:
                words = {"now": now or _("未下达")}
                self.add_error(name, _("已被他人改为 %(now)s，没有保存；请刷新页面后再改。") % words)
        return cleaned

    def _shown(self, name: str) -> str:
        """What the cell held when the page was opened."""
        text = self.data.get(self.add_initial_prefix(name), "")
        try:
            return plain(Decimal(text)) if text else ""
        except ArithmeticError:
            return text

    def changed_rows(self) -> list[TargetRow]:
        """The changed cells as rows for the action; an emptied cell withdraws its target."""
        return [
            TargetRow(
                code=cell.target.code,
                amount=self.cleaned_data[name],
                person=cell.line.person,
                team=cell.line.team if cell.line.person is None else None,
                period=cell.period,
                level=cell.level,
                seen=self._shown(name),
            )
            for name, cell in self.cells.items()
            if name in self.changed_data
        ]


class TargetFileForm(forms.Form):
    """A workbook of targets."""

    file = forms.FileField(
        label=gettext_lazy("目标表"),
        help_text=gettext_lazy(".xlsx 或 .csv，不超过 5 MB；表头用下载的目标表。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class YearForm(forms.Form):
    """Which year a page shows."""

    year = forms.IntegerField(required=False, min_value=2000, max_value=2100)

    @classmethod
    def asked(cls, data: Any) -> int:
        """The year of the address, else this one."""
        form = cls(data)
        return (form.cleaned_data["year"] if form.is_valid() else None) or timezone.localdate().year


class PeriodForm(forms.Form):
    """Which period and level a page shows."""

    period = forms.ChoiceField(required=False, choices=TargetPeriod.choices)
    level = forms.ChoiceField(required=False, choices=TargetLevel.choices)

    @classmethod
    def asked(cls, data: Any) -> tuple[str, str]:
        """The period and level of the address; the year's base target where it names none."""
        form = cls(data)
        form.is_valid()
        found = form.cleaned_data
        return found.get("period") or TargetPeriod.YEAR.value, found.get("level") or TargetLevel.BASE.value
