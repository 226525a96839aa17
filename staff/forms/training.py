"""Courses, sessions, credits and the plan, as HR and leaders type them."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff.access import people_visible_to, teams_led_by, teams_visible_to
from staff.access.training import can_keep_training, courses_visible_to
from staff.forms.day import DayInput
from staff.models import Account, Course, Grade, Person, Team, TrainingField, TrainingSession

ANY = [("", _("不限"))]


class MomentInput(forms.DateTimeInput):
    """The browser's own calendar and clock."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class CourseForm(forms.Form):
    """What is taught and what it earns."""

    title = forms.CharField(label=_("课程"), max_length=80)
    field = forms.ChoiceField(label=_("领域"), choices=TrainingField)
    grade = forms.ChoiceField(label=_("适用级别"), choices=[*ANY, *Grade.choices], required=False)
    hours = forms.DecimalField(label=_("学时"), min_value=0.5, max_digits=5, decimal_places=1)
    credits = forms.DecimalField(label=_("学分"), min_value=0, max_digits=4, decimal_places=1)
    summary = forms.CharField(
        label=_("内容"), max_length=300, required=False, widget=forms.Textarea({"rows": 3})
    )
    is_open = forms.BooleanField(label=_("开设"), required=False, initial=True)


class CourseChangeForm(CourseForm):
    """The same with the version that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, course: Course) -> None:
        names = (*CourseForm.base_fields, "version")
        super().__init__(data, initial={name: getattr(course, name) for name in names})

    def values(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return {"seen": typed.pop("version"), **typed}


class SessionForm(forms.Form):
    """When, where, by whom, for how many."""

    starts_at = forms.DateTimeField(label=_("开始"), widget=MomentInput())
    ends_at = forms.DateTimeField(label=_("结束"), widget=MomentInput())
    room = forms.CharField(label=_("地点"), max_length=60)
    teacher = forms.CharField(label=_("讲师"), max_length=60)
    seats = forms.IntegerField(label=_("名额"), min_value=1, max_value=1000, initial=30)


class SessionPlanForm(SessionForm):
    """The same with the course."""

    course: "forms.ModelChoiceField[Course]" = forms.ModelChoiceField(
        label=_("课程"), queryset=None, to_field_name="public_id", empty_label=_("请选择")
    )
    field_order = ["course"]

    def __init__(self, *args: Any, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses_visible_to(actor).filter(is_open=True)  # type: ignore[attr-defined]


class SessionChangeForm(SessionForm):
    """The same with the version that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, session: TrainingSession) -> None:
        drawn = {name: getattr(session, name) for name in (*SessionForm.base_fields, "version")}
        local = {
            name: timezone.localtime(value) for name, value in drawn.items() if isinstance(value, datetime)
        }
        super().__init__(data, initial=drawn | local)

    def values(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return {"seen": typed.pop("version"), **typed}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200)


class EnrolForm(forms.Form):
    """Whom to enrol: HR anybody, a leader his people."""

    person: "forms.ModelChoiceField[Person]" = forms.ModelChoiceField(
        label=_("人员"), queryset=None, to_field_name="public_id", empty_label=_("请选择")
    )

    def __init__(self, *args: Any, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_visible_to(actor).filter(left_on=None, appointments__ends_on=None)
        if not can_keep_training(actor):
            people = people.filter(appointments__team__in=teams_led_by(actor).values("pk"))
        self.fields["person"].queryset = people.distinct()  # type: ignore[attr-defined]


class AttendanceFileForm(forms.Form):
    """A sheet that was filled in elsewhere."""

    file = forms.FileField(
        label=_("签到表"),
        help_text=_("列名：工号、到场（是或否）；XLSX 或 CSV。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
    )
    reason = forms.CharField(label=_("更正理由"), max_length=200, required=False)


class CreditRequirementForm(forms.Form):
    """How many credits a year."""

    grade = forms.ChoiceField(label=_("级别"), choices=Grade)
    field = forms.ChoiceField(label=_("领域"), choices=TrainingField)
    credits = forms.DecimalField(label=_("每年学分"), min_value=0, max_value=200, decimal_places=1)
    holds_from = forms.DateField(label=_("生效日"), widget=DayInput(), initial=timezone.localdate)


class PlanForm(forms.Form):
    """A person or a team, a course or a field, by when."""

    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        label=_("团队"), queryset=None, to_field_name="public_id", required=False, empty_label=_("不选")
    )
    person: "forms.ModelChoiceField[Person]" = forms.ModelChoiceField(
        label=_("人员"), queryset=None, to_field_name="public_id", required=False, empty_label=_("不选")
    )
    course: "forms.ModelChoiceField[Course]" = forms.ModelChoiceField(
        label=_("课程"), queryset=None, to_field_name="public_id", required=False, empty_label=_("不选")
    )
    field = forms.ChoiceField(
        label=_("领域"), choices=[("", _("不选")), *TrainingField.choices], required=False
    )
    due_on = forms.DateField(label=_("期限"), widget=DayInput())
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keeps = can_keep_training(actor)
        teams = teams_visible_to(actor).filter(closed_on=None) if keeps else teams_led_by(actor)
        people = people_visible_to(actor).filter(
            appointments__ends_on=None, appointments__team__in=teams.values("pk")
        )
        choices: dict[str, Any] = {
            "team": teams,
            "person": people.distinct(),
            "course": courses_visible_to(actor).filter(is_open=True),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
