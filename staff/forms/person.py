"""People and their posts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.access import teams_visible_to
from staff.forms.day import DayInput, day_after
from staff.models import Account, Grade, Identity, Person, Team


class PersonForm(forms.Form):
    """A member of the staff. The number is given once."""

    staff_number = forms.CharField(label=_("工号"), max_length=20)
    name = forms.CharField(label=_("姓名"), max_length=60)
    identity = forms.ChoiceField(label=_("身份"), choices=Identity)
    home_unit = forms.CharField(
        label=_("原单位"),
        max_length=80,
        required=False,
        help_text=_("进招商队伍以前所在的单位；原职级和工资放在封存档案里。"),
    )
    joined_on = forms.DateField(label=_("入职日期"), widget=DayInput())
    left_on = forms.DateField(label=_("离职日期"), required=False, widget=DayInput())
    phone = forms.CharField(label=_("手机"), max_length=20, required=False)
    email = forms.EmailField(label=_("电子邮箱"), required=False)
    languages = forms.CharField(
        label=_("外语"),
        max_length=200,
        required=False,
        help_text=_("用顿号隔开，可注明水平，如：日语（翻译）、英语（熟练）。"),
    )


class PersonChangeForm(PersonForm):
    """The same without the number; what the form was drawn from comes back beside what was typed."""

    staff_number = None  # type: ignore[assignment]

    def __init__(self, data: Any = None, *, person: Person) -> None:
        drawn = {name: getattr(person, name) for name in PersonForm.base_fields if name != "staff_number"}
        super().__init__(data, initial=drawn)
        for name in drawn:
            self.fields[name].show_hidden_initial = True

    def seen(self) -> dict[str, Any]:
        """The values that the page showed when it was opened."""
        found = {}
        for name, field in self.fields.items():
            typed = self.data.get(self.add_initial_prefix(name))
            if typed is not None:
                found[name] = field.to_python(typed)
        return found


class AppointForm(forms.Form):
    """A new post; the last day is the last one held."""

    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        label=_("团队"), queryset=None, empty_label=_("请选择")
    )
    grade = forms.ChoiceField(label=_("级别"), choices=Grade)
    is_leader = forms.BooleanField(label=_("担任队长"), required=False)
    starts_on = forms.DateField(label=_("任职起"), widget=DayInput())
    last_day = forms.DateField(
        label=_("最后在任日"), required=False, widget=DayInput(), help_text=_("不填表示一直任职。")
    )
    end_earlier = forms.BooleanField(label=_("结束原任职（到新任职前一日）"), required=False)

    def __init__(self, *args: Any, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams_visible_to(actor).filter(closed_on=None)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """As the action wants them: the end is the first day that is no longer held."""
        typed = dict(self.cleaned_data)
        return typed | {"ends_on": day_after(typed.pop("last_day"))} if "last_day" in typed else typed


class EndAppointmentForm(forms.Form):
    last_day = forms.DateField(label=_("最后在任日"), widget=DayInput())
    reason = forms.CharField(label=_("理由"), max_length=200, required=False)
