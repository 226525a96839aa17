"""A roster to import."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RosterForm(forms.Form):
    """A roster to look at before anything is written."""

    file = forms.FileField(
        label=_("名册文件"),
        help_text=_("XLSX，或 UTF-8、GB18030 编码的 CSV；不超过 5 MB、5000 行。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
    )
    end_earlier = forms.BooleanField(
        label=_("自动结束原任职"),
        required=False,
        help_text=_("同一人在新团队任职时，原任职到前一日为止；不勾选则退回这样的行。"),
    )
