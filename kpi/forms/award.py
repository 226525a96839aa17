"""What is decided about a candidate, and a manager's word on it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpi.models import AwardOutcome, Consequence


class AwardDecisionForm(forms.Form):
    """Granted or not, what follows for a person among the last, and why."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    outcome = forms.ChoiceField(label=_("决定"), choices=AwardOutcome, widget=forms.RadioSelect)
    consequence = forms.ChoiceField(
        label=_("怎样处理"),
        choices=(("", _("请选择")), *Consequence.choices),
        required=False,
        help_text=_("列入时必选；批准以后从这项决定去办理。"),
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("与建议不同、并列或待定时必须写明。"),
    )

    def __init__(
        self, data: Any = None, *, initial: Any = None, is_warning: bool = False, follows: bool
    ) -> None:
        super().__init__(data, initial=initial)
        if is_warning:
            named = [(AwardOutcome.GRANTED, _("列入")), (AwardOutcome.WITHHELD, _("不列入"))]
            self.fields["outcome"].choices = named  # type: ignore[attr-defined]
        if not follows:
            del self.fields["consequence"]


class AwardApprovalForm(forms.Form):
    """Approve what is submitted, or give it back; `seen` says what was read."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    approve = forms.TypedChoiceField(
        label=_("审批"),
        coerce=lambda value: value == "yes",
        choices=[("yes", _("同意")), ("no", _("退回重新决定"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("意见"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("退回时必须写明。"),
    )


class RevokeForm(forms.Form):
    """Why a decision is taken back."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=_("撤销原因"), max_length=300, widget=forms.Textarea({"rows": 3}))
