"""What each grade asks for, as HR types it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff.forms.day import DayInput, day_after
from staff.models import Grade


class RequirementForm(forms.Form):
    """One more requirement of a grade."""

    grade = forms.ChoiceField(label=_("级别"), choices=Grade)
    text = forms.CharField(
        label=_("条件"), max_length=200, help_text=_("一条只写一件事，应聘人逐条附材料说明。")
    )
    holds_from = forms.DateField(label=_("生效日"), widget=DayInput(), initial=timezone.localdate)
    reason = forms.CharField(
        label=_("依据"), max_length=200, required=False, help_text=_("如竞聘方案的文号。")
    )


class RequirementEndForm(forms.Form):
    """The last day on which it is asked for, and why."""

    last_day = forms.DateField(
        label=_("最后执行日"),
        widget=DayInput(),
        initial=timezone.localdate,
        help_text=_("还没有生效的条件，填任何一天都会在生效前撤回。"),
    )
    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("如新方案的文号。"))

    def values(self) -> dict[str, Any]:
        """As the action wants them: the end is the first day on which it is not asked for."""
        typed = dict(self.cleaned_data)
        return {"holds_until": day_after(typed["last_day"]), "reason": typed["reason"]}


class AdoptForm(forms.Form):
    """From when a grade asks for what the published reform says."""

    grade = forms.ChoiceField(label=_("级别"), choices=Grade, widget=forms.HiddenInput)
    holds_from = forms.DateField(label=_("生效日"), widget=DayInput(), initial=timezone.localdate)
