"""What comes next, who sees to it, and why it is put off."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.access import people_with_custody, with_custody
from projects.forms.fields import day_input
from projects.models import FollowUpKind, Project
from promotion.prepared import Prepared, Slot
from staff.models import Person


def clock_input() -> forms.TimeInput:
    """The browser's own time picker, to the minute."""
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


_OTHERS = Prepared(
    lambda: (
        Person.objects.filter(with_custody(Slot("project"), Slot("team"), Slot("today")))
        .exclude(pk=Slot("owner"))
        .order_by("pinyin", "pk")
    )
)


class PeopleOfProject(ModelChoiceIterator):
    """The choices of a PersonField, read with one compiled statement and no cursor in the database."""

    field: "PersonField"

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        project = self.field.project
        if project is not None:
            keys = {"project": project.pk, "team": project.team_id, "owner": project.owner_id}
            for person in _OTHERS.rows(today=timezone.localdate(), **keys):
                yield self.choice(person)


class PersonField(forms.ModelChoiceField):
    """Who sees to a step; empty is the service specialist."""

    iterator = PeopleOfProject
    project: Project | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("责任人"),
            queryset=None,
            required=False,
            to_field_name="public_id",
            empty_label=None,
            **kwargs,
        )

    def narrow(self, project: Project) -> None:
        """Only those with custody of the project."""
        self.project = project
        self.empty_label = _("%(name)s（服务专员）") % {"name": project.owner.name}
        self.widget.choices = self.choices

    def to_python(self, value: Any) -> Any:
        if self.project is not None:
            self.queryset = people_with_custody(self.project).exclude(pk=self.project.owner_id)
        return super().to_python(value)


class NextStepForm(forms.Form):
    """The step to plan."""

    next_step = forms.CharField(label=_("下一步"), max_length=120)
    next_step_on = forms.DateField(label=_("下一步日期"), widget=day_input(), required=False)
    next_step_at = forms.TimeField(
        label=_("时刻"), widget=clock_input(), required=False, help_text=_("约了时间才填，会提前半小时提醒。")
    )
    next_step_person: Any = PersonField()
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["next_step_person"].narrow(project)  # type: ignore[attr-defined]
        self.fields["next_step"].widget.attrs["autocomplete"] = "off"


class FinishForm(NextStepForm):
    """What came of the step, and the next one in the same go."""

    text = forms.CharField(
        label=_("结果"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("会记入时间线。"),
    )
    kind = forms.ChoiceField(label=_("方式"), choices=FollowUpKind.choices, initial=FollowUpKind.NOTE)
    field_order = ("text", "kind", "next_step", "next_step_on", "next_step_at", "next_step_person")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["next_step"].required = False
        self.fields["next_step"].help_text = _("这一步之后做什么；留空则项目会标为“缺下一步”。")


class PostponeForm(forms.Form):
    """The later day, and why."""

    to = forms.DateField(label=_("延至"), widget=day_input())
    reason = forms.CharField(label=_("理由"), max_length=200)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
