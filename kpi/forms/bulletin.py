"""What people fill in about bulletins."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpi.models import TargetPeriod
from staff.models import BodyName


class BulletinStartForm(forms.Form):
    """Which period a bulletin is about."""

    year = forms.IntegerField(min_value=2000, max_value=2100, widget=forms.HiddenInput)
    period = forms.ChoiceField(label=_("时段"))

    def __init__(self, *args: Any, periods: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = periods or TargetPeriod.choices  # type: ignore[attr-defined]


class BulletinForm(forms.Form):
    """The editor's own words, the report lines and the name of the body."""

    lead = forms.CharField(
        label=_("按语"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写在数字之前；由数字生成的段落不必重写。"),
    )
    outlook = forms.CharField(
        label=_("下步工作"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
    sent_to = forms.CharField(label=_("报送"), required=False, max_length=200)
    copied_to = forms.CharField(label=_("抄送"), required=False, max_length=200)
    body_name = forms.ChoiceField(label=_("落款"), choices=BodyName.choices)
    version = forms.IntegerField(widget=forms.HiddenInput)
