"""Making a project secret, opening it again, naming a reader."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.access import people_visible_to
from staff.models import Account


class SecretForm(forms.Form):
    """The code name and why."""

    code_name = forms.CharField(
        label=_("代号"), max_length=40, help_text=_("看不到这个项目的人，只在统计里见到代号")
    )
    reason = forms.CharField(label=_("保密理由"), max_length=200, widget=forms.Textarea({"rows": 2}))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class OpenForm(forms.Form):
    """Why the project is secret no longer."""

    reason = forms.CharField(label=_("解除理由"), max_length=200, widget=forms.Textarea({"rows": 2}))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReaderForm(forms.Form):
    """Who may read the project, until when, and why."""

    person: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=_("查看人"), queryset=None, to_field_name="public_id"
    )
    until = forms.DateField(
        label=_("止（不含）"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("留空为不限"),
    )
    reason = forms.CharField(label=_("理由"), max_length=200)

    def __init__(self, *args: Any, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people_visible_to(actor).filter(left_on=None)  # type: ignore[attr-defined]
