"""What is typed about the specialists of departments in a project."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import day_input
from projects.models import DepartmentContact, ProjectSpecialist


class ContactChoice(forms.ModelChoiceField):
    """A contact with department and post."""

    def label_from_instance(self, obj: Any) -> str:
        return " · ".join(part for part in (obj.department.name, obj.name, obj.title) if part)


class SpecialistForm(forms.Form):
    """Who answers from which day on; the reason when somebody is replaced."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    contact: Any = ContactChoice(
        label=_("专员"), queryset=DepartmentContact.objects.none(), empty_label=_("请选择"),
        help_text=_("只列在岗的联系人；没有要找的人，请先在部门名录登记。"),
    )  # fmt: skip
    on = forms.DateField(label=_("起任日期"), widget=day_input(), initial=timezone.localdate)
    reason = forms.CharField(label=_("更换理由"), max_length=200, widget=forms.Textarea({"rows": 2}))

    def __init__(
        self,
        data: Any = None,
        *,
        contacts: QuerySet[DepartmentContact],
        present: ProjectSpecialist | None,
    ) -> None:
        super().__init__(data)
        self.fields["contact"].queryset = contacts  # type: ignore[attr-defined]
        self.initial["seen"] = present.pk if present else 0
        if present is None:
            del self.fields["reason"]


class EndSpecialistForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea({"rows": 2}))
    on = forms.DateField(label=_("结束日期"), widget=day_input(), initial=timezone.localdate)
