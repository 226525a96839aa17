"""What is changed over several projects at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import day_input
from projects.models import Industry, Park, ProjectClass
from projects.workflow import Status

WHATS = [
    ("next_step", _("下一步")),
    ("project_class", _("项目等级")),
    ("park", _("园区")),
    ("industry", _("产业")),
    ("status", _("状态")),
]


class BulkForm(forms.Form):
    """What, the new value, and why."""

    what = forms.ChoiceField(label=_("修改内容"), choices=WHATS)
    next_step = forms.CharField(label=_("下一步"), max_length=120, required=False)
    next_step_on = forms.DateField(label=_("下一步日期"), required=False, widget=day_input())
    project_class = forms.ChoiceField(label=_("项目等级"), choices=ProjectClass.choices, required=False)
    park = forms.ChoiceField(label=_("园区"), choices=Park.choices, required=False)
    industry = forms.ChoiceField(label=_("产业"), choices=Industry.choices, required=False)
    status = forms.ChoiceField(label=_("状态"), choices=Status.choices, required=False)
    reason = forms.CharField(label=_("理由"), max_length=200, required=False)

    def values(self) -> dict[str, Any]:
        """The values of what was chosen."""
        given = self.cleaned_data
        names = ("next_step", "next_step_on") if given["what"] == "next_step" else (given["what"],)
        return {name: given[name] for name in names}
