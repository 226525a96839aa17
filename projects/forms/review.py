"""What is typed about a joint review: opened, answered by departments, decided, its conditions closed."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.actions.conditions import Condition
from projects.forms.fields import day_input
from projects.models import (
    Department,
    DepartmentContact,
    JointReview,
    ReviewOpinion,
    ReviewState,
)
from projects.review_rules import Opinion
from staff.models import BodyName, Person

GIVEN = [each for each in Opinion.choices if each[0]]
# Lines for further conditions below those that are there, and how many an opinion may have.
SPARE_CONDITIONS = 3
MOST_CONDITIONS = 12


def _text(label: Any, longest: int = 500, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea({"rows": 3}), **kwargs)


def show_again(form: forms.Form, seen: int) -> None:
    """After a conflict was read, the same words may be sent over what is there now."""
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["seen"] = str(seen)  # type: ignore[index]


class OpenReviewForm(forms.Form):
    """The matter, the departments that are asked, until when, and under which name of the body the paper is issued."""

    subject = _text(_("会签事项"), 300)
    departments = forms.ModelMultipleChoiceField(
        label=_("会签部门"),
        queryset=Department.objects.filter(is_open=True),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )
    due_on = forms.DateField(label=_("反馈期限"), widget=day_input(), required=False)
    body_name = forms.ChoiceField(
        label=_("落款"), choices=BodyName.choices, help_text=_("两块牌子、一套班子；会签单用这个名称。")
    )

    def __init__(self, data: Any = None, *, working_days: int, due_on: date) -> None:
        super().__init__(data, initial={"due_on": due_on, "body_name": BodyName.CENTRE})
        self.fields["due_on"].help_text = _(
            "按项目等级的规定给 %(days)s 个工作日；可以另选日期，清空则按规定。"
        ) % {"days": working_days}


class _SeenForm(forms.Form):
    """The version that the page showed goes back with the change."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, review: JointReview) -> None:
        super().__init__(data, files, initial={"seen": review.version})

    show_again = show_again


class OpinionForm(forms.Form):
    """What one department said; `seen` is the version of the opinion that the panel showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opinion = forms.ChoiceField(label=_("意见"), choices=[("", "—"), *GIVEN])
    text = _text(_("意见内容"), required=False, help_text=_("有条件同意或不同意时必填；条件逐条写在下面。"))
    given_on = forms.DateField(label=_("反馈日期"), widget=day_input(), initial=timezone.localdate)
    contact = forms.ModelChoiceField(
        label=_("会签人"), queryset=DepartmentContact.objects.none(), required=False
    )
    upload = forms.FileField(label=_("盖章件"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, opinion: ReviewOpinion) -> None:
        initial = {"seen": opinion.version, "opinion": opinion.opinion, "text": opinion.text}
        initial |= {"given_on": opinion.given_on or timezone.localdate(), "contact": opinion.contact_id}
        super().__init__(data, files, initial=initial)
        of_department = Q(department=opinion.department_id, is_active=True) | Q(pk=opinion.contact_id)
        self.fields["contact"].queryset = DepartmentContact.objects.filter(of_department)  # type: ignore[attr-defined]

    show_again = show_again


class ConditionForm(forms.Form):
    """A condition; a line that says nothing is left out."""

    text = forms.CharField(label=_("条件"), max_length=300, required=False)
    owner = forms.ModelChoiceField(
        label=_("责任人"),
        queryset=Person.objects.filter(left_on=None),
        to_field_name="public_id",
        required=False,
    )
    due_on = forms.DateField(label=_("期限"), widget=day_input(), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("text"):
            for name in ("owner", "due_on"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("写了条件，请同时填写责任人和期限。"))
        elif given.get("due_on"):
            self.add_error("text", _("请写明条件的内容。"))
        return given


class _Conditions(forms.BaseFormSet):
    def conditions(self) -> list[Condition]:
        """The lines that say something, as the action takes them."""
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data.get("text")]
        return [Condition(line["text"], line["owner"], line["due_on"]) for line in filled]


_ConditionFormSet = forms.formset_factory(
    ConditionForm, formset=_Conditions, extra=0, max_num=MOST_CONDITIONS
)


def condition_lines(data: Any, opinion: ReviewOpinion) -> Any:
    """The conditions of an opinion to be written anew, and lines for further ones; the project's specialist is proposed."""
    owner = opinion.review.project.owner.public_id
    rows = [
        {"text": row.text, "owner": row.owner.public_id, "due_on": row.due_on}
        for row in opinion.conditions.select_related("owner")
    ]
    spare = min(SPARE_CONDITIONS, MOST_CONDITIONS - len(rows))
    return _ConditionFormSet(data, initial=[*rows, *([{"owner": owner}] * spare)], prefix="conditions")


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
    body_name = forms.ChoiceField(label=_("落款"), choices=BodyName.choices)

    def __init__(self, data: Any = None, files: Any = None, *, review: JointReview) -> None:
        super().__init__(data, files, review=review)
        self.initial["body_name"] = review.body_name


class ExtendReviewForm(_SeenForm):
    due_on = forms.DateField(label=_("新期限"), widget=day_input())
    reason = _text(_("理由"), 300, help_text=_("理由会写进发给部门的话，保密项目请不要写出企业名称。"))


class WithdrawForm(_SeenForm):
    reason = _text(_("理由"))


class CloseConditionForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = _text(_("落实情况"), 300)
    on = forms.DateField(label=_("落实日期"), widget=day_input(), initial=timezone.localdate)
    upload = forms.FileField(label=_("佐证"))
