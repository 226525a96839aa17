"""Thresholds of grades, a decision about one person, and a manager's word on a round."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpi.actions import GradeTerms
from kpi.models import GradeMeasure, GradeProposal, GradeRule
from staff.models import Grade

NAMES = (
    "title",
    "holds_from",
    "measure",
    "senior_at",
    "first_at",
    "most_up",
    "most_down",
    "needs_gates",
    "assumptions",
)


class GradeRuleForm(forms.Form):
    """A draft of the thresholds."""

    title = forms.CharField(label=_("名称"), max_length=60)
    holds_from = forms.IntegerField(label=_("适用年度起"), min_value=2000, max_value=2100)
    measure = forms.ChoiceField(label=_("评定依据"), choices=GradeMeasure)
    senior_at = forms.DecimalField(
        label=_("高级"), min_value=0, max_digits=7, decimal_places=2, help_text=_("分数，或名次的百分比。")
    )
    first_at = forms.DecimalField(
        label=_("一级"),
        min_value=0,
        max_digits=7,
        decimal_places=2,
        help_text=_("达不到的为二级招商专员。"),
    )
    most_up = forms.IntegerField(label=_("一年最多晋升（级）"), min_value=0, max_value=2, initial=1)
    most_down = forms.IntegerField(label=_("一年最多降低（级）"), min_value=0, max_value=2, initial=1)
    needs_gates = forms.BooleanField(
        label=_("门槛没有通过的不晋级"), required=False, initial=True, help_text=_("如细则中的一票否决。")
    )
    assumptions = forms.CharField(
        label=_("说明和设定"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("案例没有写明、由本单位设定的内容，写在这里，公布时一并显示。"),
    )

    @staticmethod
    def initial_of(rule: GradeRule) -> dict[str, Any]:
        return {name: getattr(rule, name) for name in NAMES}

    def terms(self) -> GradeTerms:
        """What was typed, for the action."""
        return GradeTerms(**self.cleaned_data)


class GradeDecisionForm(forms.Form):
    """A grade for one person."""

    grade = forms.ChoiceField(label=_("拟定级别"), choices=Grade)
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("与建议不同时必须写明；本人看得到。"),
    )

    @staticmethod
    def initial_of(proposal: GradeProposal) -> dict[str, Any]:
        return {"grade": proposal.decided, "reason": proposal.reason}


class GradeApprovalForm(forms.Form):
    """A manager's word on the round."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    approve = forms.TypedChoiceField(
        label=_("审批"),
        coerce=lambda value: value == "yes",
        choices=[("yes", _("同意")), ("no", _("退回重新拟定"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("意见"), required=False, max_length=300, widget=forms.Textarea({"rows": 3})
    )
