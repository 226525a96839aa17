"""What is decided about a candidate, approved, objected and answered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.models import Application, Competition, CompetitionPost


def _lines(label: Any, longest: int, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=required, widget=forms.Textarea({"rows": 3})
    )


class PlacementForm(forms.Form):
    """A post for the candidate, or none."""

    post = forms.ModelChoiceField(
        label=_("拟聘岗位"), queryset=CompetitionPost.objects.none(), required=False, empty_label=_("不拟聘")
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("与排名建议不同，或者决定并列的人时，必须写明理由。"),
    )

    def __init__(self, data: Any = None, *, competition: Competition, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["post"].queryset = competition.posts.select_related("team")  # type: ignore[attr-defined]


class ApprovalForm(forms.Form):
    """A manager's word on the decision."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    approve = forms.TypedChoiceField(
        label=_("审批"),
        coerce=lambda value: value == "yes",
        choices=[("yes", _("同意，开始公示")), ("no", _("退回重新决定"))],
        widget=forms.RadioSelect,
    )
    reason = _lines(_("意见"), 300, required=False)


class ObjectionForm(forms.Form):
    """What is objected, perhaps to one candidate."""

    application = forms.ModelChoiceField(
        label=_("针对"), queryset=Application.objects.none(), required=False, empty_label=_("整个名单")
    )
    text = _lines(_("异议"), 500)

    def __init__(self, data: Any = None, *, competition: Competition) -> None:
        super().__init__(data)
        field = self.fields["application"]
        placed = Application.objects.filter(placement__competition=competition).select_related("person")
        field.queryset = placed  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: row.person.name  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    answer = _lines(_("答复"), 500)


class WhyForm(forms.Form):
    reason = _lines(_("理由"), 300)
