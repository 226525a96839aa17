"""Teams, as HR types them."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff.access import teams_visible_to
from staff.forms.day import DayInput
from staff.models import Account, Person, Team, TeamKind

HOUSE = [(kind.value, kind.label) for kind in TeamKind if kind != TeamKind.UNIT]


def read_fields(text: str) -> list[str]:
    """Fields as typed, one after the other, each once."""
    return list(dict.fromkeys(part for part in re.split(r"[、，,；;\s]+", text.strip()) if part))


class TeamForm(forms.Form):
    """What a team is called, under which it stands, and what it covers."""

    name = forms.CharField(label=_("名称"), max_length=60)
    parent: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        label=_("上级"), queryset=None, to_field_name="public_id", required=False, empty_label=_("不设上级")
    )
    fields_text = forms.CharField(
        label=_("产业领域"),
        max_length=200,
        required=False,
        help_text=_("用顿号隔开，如：集成电路、高端装备。"),
    )
    region = forms.CharField(
        label=_("区域"),
        max_length=60,
        required=False,
        help_text=_("几个区域用顿号隔开，如：京津冀、珠三角。"),
    )

    def __init__(self, *args: Any, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = teams_visible_to(actor).filter(closed_on=None).exclude(kind=TeamKind.LIAISON)
        self.fields["parent"].queryset = above  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """As the action wants them."""
        typed = dict(self.cleaned_data)
        return {"fields": read_fields(typed.pop("fields_text")), **typed}


class TeamFoundForm(TeamForm):
    """The same with code, kind and the day of founding."""

    code = forms.CharField(label=_("代码"), max_length=20, help_text=_("如 GJ10；定了就不再改。"))
    kind = forms.ChoiceField(label=_("类别"), choices=HOUSE)
    founded_on = forms.DateField(label=_("成立日期"), widget=DayInput(), initial=timezone.localdate)
    field_order = ["code", "name", "kind"]


class TeamChangeForm(TeamForm):
    """The same with the day and the reason; what the form was drawn from comes back beside what was typed."""

    on = forms.DateField(
        label=_("自哪天起"),
        widget=DayInput(),
        initial=timezone.localdate,
        help_text=_("这一天以前仍显示原来的名称和上级。"),
    )
    reason = forms.CharField(label=_("依据"), max_length=200)

    def __init__(self, data: Any = None, *, actor: Account, team: Team) -> None:
        drawn = {
            "name": team.name,
            "parent": team.parent.public_id if team.parent else None,
            "fields_text": "、".join(team.fields),
            "region": team.region,
        }
        super().__init__(data, actor=actor, initial=drawn)
        for name in ("name", "region"):
            self.fields[name].show_hidden_initial = True

    def seen(self) -> dict[str, Any]:
        """What the page showed of name and region."""
        return {
            name: self.data[key]
            for name in ("name", "region")
            if (key := self.add_initial_prefix(name)) in self.data
        }


class TeamCloseForm(forms.Form):
    """From which day on the team is no more."""

    on = forms.DateField(label=_("自哪天起撤销"), widget=DayInput(), initial=timezone.localdate)
    reason = forms.CharField(label=_("依据"), max_length=200)


class TeamLeaderForm(forms.Form):
    """Who leads from which day on."""

    person: "forms.ModelChoiceField[Person]" = forms.ModelChoiceField(
        label=_("队长"), queryset=None, to_field_name="public_id", empty_label=_("请选择")
    )
    on = forms.DateField(label=_("任队长起"), widget=DayInput(), initial=timezone.localdate)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Person.objects.filter(appointments__team=team, appointments__ends_on=None)
        self.fields["person"].queryset = members.distinct()  # type: ignore[attr-defined]
