"""A panel, its recusals, and sessions as HR plans them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.forms.competition import MomentInput
from staff.models import (
    Account,
    Application,
    ApplicationState,
    Competition,
    InterviewSession,
    Panelist,
    Role,
)


class PanelForm(forms.Form):
    """Who judges, and who leads."""

    chair = forms.ModelChoiceField(label=_("组长"), queryset=Account.objects.none(), empty_label=_("请选择"))
    members = forms.ModelMultipleChoiceField(
        label=_("评委"),
        queryset=Account.objects.none(),
        widget=forms.SelectMultiple({"size": 12}),
        help_text=_("按住 Ctrl 可多选；报名这次竞聘的人不能当评委。"),
    )

    def __init__(self, data: Any = None, *, competition: Competition) -> None:
        rows = Account.objects.filter(is_active=True).exclude(role=Role.API_CLIENT).order_by("display_name")
        panel = list(competition.panel.all())
        initial = {
            "chair": next((each.account_id for each in panel if each.is_chair), None),
            "members": [each.account_id for each in panel],
        }
        super().__init__(data, initial=initial)
        for name in ("chair", "members"):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]


class RecusalForm(forms.Form):
    """From whom a judge stands back, and why."""

    panelist = forms.ModelChoiceField(label=_("评委"), queryset=Panelist.objects.none())
    application = forms.ModelChoiceField(label=_("报名人"), queryset=Application.objects.none())
    reason = forms.CharField(label=_("理由"), max_length=200)

    def __init__(self, data: Any = None, *, competition: Competition, own: Panelist | None) -> None:
        super().__init__(data, initial={"panelist": own.pk if own else None})
        panel = competition.panel.select_related("account")
        candidates = competition.applications.filter(state=ApplicationState.ELIGIBLE).select_related("person")
        self.fields["panelist"].queryset = panel.filter(pk=own.pk) if own else panel  # type: ignore[attr-defined]
        field = self.fields["application"]
        field.queryset = candidates  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: row.person.name  # type: ignore[attr-defined]


class SessionForm(forms.Form):
    """A session: where, when, who judges, who is heard."""

    room = forms.CharField(label=_("地点"), max_length=60)
    starts_at = forms.DateTimeField(label=_("开始"), widget=MomentInput())
    minutes = forms.IntegerField(label=_("每人分钟"), min_value=5, max_value=180, initial=20)
    judges = forms.ModelMultipleChoiceField(
        label=_("评委"), queryset=Panelist.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    applications = forms.ModelMultipleChoiceField(
        label=_("报名人"), queryset=Application.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    by_lot = forms.BooleanField(
        label=_("抽签排序"),
        required=False,
        initial=True,
        help_text=_("不勾选则按姓名顺序。抽签的种子会记录，可以复核。"),
    )

    def __init__(self, data: Any = None, *, competition: Competition) -> None:
        super().__init__(data)
        panel = competition.panel.select_related("account")
        waiting = competition.applications.filter(state=ApplicationState.ELIGIBLE, interview=None)
        self.fields["judges"].queryset = panel  # type: ignore[attr-defined]
        self.initial["judges"] = [each.pk for each in panel]
        field = self.fields["applications"]
        field.queryset = waiting.select_related("person").order_by("person__pinyin")  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: row.person.name  # type: ignore[attr-defined]


class ScoreTableForm(forms.Form):
    """A table typed from score sheets on paper, and the sheets."""

    file = forms.FileField(
        label=_("评分录入表"),
        help_text=_("XLSX 或 CSV，一位评委对一位报名人一行。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
    )
    paper = forms.FileField(label=_("纸质评分表扫描件"), help_text=_("PDF 或图片；封场前本场评委看不到。"))


class OrderForm(forms.Form):
    """A place for each candidate of a session, and why the order changes."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, session: InterviewSession) -> None:
        super().__init__(data, initial={"seen": session.version})
        self.rows = list(session.interviews.select_related("person").order_by("position"))
        for each in self.rows:
            self.fields[f"place_{each.pk}"] = forms.IntegerField(
                label=each.person.name, min_value=1, max_value=len(self.rows), initial=each.position
            )
        self.fields["reason"] = forms.CharField(label=_("理由"), max_length=200)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        places = [typed.get(f"place_{each.pk}") for each in self.rows]
        if None not in places and sorted(places) != list(range(1, len(places) + 1)):  # type: ignore[type-var]
            raise forms.ValidationError(_("每位报名人要有且只有一个顺序。"))
        return typed

    def values(self) -> dict[str, Any]:
        """As the action wants it: the interviews in their new order."""
        ordered = sorted(self.rows, key=lambda each: self.cleaned_data[f"place_{each.pk}"])
        return {
            "interviews": [each.pk for each in ordered],
            "reason": self.cleaned_data["reason"],
            "seen": self.cleaned_data["seen"],
        }


class MoveSessionForm(forms.Form):
    """Another room or time."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    room = forms.CharField(label=_("地点"), max_length=60)
    starts_at = forms.DateTimeField(label=_("开始"), widget=MomentInput())

    def __init__(self, data: Any = None, *, session: InterviewSession) -> None:
        initial = {"seen": session.version, "room": session.room, "starts_at": session.starts_at}
        super().__init__(data, initial=initial)


class ExcuseForm(forms.Form):
    """Why a judge gives no score."""

    reason = forms.CharField(label=_("理由"), max_length=200)
