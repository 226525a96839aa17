"""What a limit of load is typed into."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import day_input
from staff.models import Grade


class LoadLimitForm(forms.Form):
    """Up to how many projects, for which grade, from when, on what basis."""

    grade = forms.ChoiceField(label=_("级别"), choices=Grade)
    projects = forms.IntegerField(label=_("在推项目上限"), min_value=1, max_value=200)
    key_projects = forms.IntegerField(label=_("其中重点项目上限"), min_value=0, max_value=200)
    holds_from = forms.DateField(label=_("生效日"), widget=day_input(), initial=timezone.localdate)
    note = forms.CharField(label=_("依据"), max_length=200, required=False)
