"""The period of signing that a page of rates is asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PeriodForm(forms.Form):
    """Both days included; empty ends are open. `from` is a word of the language, so the fields are made by name."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        day = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
        self.fields["from"] = forms.DateField(label=_("签约日期自"), required=False, widget=day)
        self.fields["to"] = forms.DateField(label=_("签约日期至"), required=False, widget=day)

    def period(self) -> dict[str, Any]:
        """The arguments of the query; what is wrong narrows nothing and is said beside its field."""
        given = self.cleaned_data if self.is_valid() else {}
        return {"start": given.get("from"), "end": given.get("to")}
