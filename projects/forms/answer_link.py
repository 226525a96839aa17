"""What is typed about one-time links: to whom one goes, and what a department writes on its page."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.actions.answer_link import LIFE_DAYS, LONGEST_LIFE_DAYS
from projects.actions.blocker import LONGEST_TEXT
from projects.actions.opinion_link import Wanted
from projects.actions.review_parts import LONG, SHORT
from projects.forms.document import FilesField
from projects.forms.fields import day_input
from projects.forms.review import GIVEN
from projects.models import DepartmentContact

# How many conditions a department may write on its page.
LINK_CONDITIONS = 3


class LinkForm(forms.Form):
    """To whom the one-time link goes, and how long it is good for."""

    contact = forms.ModelChoiceField(label=_("收件人"), queryset=DepartmentContact.objects.none())
    days = forms.IntegerField(
        label=_("有效期（天）"), min_value=1, max_value=LONGEST_LIFE_DAYS, initial=LIFE_DAYS
    )

    def __init__(self, data: Any = None, *, department: int, contact: int | None = None) -> None:
        super().__init__(data, initial={"contact": contact})
        fitting = Q(department=department, is_active=True)
        self.fields["contact"].queryset = DepartmentContact.objects.filter(fitting)  # type: ignore[attr-defined]


class LinkAnswerForm(forms.Form):
    """What a department writes on the page of its one-time link."""

    text = forms.CharField(label=_("答复"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 6}))
    promised_on = forms.DateField(
        label=_("预计办结日期"),
        widget=day_input(),
        required=False,
        help_text=_("不填则按规定的办结时限计。"),
    )
    files = FilesField(label=_("附件"))  # type: ignore[assignment]


class LinkOpinionForm(forms.Form):
    """The opinion of a department on the page of its one-time link."""

    opinion = forms.ChoiceField(label=_("意见"), choices=GIVEN, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("意见内容"),
        max_length=LONG,
        widget=forms.Textarea({"rows": 4}),
        required=False,
        help_text=_("有条件同意或不同意时必填。"),
    )
    upload = forms.FileField(label=_("盖章件"), required=False)


class LinkConditionForm(forms.Form):
    """A condition; a line that says nothing is left out."""

    text = forms.CharField(label=_("条件"), max_length=SHORT, required=False)
    due_on = forms.DateField(label=_("完成期限"), widget=day_input(), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("text") and not given.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("请写明这条条件的期限。"))
        if given.get("due_on") and not given.get("text"):
            self.add_error("text", _("请写明条件的内容。"))
        return given


class _Lines(forms.BaseFormSet):
    def conditions(self) -> list[Wanted]:
        """The lines that say something, as the action takes them."""
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data.get("text")]
        return [Wanted(line["text"], line["due_on"]) for line in filled]


_LinkConditionFormSet = forms.formset_factory(
    LinkConditionForm, formset=_Lines, extra=LINK_CONDITIONS, max_num=LINK_CONDITIONS
)


def link_conditions(data: Any) -> Any:
    """The lines for conditions on the page of a link."""
    return _LinkConditionFormSet(data, prefix="conditions")
