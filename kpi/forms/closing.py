"""Why a year is to be opened again, and why a request is given back."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 300


class ReopeningForm(forms.Form):
    """The reason of a reopening; meaning is checked by the action."""

    reason = forms.CharField(
        label=_("为什么要重开"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        help_text=_("要更正什么，依据是什么。重开、更正和再次关账都留在封存链里。"),
    )


class DecliningForm(forms.Form):
    """The reason of giving a request back."""

    note = forms.CharField(
        label=_("退回原因"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )
