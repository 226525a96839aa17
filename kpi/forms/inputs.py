"""Sheets of assessment inputs as forms: tables of cells of which only the changed ones are written."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.actions import InputRow
from kpi.models import NOT_HANDED_IN, InputKind, choice_said
from kpi.queries.input_faults import fault_of
from kpi.queries.input_rates import LackingRate
from kpi.queries.input_rows import Cell, Row
from kpi.queries.input_sheets import Asked, InputSheet
from kpi.scoring.rounding import plain
from projects.forms.fields import day_input
from projects.models import Currency
from staff.models import Person, Team

ABSENT = (NOT_HANDED_IN, "缺", "缺票", "-", "—")
SPARE_ROWS = 3
CELL = {"class": "form-control", "autocomplete": "off"}


def read_number(text: str) -> Decimal:
    """A number as it is typed. Raises ValidationError."""
    try:
        return Decimal(text.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        raise forms.ValidationError(_("“%(text)s”不是数。") % {"text": text[:20]}) from None


class SheetForm(forms.Form):
    """What all sheets share: the day of the rating and the paper it rests on, said once for everything that is saved."""

    dated = forms.DateField(
        label=gettext_lazy("评定日期"), required=False, widget=day_input(), help_text=gettext_lazy("可不填")
    )
    paper = forms.FileField(
        label=gettext_lazy("依据"),
        required=False,
        help_text=gettext_lazy("如汇总表的扫描件；这次保存的各条共用。"),
    )

    def __init__(self, asked: Asked, sheet: InputSheet, people: dict[Any, Any], *args: Any) -> None:
        super().__init__(*args)
        self.asked, self.sheet, self.people = asked, sheet, people
        self.found: list[tuple[str, InputRow]] = []
        self.now: dict[str, str] = {}

    def input_rows(self) -> list[InputRow]:
        """The changed cells as rows for the action."""
        return [row for _name, row in self.found]

    def overtaken(self, sentences: Mapping[str, str]) -> bool:
        """Say at each cell what somebody else wrote meanwhile; False when the sentences are about no cell.

        Sent once more, it is meant: then what is there now was seen.
        """
        for place, (name, _row) in enumerate(self.found):
            if sentence := sentences.get(f"rows.{place}"):
                self.add_error(name, sentence)
        self.data = {**self.data.dict(), **self.now}  # type: ignore[attr-defined]
        return bool(sentences)

    def seen(self, *names: str) -> list[str] | None:
        """What cells said when the page was drawn; None where the page did not send it along."""
        found = [self.data.get(self.add_initial_prefix(name)) for name in names]
        return None if any(text is None for text in found) else [str(text) for text in found]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, row in self.changed():
            if name in self.errors:
                continue
            if fault := fault_of(row, self.asked):
                self.add_error(name, fault)
            self.found.append((name, row))
        return cleaned

    def changed(self) -> Iterator[tuple[str, InputRow]]:
        """Each changed row with the field that carries its error."""
        raise NotImplementedError

    def subject(self, row: Row) -> dict[str, Person | Team]:
        """The person or team of a row, by the name of the action's field."""
        return {row.one.key[0]: self.people[row.one.key]}

    def remember(self, name: str, held: Mapping[str, str]) -> None:
        """Send along what is there by day; a hidden field, because several places share it."""
        text = json.dumps(held, ensure_ascii=False)
        self.now[name] = text
        self.fields[name] = forms.CharField(required=False, initial=text, widget=forms.HiddenInput)

    def remembered(self, name: str, place: object) -> str | None:
        """What was there for that day when the page was drawn; None where the page did not send it along."""
        try:
            held = json.loads(self.cleaned_data.get(name) or "")
        except ValueError:
            return None
        return str(held.get(str(place), "")) if isinstance(held, dict) else None

    def text(self, name: str, label: str, whose: str, initial: str = "", **attributes: str) -> None:
        """A cell to type in; it carries what was shown when the page was opened."""
        self.now[self.add_initial_prefix(name)] = initial
        spoken = " ".join(filter(None, [whose, label]))
        widget = forms.TextInput(attrs={**CELL, "aria-label": spoken, **attributes})
        self.fields[name] = forms.CharField(
            label=label,
            required=False,
            initial=initial,
            show_hidden_initial=True,
            widget=widget,
            max_length=300,
        )


class FiguresForm(SheetForm):
    """Marks of a panel's voters, or reported figures: subjects by columns of numbers."""

    def __init__(self, asked: Asked, sheet: InputSheet, people: Any, rows: Sequence[Row], *args: Any) -> None:
        super().__init__(asked, sheet, people, *args)
        self.rows = rows
        self.cells: dict[str, tuple[Row, Cell]] = {}
        for row in rows:
            for place, cell in enumerate(row.cells):
                if cell.asked:
                    name = f"{row.key}-{place}"
                    self.cells[name] = (row, cell)
                    self.text(name, cell.column.title, row.name, cell.shown, inputmode="decimal")

    def table(self) -> list[tuple[Row, list[tuple[Cell, forms.BoundField | None]]]]:
        """Each row with its cells; None where nothing is asked."""
        return [
            (
                row,
                [
                    (cell, self[f"{row.key}-{place}"] if cell.asked else None)
                    for place, cell in enumerate(row.cells)
                ],
            )
            for row in self.rows
        ]

    def changed(self) -> Iterator[tuple[str, InputRow]]:
        for name in self.changed_data:
            if name in self.cells and self._check(name):
                yield name, self._row(name)

    def _check(self, name: str) -> bool:
        """Whether a cell can be read, and was not emptied."""
        typed = (self.cleaned_data.get(name) or "").strip()
        if not typed:
            self.add_error(name, _("已录入的不能清空；请打开该条撤回或冲销。"))
        elif typed not in ABSENT or self.sheet.kind != InputKind.RATING:
            try:
                read_number(typed)
            except forms.ValidationError as error:
                self.add_error(name, error)
        return name not in self.errors

    def _row(self, name: str) -> InputRow:
        row, cell = self.cells[name]
        typed = self.cleaned_data[name].strip()
        column = cell.column
        return InputRow(
            kind=self.sheet.kind,
            code=self.sheet.code,
            part=column.part,
            band=column.band,
            voter=column.voter,
            project=row.project,
            value=None if typed in ABSENT else read_number(typed),
            dated=self.cleaned_data.get("dated"),
            seen=next(iter(self.seen(name) or ()), None),
            **self.subject(row),  # type: ignore[arg-type]
        )


class ChoicesForm(SheetForm):
    """Points chosen for each subject, with who chose them and why."""

    def __init__(self, asked: Asked, sheet: InputSheet, people: Any, rows: Sequence[Row], *args: Any) -> None:
        super().__init__(asked, sheet, people, *args)
        self.rows = rows
        for row in rows:
            held = row.cells[0].latest
            self.text(f"{row.key}-value", _("分值"), row.name, row.cells[0].shown, inputmode="decimal")
            self.text(f"{row.key}-author", _("酌定人"), row.name, held.author if held else "")
            self.text(f"{row.key}-reason", _("理由"), row.name, held.reason if held else "")

    def table(self) -> list[tuple[Row, list[forms.BoundField]]]:
        """Each row with its three cells."""
        return [
            (row, [self[f"{row.key}-{part}"] for part in ("value", "author", "reason")]) for row in self.rows
        ]

    def changed(self) -> Iterator[tuple[str, InputRow]]:
        for row in self.rows:
            names = {part: f"{row.key}-{part}" for part in ("value", "author", "reason")}
            if not set(names.values()) & set(self.changed_data):
                continue
            text = {part: (self.cleaned_data.get(name) or "").strip() for part, name in names.items()}
            if not text["value"]:
                self.add_error(names["value"], _("请填写酌定的分值。"))
                continue
            try:
                value = read_number(text["value"])
            except forms.ValidationError as error:
                self.add_error(names["value"], error)
                continue
            yield (
                names["value"],
                InputRow(
                    kind=InputKind.CHOICE,
                    code=self.sheet.code,
                    value=value,
                    author=text["author"],
                    reason=text["reason"],
                    dated=self.cleaned_data.get("dated"),
                    seen=choice_said(*seen) if (seen := self.seen(*names.values())) else None,
                    **self.subject(row),  # type: ignore[arg-type]
                ),
            )


class CategoriesForm(SheetForm):
    """The category of each subject from a day on; what held before stays as it is."""

    dated = None  # type: ignore[assignment]

    def __init__(self, asked: Asked, sheet: InputSheet, people: Any, rows: Sequence[Row], *args: Any) -> None:
        super().__init__(asked, sheet, people, *args)
        self.rows = rows
        kinds = asked.scheme.categories if asked.scheme else {}
        for row in rows:
            self.remember(f"{row.key}-held", {str(one.holds_from): one.said for one in row.history})
            select = forms.Select(
                attrs={"class": "form-control", "aria-label": f"{row.name} {_('考核类别')}"}
            )
            self.fields[f"{row.key}-option"] = forms.ChoiceField(
                label=_("新类别"), choices=[("", "—"), *kinds.items()], required=False, widget=select
            )
            day = day_input()
            day.attrs["aria-label"] = f"{row.name} {_('起始日')}"
            self.fields[f"{row.key}-from"] = forms.DateField(
                label=_("起始日"), required=False, widget=day, initial=date(asked.year, 1, 1)
            )

    def table(self) -> list[tuple[Row, list[forms.BoundField]]]:
        """Each row with the two cells of a new category."""
        return [(row, [self[f"{row.key}-option"], self[f"{row.key}-from"]]) for row in self.rows]

    def changed(self) -> Iterator[tuple[str, InputRow]]:
        for row in self.rows:
            option = self.cleaned_data.get(f"{row.key}-option")
            if option:
                yield (
                    f"{row.key}-option",
                    InputRow(
                        kind=InputKind.CATEGORY,
                        option=option,
                        holds_from=self.cleaned_data.get(f"{row.key}-from"),
                        seen=self.remembered(f"{row.key}-held", self.cleaned_data.get(f"{row.key}-from")),
                        **self.subject(row),  # type: ignore[arg-type]
                    ),
                )


class RatesForm(SheetForm):
    """Rates of days: those that are lacking first, with what was noted at recognition, then empty lines."""

    dated = None  # type: ignore[assignment]

    def __init__(
        self,
        asked: Asked,
        sheet: InputSheet,
        held: Mapping[str, str],
        lacking: Sequence[LackingRate],
        *args: Any,
    ) -> None:
        super().__init__(asked, sheet, {}, *args)
        self.lacking = lacking
        self.remember("held", held)
        currencies = [(code, label) for code, label in Currency.choices if code != Currency.CNY]
        for place in range(len(lacking) + SPARE_ROWS):
            known = lacking[place] if place < len(lacking) else None
            select = forms.Select(attrs={"class": "form-control", "aria-label": _("币种")})
            self.fields[f"code-{place}"] = forms.ChoiceField(
                label=_("币种"),
                choices=[("", "—"), *currencies],
                required=False,
                widget=select,
                initial=known.currency if known else "",
            )
            day = day_input()
            day.attrs["aria-label"] = _("日期")
            self.fields[f"from-{place}"] = forms.DateField(
                label=_("日期"), required=False, widget=day, initial=known.on if known else None
            )
            hint = plain(known.noted) if known and known.noted is not None else ""
            self.text(f"value-{place}", _("汇率"), "", inputmode="decimal", placeholder=hint)

    def table(self) -> list[tuple[LackingRate | None, list[forms.BoundField]]]:
        """Each line with its three cells."""
        return [
            (
                self.lacking[place] if place < len(self.lacking) else None,
                [self[f"{part}-{place}"] for part in ("code", "from", "value")],
            )
            for place in range(len(self.lacking) + SPARE_ROWS)
        ]

    def changed(self) -> Iterator[tuple[str, InputRow]]:
        for place in range(len(self.lacking) + SPARE_ROWS):
            typed = (self.cleaned_data.get(f"value-{place}") or "").strip()
            if not typed:
                continue
            try:
                value = read_number(typed)
            except forms.ValidationError as error:
                self.add_error(f"value-{place}", error)
                continue
            yield (
                f"value-{place}",
                InputRow(
                    kind=InputKind.RATE,
                    code=self.cleaned_data.get(f"code-{place}") or "",
                    value=value,
                    holds_from=(day := self.cleaned_data.get(f"from-{place}")),
                    seen=self.remembered("held", f"{self.cleaned_data.get(f'code-{place}')} {day}"),
                ),
            )


class ReasonForm(forms.Form):
    """Why something is returned or reversed."""

    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class InputFileForm(forms.Form):
    """A workbook of inputs."""

    file = forms.FileField(
        label=gettext_lazy("录入表"),
        help_text=gettext_lazy(".xlsx 或 .csv，不超过 5 MB；表头用下载的录入表。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
