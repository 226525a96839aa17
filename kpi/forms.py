"""What people fill in about schemes and targets; the rules themselves are the actions'."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.actions import TargetRow
from kpi.models import Target
from kpi.queries.target import TargetLine
from kpi.scoring.rounding import plain
from kpi.scoring.scheme import Target as WantedTarget

LARGEST_SCHEME = 512 * 1024


class SchemeForm(forms.Form):
    """A scheme's document, pasted or uploaded; a chosen file takes the place of the pasted text."""

    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
    file = forms.FileField(
        label=gettext_lazy("上传文件"),
        required=False,
        help_text=gettext_lazy("YAML 或 JSON，UTF-8 编码；选了文件就以文件为准。"),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.json,.txt"}),
    )
    text = forms.CharField(
        label=gettext_lazy("细则原文"),
        required=False,
        strip=False,
        max_length=LARGEST_SCHEME,
        widget=forms.Textarea(attrs={"class": "scheme-text", "rows": 24, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        uploaded = cleaned.get("file")
        if uploaded is not None:
            cleaned["text"] = self._read(uploaded)
        if not self.errors and not (cleaned.get("text") or "").strip():
            self.add_error("text", _("请粘贴细则原文，或选择文件。"))
        return cleaned

    def _read(self, uploaded: Any) -> str:
        """The file's text; what was read is put into the text field, so that it can be mended in place."""
        if uploaded.size > LARGEST_SCHEME:
            self.add_error("file", _("文件超过 512 KB，没有读取。"))
            return ""
        try:
            text: str = uploaded.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("文件不是 UTF-8 编码。请另存为 UTF-8 后再上传。"))
            return ""
        self.data = {**self.data.dict(), self.add_prefix("text"): text}  # type: ignore[attr-defined]
        return text


class TargetsForm(forms.Form):
    """The targets of some subjects in one table. Only cells that were changed are written.

    Each cell carries what was shown when the page was opened, so that a value changed by somebody else meanwhile is
    noticed and not overwritten.
    """

    def __init__(self, lines: Sequence[TargetLine], wanted: Sequence[WantedTarget], data: Any = None) -> None:
        super().__init__(data)
        self.lines, self.wanted = lines, wanted
        self.cells: dict[str, tuple[TargetLine, WantedTarget, Target | None]] = {}
        for line in lines:
            for target, present in zip(wanted, line.targets, strict=True):
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
            _line, _target, present = self.cells[name]
            now = plain(present.amount) if present else ""
            if self._shown(name) != now:
                words = {"now": now or _("未下达")}
                self.add_error(name, _("已被他人改为 %(now)s，没有保存；请刷新页面后再改。") % words)
            elif cleaned.get(name) is None and name not in self.errors and present is not None:
                self.add_error(name, _("已下达的目标不能清空，请填写数值。"))
        return cleaned

    def _shown(self, name: str) -> str:
        """What the cell held when the page was opened."""
        text = self.data.get(self.add_initial_prefix(name), "")
        try:
            return plain(Decimal(text)) if text else ""
        except ArithmeticError:
            return text

    def changed_rows(self) -> list[TargetRow]:
        """The changed cells as rows for the action; a stretch set earlier stays."""
        return [
            TargetRow(
                code=target.code,
                amount=self.cleaned_data[name],
                person=line.person,
                team=line.team if line.person is None else None,
                stretch=present.stretch if present else None,
            )
            for name, (line, target, present) in self.cells.items()
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
