"""What is typed about blockers: raised, answered, closed, sent to a department, and the limits that managers settle."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.actions.blocker import LONGEST_TEXT, LONGEST_TITLE
from projects.forms.document import FilesField
from projects.forms.fields import day_input
from projects.models import Audience, Blocker, Department, DepartmentContact, Level, Project, ProjectClass


def _text(label: Any, rows: int = 4, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": rows}), **kwargs
    )


class ContactChoice(forms.ModelChoiceField):
    """A contact with the department, so that one list serves all departments."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.department.name} · {obj.name}"


class RaiseForm(forms.Form):
    """A blocker before a department; without a contact its specialist in the project is asked."""

    title = forms.CharField(label=_("卡在哪里"), max_length=LONGEST_TITLE)
    department = forms.ModelChoiceField(
        label=_("牵头部门"), queryset=Department.objects.none(), to_field_name="public_id"
    )
    contact = ContactChoice(
        label=_("部门专员"),
        queryset=DepartmentContact.objects.none(),
        required=False,
        help_text=_("留空则找本项目在该部门的专员。"),
    )
    text = _text(_("情况与诉求"), required=False)
    files = FilesField(label=_("附件"))  # type: ignore[assignment]

    def __init__(self, data: Any = None, files: Any = None, *, project: Project, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.fields["department"].queryset = Department.objects.filter(is_open=True)  # type: ignore[attr-defined]
        self.fields["contact"].queryset = DepartmentContact.objects.filter(  # type: ignore[attr-defined]
            is_active=True, department__is_open=True
        ).select_related("department")
        named = project.specialists.filter(ends_on=None).select_related("department").first()
        if named is not None:
            self.initial.setdefault("department", named.department.public_id)


class _Seen(forms.Form):
    """The version that the page showed goes back with the change."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, blocker: Blocker) -> None:
        super().__init__(data, files, initial={"seen": blocker.version})
        self.blocker = blocker


class NoteForm(forms.Form):
    text = _text(_("进展"))
    files = FilesField(label=_("附件"))  # type: ignore[assignment]

    def __init__(self, data: Any = None, files: Any = None, *, blocker: Blocker) -> None:
        super().__init__(data, files)


class AnswerForm(_Seen):
    """What the department answered by telephone or on paper."""

    text = _text(_("部门的答复"))
    promised_on = forms.DateField(label=_("承诺办结日期"), widget=day_input(), required=False)
    files = FilesField(label=_("附件"))  # type: ignore[assignment]


class SolveForm(_Seen):
    solution = _text(_("怎么解决的"))
    on = forms.DateField(label=_("办结日期"), widget=day_input(), initial=timezone.localdate)
    files = FilesField(label=_("附件"))  # type: ignore[assignment]


class ReasonForm(_Seen):
    reason = _text(_("理由"), rows=3)


class ExtendForm(_Seen):
    due_on = forms.DateField(label=_("新期限"), widget=day_input())
    reason = _text(_("理由"), rows=3)


class TimeLimitForm(forms.Form):
    project_class = forms.ChoiceField(
        label=_("项目等级"), choices=[("", _("全部等级")), *ProjectClass.choices], required=False
    )
    answer_days = forms.IntegerField(label=_("答复时限（工作日）"), min_value=1, max_value=250)
    solve_days = forms.IntegerField(label=_("办结时限（工作日）"), min_value=1, max_value=250)
    warning_days = forms.IntegerField(label=_("提前几个工作日亮黄牌"), min_value=0, max_value=60, initial=1)
    holds_from = forms.DateField(label=_("生效日"), widget=day_input(), initial=timezone.localdate)
    note = forms.CharField(label=_("依据"), max_length=200, required=False)


class RungForm(forms.Form):
    """A rung; an empty line is left out."""

    level = forms.ChoiceField(
        label=_("牌"),
        choices=[("", "—"), (Level.YELLOW, _("黄牌")), (Level.RED, _("红牌"))],
        required=False,
    )
    after_days = forms.IntegerField(label=_("亮牌后几个工作日"), min_value=0, max_value=250, required=False)
    audience = forms.ChoiceField(label=_("通知谁"), choices=[("", "—"), *Audience.choices], required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("level") and not given.get("audience"):
            self.add_error("audience", _("请选择通知谁。"))
        return given


class _RungFormSet(forms.BaseFormSet):
    def rungs(self) -> list[tuple[str, int, str]]:
        """The lines that say something, as the action takes them."""
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data.get("level")]
        return [(line["level"], line.get("after_days") or 0, line["audience"]) for line in filled]


RungFormSet = forms.formset_factory(RungForm, formset=_RungFormSet, extra=0, max_num=12)
