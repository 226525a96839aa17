"""One indicator as text, for what no form holds."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.forms.indicator.part import Entry
from kpi.scoring.entries import InvalidDocument
from kpi.scoring.reading import read

BEGIN = """title: ""
full_marks: 10
floor: 0
measures:
  counted: {title: 签约项目, facts: [signed], aggregate: count_projects}
rule: {kind: count_times_points, terms: [{of: counted, each: 1}]}
"""


class EntryForm(forms.Form):
    """The entry of an indicator in the document."""

    text = forms.CharField(
        label=gettext_lazy("这一项的原文"),
        strip=False,
        max_length=64 * 1024,
        widget=forms.Textarea(attrs={"class": "scheme-text", "rows": 20, "spellcheck": "false"}),
    )

    def clean_text(self) -> Entry:
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        try:
            found: Any = read(text).value
        except InvalidDocument as invalid:
            raise forms.ValidationError([str(error) for error in invalid.errors]) from invalid
        if not isinstance(found, dict) or not isinstance(found.get("rule", {}), dict):
            raise forms.ValidationError(_("这里应是一项指标：title、measures、rule 等，一行一个。"))
        return found
