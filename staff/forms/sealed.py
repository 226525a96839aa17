"""Sealed archives: what is sealed, until when, and why it is opened."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.forms.day import DayInput, day_after
from staff.models import SealedSubject


class SealForm(forms.Form):
    """One fact; the last day is the last one for which it holds."""

    subject = forms.ChoiceField(label=_("封存事项"), choices=SealedSubject)
    text = forms.CharField(
        label=_("内容"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("保存后加密，列表、搜索、导出和接口里都看不到；开启要写理由。"),
    )
    starts_on = forms.DateField(label=_("起"), widget=DayInput())
    last_day = forms.DateField(
        label=_("最后一日"), required=False, widget=DayInput(), help_text=_("不填表示一直有效。")
    )

    def values(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return typed | {"ends_on": day_after(typed.pop("last_day"))} if "last_day" in typed else typed


class EndSealForm(forms.Form):
    last_day = forms.DateField(label=_("最后一日"), widget=DayInput())
    reason = forms.CharField(label=_("理由"), max_length=200)

    def values(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return typed | {"ends_on": day_after(typed.pop("last_day"))} if "last_day" in typed else typed


class OpenForm(forms.Form):
    reason = forms.CharField(
        label=_("开启理由"),
        max_length=200,
        min_length=4,
        help_text=_("写明事由或文号；记入操作记录，纪检审计和本人都看得到。"),
    )


class SealedFileForm(forms.Form):
    file = forms.FileField(
        label=_("封存档案文件"),
        help_text=_("XLSX 或 CSV；内容在预览之前就加密，预览不显示内容。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
    )
