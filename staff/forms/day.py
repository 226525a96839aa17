"""Days as people type them."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DayInput(forms.DateInput):
    """The browser's own calendar; the value is written the ISO way in every language."""

    input_type = "date"

    def __init__(self, **attributes: Any) -> None:
        super().__init__(attrs=attributes, format="%Y-%m-%d")


class DayForm(forms.Form):
    """Which day a page shows; no day means today."""

    on = forms.DateField(label=_("日期"), required=False, widget=DayInput(**{"class": "form-control"}))


def day_after(day: date | None) -> date | None:
    """The first day that no longer counts, of the last that does."""
    return day + timedelta(days=1) if day else None
