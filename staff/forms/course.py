"""What happens to people between joining and leaving: moves, secondments, days away, leaving, return."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.access import teams_visible_to
from staff.forms.contract import SeenForm
from staff.forms.day import DayInput
from staff.models import AbsenceKind, Account, DepartureKind, Grade, Team


class TeamForm(SeenForm):
    """A team that stands, from a day on, with the reason."""

    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        label=_("团队"), queryset=None, empty_label=_("请选择")
    )

    def __init__(self, *args: Any, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams_visible_to(actor).filter(closed_on=None)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name != "seen"}


class MoveForm(TeamForm):
    """To another team; without a grade the one held stays."""

    grade = forms.ChoiceField(label=_("级别"), choices=[("", _("级别不变")), *Grade.choices], required=False)
    is_leader = forms.BooleanField(label=_("担任队长"), required=False)
    starts_on = forms.DateField(label=_("到新团队的第一天"), widget=DayInput())
    reason = forms.CharField(label=_("理由"), max_length=200)


class SecondForm(TeamForm):
    starts_on = forms.DateField(label=_("借调第一天"), widget=DayInput())
    last_day = forms.DateField(
        label=_("借调最后一日"), widget=DayInput(), help_text=_("次日自动回到原团队，不用再办。")
    )
    reason = forms.CharField(label=_("理由"), max_length=200)


class UntilForm(SeenForm):
    last_day = forms.DateField(label=_("借调最后一日"), widget=DayInput())
    reason = forms.CharField(label=_("理由"), max_length=200)


class AbsenceForm(SeenForm):
    """Why is for HR and the person alone."""

    kind = forms.ChoiceField(
        label=_("离岗事由"), choices=AbsenceKind, help_text=_("只有人事和本人看得到；其他人只看到离岗。")
    )
    starts_on = forms.DateField(label=_("第一日"), widget=DayInput())
    last_day = forms.DateField(
        label=_("最后一日"), required=False, widget=DayInput(), help_text=_("还不知道就不填，知道后补上。")
    )
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


class LeaveForm(forms.Form):
    """Leaving: looked at first, then confirmed."""

    kind = forms.ChoiceField(label=_("离职类别"), choices=DepartureKind)
    last_day = forms.DateField(label=_("最后在岗日"), widget=DayInput())
    reason = forms.CharField(label=_("理由"), max_length=200)


class RevokeForm(forms.Form):
    """Why somebody stays after all."""

    reason = forms.CharField(label=_("撤回理由"), max_length=200)


class FinishForm(forms.Form):
    held_reason = forms.CharField(
        label=_("未交清的理由"), max_length=200, required=False, help_text=_("全部交出的不用填。")
    )


class ReturnForm(TeamForm):
    grade = forms.ChoiceField(label=_("级别"), choices=Grade)
    starts_on = forms.DateField(label=_("返聘第一天"), widget=DayInput())
    reason = forms.CharField(label=_("理由"), max_length=200)
