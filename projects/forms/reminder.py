"""How a person wishes to be reminded."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.next_step import clock_input
from projects.models import ReminderSetting


class ReminderForm(forms.Form):
    """The wishes as they are typed."""

    mode = forms.ChoiceField(label=_("方式"), choices=ReminderSetting.Mode.choices)
    days_ahead = forms.IntegerField(
        label=_("提前几个工作日"), min_value=0, max_value=14, help_text=_("0 表示到期当天才提醒。")
    )
    quiet_from = forms.TimeField(label=_("免打扰自"), widget=clock_input())
    quiet_until = forms.TimeField(
        label=_("免打扰至"), widget=clock_input(), help_text=_("晨间提醒在工作日这个时刻之后送达。")
    )
    by_email = forms.BooleanField(label=_("同时发邮件"), required=False)

    @classmethod
    def of(cls, setting: ReminderSetting, data: Any = None) -> "ReminderForm":
        """The form filled with what holds."""
        names = ("mode", "days_ahead", "quiet_from", "quiet_until", "by_email")
        return cls(data, initial={name: getattr(setting, name) for name in names})
