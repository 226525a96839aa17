"""What people fill in about a scheme as a whole; the rules themselves are the actions'."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.forms.indicator.part import put
from kpi.scoring.rounding import plain
from kpi.scoring.rules.base import number
from kpi.scoring.scheme import Scheme

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


class StartForm(forms.Form):
    """Which year a new draft is for, and which scheme it begins with."""

    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)

    def __init__(
        self, sources: Sequence[tuple[str, Any]], data: Any = None, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial, auto_id="start_%s")
        self.fields["source"] = forms.ChoiceField(label=gettext_lazy("从哪一份开始"), choices=sources)


class BasicsForm(forms.Form):
    """What a draft says of itself: title, first day, source, marks in all, and how points are rounded."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    holds_from = forms.DateField(
        label=gettext_lazy("施行日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.CharField(
        label=gettext_lazy("依据"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("例如：文件名和文号"),
    )
    total_marks = forms.DecimalField(
        label=gettext_lazy("满分合计"),
        required=False,
        max_digits=8,
        decimal_places=2,
        help_text=gettext_lazy("写了就会核对各项满分加起来是不是这个数；不填就不核对"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    digits = forms.IntegerField(label=gettext_lazy("保留几位小数"), min_value=0, max_value=12)
    mode = forms.ChoiceField(
        label=gettext_lazy("怎么取舍"),
        choices=(
            ("half_up", gettext_lazy("四舍五入")),
            ("half_even", gettext_lazy("四舍六入五成双")),
            ("up", gettext_lazy("进一")),
            ("down", gettext_lazy("去尾")),
        ),
    )
    when = forms.ChoiceField(
        label=gettext_lazy("什么时候取舍"),
        choices=(
            ("total", gettext_lazy("只在总分上取舍")),
            ("item", gettext_lazy("各项先取舍再相加")),
        ),
    )

    @staticmethod
    def read(document: Mapping[str, Any], scheme: Scheme) -> dict[str, Any]:
        """The fields' values."""
        total = document.get("total_marks")
        return {
            "title": scheme.title,
            "holds_from": scheme.holds_from,
            "source": document.get("source", ""),
            "total_marks": None if total is None else plain(number(total)),
            "digits": scheme.rounding.digits,
            "mode": scheme.rounding.mode,
            "when": scheme.rounding.when,
        }

    def written(self, document: Mapping[str, Any], scheme: Scheme) -> dict[str, Any]:
        """The document with what was changed; what stays the same stays as it is written."""
        cleaned, before = self.cleaned_data, self.read(document, scheme)
        found = dict(document)
        found["title"] = cleaned["title"]
        if cleaned["holds_from"] != before["holds_from"]:
            found["holds_from"] = cleaned["holds_from"].isoformat()
        if cleaned["source"] != before["source"]:
            put(found, "source", cleaned["source"] or None)
        put(found, "total_marks", cleaned["total_marks"])
        rounding = {key: cleaned[key] for key in ("digits", "mode", "when")}
        if rounding != {key: before[key] for key in rounding}:
            found["rounding"] = {**found.get("rounding", {}), **rounding}
        return found


class SourceForm(forms.Form):
    """The document of a draft as text, with the version that it was read from."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("细则原文"),
        strip=False,
        max_length=LARGEST_SCHEME,
        widget=forms.Textarea(attrs={"class": "scheme-text", "rows": 28, "spellcheck": "false"}),
    )
