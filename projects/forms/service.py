"""What is typed on a service plan and on the templates behind it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.access import departments_visible_to
from projects.actions.service_template import TemplateTask
from projects.forms.document import FilesField
from projects.forms.fields import day_input
from projects.models import CreditShare, Project, ServiceTask, TaskOwner
from staff.access import in_force, people_visible_to
from staff.models import Account, Appointment

SPARE_LINES = 4


class TaskForm(forms.Form):
    """A task: what, until when, who."""

    title = forms.CharField(label=_("任务"), max_length=80)
    due_on = forms.DateField(label=_("期限"), widget=day_input())
    owner = forms.ChoiceField(label=_("责任人"), choices=TaskOwner.choices)
    department: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=_("职能部门"),
        queryset=None,
        to_field_name="public_id",
        required=False,
        help_text=_("责任人是职能部门时选择；服务专员负责催办。"),
    )
    person: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=_("指定给"),
        queryset=None,
        to_field_name="public_id",
        required=False,
        help_text=_("留空则随岗位走：移交后自动归新的服务专员或队长。"),
    )
    needs_evidence = forms.BooleanField(label=_("要凭证才能完成"), required=False)
    note = forms.CharField(
        label=_("备注"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, actor: Account, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = Appointment.objects.filter(in_force(), team=project.team_id).values("person")
        shared = CreditShare.objects.filter(project=project, holds_until=None).values("person")
        people = people_visible_to(actor).filter(left_on=None)
        self.fields["person"].queryset = people.filter(pk__in=posts.union(shared))  # type: ignore[attr-defined]
        self.fields["department"].queryset = departments_visible_to(actor).filter(is_open=True)  # type: ignore[attr-defined]


class ChangeTaskForm(TaskForm):
    """The same for a task that is there: its name and whether it needs evidence stay."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, task: ServiceTask, **kwargs: Any) -> None:
        initial = {
            "due_on": task.due_on,
            "owner": task.owner,
            "department": task.department and task.department.public_id,
            "person": task.person and task.person.public_id,
            "note": task.note,
            "seen": task.version,
        }
        super().__init__(*args, initial=initial, project=task.plan.project, **kwargs)
        del self.fields["title"], self.fields["needs_evidence"]


class FinishForm(forms.Form):
    """Ticking off, with files and a note."""

    files = FilesField(label=_("凭证"))  # type: ignore[assignment]
    note = forms.CharField(
        label=_("备注"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class TemplateLineForm(forms.Form):
    """One task of a template; a line without a name is left out."""

    title = forms.CharField(label=_("任务"), max_length=80, required=False)
    owner = forms.ChoiceField(label=_("责任人"), choices=TaskOwner.choices, required=False)
    department: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=_("职能部门"), queryset=None, to_field_name="public_id", required=False
    )
    due_days = forms.IntegerField(label=_("工作日"), min_value=0, max_value=999, required=False)
    needs_evidence = forms.BooleanField(label=_("要凭证"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("title") and cleaned.get("due_days") is None and "due_days" not in self.errors:
            self.add_error("due_days", _("请填写几个工作日内。"))
        return cleaned


class BaseTemplateFormSet(forms.BaseFormSet):
    """The lines of a template; the departments are read once for all lines."""

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("不涉及")), *((each.public_id, each.name) for each in departments)]
        looks = {
            "title": "form-control",
            "owner": "form-select",
            "department": "form-select",
            "due_days": "form-control",
        }
        for form in self.forms:
            form.fields["department"].queryset = departments
            form.fields["department"].widget.choices = choices
            form.fields["needs_evidence"].widget.attrs["class"] = "form-check-input"
            for name, look in looks.items():
                form.fields[name].widget.attrs["class"] = look

    def tasks(self) -> list[TemplateTask]:
        """The filled lines as the action takes them."""
        return [
            TemplateTask(
                title=line["title"],
                due_days=line["due_days"],
                owner=line["owner"] or TaskOwner.SPECIALIST,
                department=line["department"],
                needs_evidence=line["needs_evidence"],
            )
            for line in self.cleaned_data
            if line.get("title")
        ]


TemplateFormSet: Any = forms.formset_factory(
    TemplateLineForm, formset=BaseTemplateFormSet, extra=0, max_num=44
)


class TemplateDayForm(forms.Form):
    """From which day the version holds, and which one was seen."""

    on = forms.DateField(label=_("自哪天起施行"), widget=day_input())
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
