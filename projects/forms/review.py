"""What is typed about a joint review: opened, answered by departments, decided, its conditions closed."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import day_input
from projects.models import Department, JointReview, ReviewState
from projects.review_rules import Opinion
from staff.models import Person


def _text(label: Any, longest: int = 500, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea({"rows": 3}), **kwargs)


class OpenReviewForm(forms.Form):
    """The matter and the departments that are asked; the deadline follows from the rule of the class."""

    subject = _text(_("会签事项"), 300)
    departments = forms.ModelMultipleChoiceField(
        label=_("会签部门"),
        queryset=Department.objects.filter(is_open=True),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )


class _ReviewForm(forms.Form):
    """A form about one review."""

    def __init__(self, data: Any = None, files: Any = None, *, review: JointReview) -> None:
        super().__init__(data, files)
        self.review = review


class _SeenForm(_ReviewForm):
    """The version that the page showed goes back with the change."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, review: JointReview) -> None:
        super().__init__(data, files, review=review)
        self.initial["seen"] = review.version


class OpinionForm(_ReviewForm):
    """What a department said, with the condition that it makes, if it makes one."""

    department = forms.ModelChoiceField(
        label=_("职能部门"), queryset=Department.objects.none(), to_field_name="public_id"
    )
    opinion = forms.ChoiceField(
        label=_("意见"), choices=[("", "—"), *[each for each in Opinion.choices if each[0]]]
    )
    text = _text(_("意见内容"), required=False)
    given_on = forms.DateField(label=_("反馈日期"), widget=day_input(), initial=timezone.localdate)
    conditions = forms.CharField(
        label=_("条件"), max_length=300, required=False, help_text=_("只在“有条件同意”时填写。")
    )
    owner = forms.ModelChoiceField(
        label=_("责任人"), queryset=Person.objects.all(), to_field_name="public_id", required=False
    )
    due_on = forms.DateField(label=_("期限"), widget=day_input(), required=False)
    upload = forms.FileField(label=_("盖章件"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, review: JointReview) -> None:
        super().__init__(data, files, review=review)
        asked = Department.objects.filter(opinions__review=review)
        self.fields["department"].queryset = asked  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("conditions"):
            for name in ("owner", "due_on"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("写了条件，请同时填写责任人和期限。"))
        return given


class DecideForm(_SeenForm):
    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=[
            ("", "—"),
            (ReviewState.PASSED, ReviewState.PASSED.label),
            (ReviewState.FAILED, ReviewState.FAILED.label),
        ],
    )
    note = _text(_("会签结论"))
    override_reason = _text(
        _("书面裁定"), required=False, help_text=_("有部门不同意而仍要通过时，写明理由。")
    )


class WithdrawForm(_SeenForm):
    reason = _text(_("理由"))


class CloseConditionForm(forms.Form):
    note = _text(_("落实情况"), 300)
    on = forms.DateField(label=_("落实日期"), widget=day_input(), initial=timezone.localdate)
    upload = forms.FileField(label=_("佐证"))
