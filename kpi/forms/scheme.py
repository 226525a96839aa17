"""What people fill in about a scheme as a whole; the rules themselves are the actions'."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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


class SourceForm(forms.Form):
    """The document of a draft as text, with the version that it was read from."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("细则原文"),
        strip=False,
        max_length=LARGEST_SCHEME,
        widget=forms.Textarea(attrs={"class": "scheme-text", "rows": 28, "spellcheck": "false"}),
    )
