"""What an ageing rule is typed into."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import day_input
from projects.models import ProjectClass
from projects.workflow import STALL_DAYS


class AgeingRuleForm(forms.Form):
    """How many working days, for which stage and class, from when, on what basis."""

    stage = forms.ChoiceField(label=_("阶段"), choices=[(each.value, each.label) for each in STALL_DAYS])
    project_class = forms.ChoiceField(
        label=_("项目等级"), choices=[("", _("全部等级")), *ProjectClass.choices], required=False
    )
    working_days = forms.IntegerField(
        label=_("停滞标准（工作日）"),
        min_value=1,
        max_value=1000,
        help_text=_("超过这么多个工作日没有核实的进展，算停滞。"),
    )
    holds_from = forms.DateField(label=_("生效日"), widget=day_input(), initial=timezone.localdate)
    note = forms.CharField(label=_("依据"), max_length=200, required=False)
