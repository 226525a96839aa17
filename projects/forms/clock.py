"""What a clock rule is typed into."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import day_input
from projects.models import ClockKind, ProjectClass


class ClockRuleForm(forms.Form):
    """How many working days, for which class, from when, on what basis."""

    kind = forms.ChoiceField(label=_("时限事项"), choices=ClockKind.choices)
    project_class = forms.ChoiceField(
        label=_("项目等级"), choices=[("", _("其余等级")), *ProjectClass.choices], required=False
    )
    working_days = forms.IntegerField(label=_("工作日"), min_value=1, max_value=250)
    holds_from = forms.DateField(
        label=_("起"), widget=day_input(), help_text=_("这一天起报来的线索按新时限，之前的不变。")
    )
    note = forms.CharField(label=_("依据"), max_length=200, required=False)
