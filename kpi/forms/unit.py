"""What people fill in about units that are only assessed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.forms.fields import day_input


class UnitForm(forms.Form):
    """A new unit; the kinds that schemes name are offered."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    code = forms.CharField(
        label=gettext_lazy("代码"), max_length=20, help_text=gettext_lazy("录入表和接口用它认出这个单位。")
    )
    assessed_as = forms.CharField(label=gettext_lazy("参评类别"), max_length=40)
    founded_on = forms.DateField(label=gettext_lazy("参评起始日"), widget=day_input())

    def __init__(self, kinds: Mapping[str, str], *args: Any) -> None:
        super().__init__(*args)
        named = "、".join(f"{kind}（{title}）" for kind, title in kinds.items())
        self.fields["assessed_as"].help_text = (
            _("细则里的叫法：%(kinds)s。") % {"kinds": named}
            if named
            else _("与细则 groups 里的 subjects 一致，如 town。")
        )


class UnitCloseForm(forms.Form):
    """From which day a unit is assessed no more."""

    on = forms.DateField(label=gettext_lazy("终止日期"), widget=day_input())
