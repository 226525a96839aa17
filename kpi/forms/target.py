"""What people fill in about targets; the rules themselves are the action's."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.actions import TargetRow
from kpi.models import Target, TargetLevel
from kpi.queries.target import TargetLine
from kpi.scoring.periods import YEAR
from kpi.scoring.rounding import plain
from kpi.scoring.scheme import Target as WantedTarget


class TargetsForm(forms.Form):
    """The targets of some subjects in one table, of one period and level. Only cells that were changed are written.

    Each cell carries what was shown when the page was opened, so that a value changed by somebody else meanwhile is
    noticed and not overwritten.
    """

    def __init__(
        self,
        lines: Sequence[TargetLine],
        wanted: Sequence[WantedTarget],
        data: Any = None,
        *,
        period: str = YEAR,
        level: str = TargetLevel.BASE,
    ) -> None:
        super().__init__(data)
        self.lines, self.wanted, self.period, self.level = lines, wanted, period, level
        self.cells: dict[str, tuple[TargetLine, WantedTarget, Target | None]] = {}
        for line in lines:
            for target in wanted:
                present = line.at(target.code, period, level)
                name = f"{line.key[0]}-{line.key[1]}-{target.code}"
                self.cells[name] = (line, target, present)
                self.fields[name] = self._field(f"{line.name} {target.title}", present)

    def _field(self, label: str, present: Target | None) -> forms.DecimalField:
        attributes = {
            "class": "form-control",
            "aria-label": label,
            "inputmode": "decimal",
            "autocomplete": "off",
        }
        return forms.DecimalField(
            label=label,
            required=False,
            min_value=0,
            max_digits=18,
            decimal_places=4,
            initial=plain(present.amount) if present else None,
            show_hidden_initial=True,
            widget=forms.TextInput(attrs=attributes),
        )

    def rows(self) -> list[tuple[TargetLine, list[forms.BoundField]]]:
        """The table: a subject with its cells."""
        return [
            (line, [self[f"{line.key[0]}-{line.key[1]}-{target.code}"] for target in self.wanted])
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.changed_data:
            present = self.cells[name][2]
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
                code=target.code,
                amount=self.cleaned_data[name],
                person=line.person,
                team=line.team if line.person is None else None,
                period=self.period,
                level=self.level,
            )
            for name, (line, target, _present) in self.cells.items()
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
