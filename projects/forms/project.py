"""What is typed on the pages of a project: a move, a change, a reason, a handover, shares."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.forms.achievement import DATE, ReportForm, TypedAmountField, in_wan
from projects.models import Channel, Industry, Project
from projects.workflow import GATES, INVESTOR_CODE, Stage
from staff.models import Account

NONE_CHOSEN = ("", _("请选择"))
DETAIL_FIELDS: Mapping[str, Any] = {
    "industry": lambda: forms.ChoiceField(label=_("产业"), choices=[NONE_CHOSEN, *Industry.choices]),
    "planned_investment": lambda: TypedAmountField(
        label=_("计划总投资"), help_text=_("例如 3.5亿、5000万；只写数字按万元。")
    ),
    "admission_note": lambda: forms.CharField(
        label=_("准入意见"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("准入审查的结论和依据，一两句话。"),
    ),
    INVESTOR_CODE: lambda: forms.CharField(
        label=_("统一社会信用代码"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("营业执照上的 18 位代码，保存到企业。"),
    ),
}


REQUIRED: Mapping[str, Any] = {
    "industry": _("请选择产业。"),
    "planned_investment": _("请填写计划总投资。"),
    "admission_note": _("请填写准入审查的结论。"),
    INVESTOR_CODE: _("请填写企业的统一社会信用代码。"),
    "happened_on": _("请填写发生的日期。"),
    "amount": _("请填写金额。"),
    "evidence": _("请至少附一份佐证材料，例如合同盖章页或执照。"),
}


class MoveForm(forms.Form):
    """A move without a milestone: the day, a note, and what the gate misses."""

    happened_on = forms.DateField(label=_("日期"), widget=DATE, required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    to = forms.CharField(widget=forms.HiddenInput)


class MilestoneMoveForm(ReportForm):
    """A move that reports its milestone in the same step."""

    note = forms.CharField(label=_("说明"), max_length=300, required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    to = forms.CharField(widget=forms.HiddenInput)


def move_form(
    *,
    actor: Account,
    project: Project,
    to: str,
    missing: tuple[str, ...],
    data: Any = None,
    files: Any = None,
) -> forms.Form:
    """The form that asks for exactly what the gate of `to` lacks; a day and a note may be added."""
    kind = GATES[Stage(to)].milestone
    initial = {"to": to, "seen": project.version, "happened_on": timezone.localdate()}
    if kind:
        form: forms.Form = MilestoneMoveForm(
            data, files, kind=kind, actor=actor, project=project, initial=initial
        )
        del form.fields["version"]
    else:
        form = MoveForm(data, initial=initial)
    asked = {name: DETAIL_FIELDS[name]() for name in missing}
    for name, sentence in REQUIRED.items():
        if field := asked.get(name) or form.fields.get(name):
            field.error_messages["required"] = sentence
    form.fields = {**asked, **form.fields}
    return form


def move_of(form: forms.Form, missing: tuple[str, ...]) -> dict[str, Any]:
    """The arguments of `advance_project` from a clean form."""
    cleaned = dict(form.cleaned_data)
    arguments: dict[str, Any] = {
        "note": cleaned.pop("note"),
        "seen": cleaned.pop("seen"),
        "to": cleaned.pop("to"),
    }
    arguments["details"] = {name: cleaned.pop(name) for name in missing}
    if isinstance(form, MilestoneMoveForm):
        given = {*arguments, *missing}
        report = {name: value for name, value in form.report().items() if name not in given}
        return arguments | {"milestone": report}
    return arguments | {"happened_on": cleaned["happened_on"]}


class ProjectForm(forms.ModelForm):
    """What is known about a project; the version seen travels with it."""

    planned_investment = TypedAmountField(label=_("计划总投资"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Project
        fields = (
            "name",
            "planned_investment",
            "industry",
            "capital_source",
            "project_class",
            "park",
            "channel",
            "channel_note",
            "admission_note",
            "summary",
            "next_step",
            "next_step_on",
        )
        widgets = {
            "next_step_on": DATE,
            "summary": forms.Textarea({"rows": 4}),
            "admission_note": forms.Textarea({"rows": 2}),
        }

    def __init__(self, data: Any = None, *, project: Project) -> None:
        # A copy: validation writes into the instance, and the page shows the project as it is.
        initial = {"planned_investment": in_wan(project.planned_investment), "version": project.version}
        super().__init__(data, instance=Project.objects.get(pk=project.pk), initial=initial)
        self.fields["channel"].choices = Channel.choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The fields of `change_project`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ReasonForm(forms.Form):
    """A change of status with its reason."""

    reason = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea({"rows": 3}))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
