"""What people fill in about people, posts, accounts and keys; the rules themselves are the actions'."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff.access import people_visible_to, teams_visible_to
from staff.models import Account, ApiToken, Grade, Identity, Person, Role, Team


class DayInput(forms.DateInput):
    """The browser's own calendar; the value is written the ISO way in every language."""

    input_type = "date"

    def __init__(self, **attributes: Any) -> None:
        super().__init__(attrs=attributes, format="%Y-%m-%d")


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=_("登录名"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}
        ),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    """The own password, typed twice."""

    present = forms.CharField(
        label=_("现密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("新密码"),
        strip=False,
        help_text=_("至少 10 个字符，不要只用数字，不要与登录名相近。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一遍新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("两次输入的新密码不一样。"))
        return str(self.cleaned_data["again"])


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("界面语言"), choices=settings.LANGUAGES)


class DayForm(forms.Form):
    """Which day a page shows; no day means today."""

    on = forms.DateField(label=_("日期"), required=False, widget=DayInput(**{"class": "form-control"}))


class PersonForm(forms.Form):
    """A member of the staff. The number is given once."""

    staff_number = forms.CharField(label=_("工号"), max_length=20)
    name = forms.CharField(label=_("姓名"), max_length=60)
    identity = forms.ChoiceField(label=_("身份"), choices=Identity)
    joined_on = forms.DateField(label=_("入职日期"), widget=DayInput())
    left_on = forms.DateField(label=_("离职日期"), required=False, widget=DayInput())
    phone = forms.CharField(label=_("手机"), max_length=20, required=False)
    email = forms.EmailField(label=_("电子邮箱"), required=False)
    languages = forms.CharField(
        label=_("外语"), max_length=80, required=False, help_text=_("多种外语用顿号隔开，如：英语、日语。")
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


class RosterForm(forms.Form):
    """A roster to look at before anything is written."""

    file = forms.FileField(
        label=_("名册文件"),
        help_text=_("XLSX，或 UTF-8、GB18030 编码的 CSV；不超过 5 MB、5000 行。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
    )
    end_earlier = forms.BooleanField(
        label=_("自动结束原任职"),
        required=False,
        help_text=_("同一人在新团队任职时，原任职到前一日为止；不勾选则退回这样的行。"),
    )


class AccountForm(forms.Form):
    """A new log-in, with or without a member of the staff behind it."""

    username = forms.CharField(
        label=_("登录名"), max_length=40, help_text=_("3 至 40 个小写字母、数字、点、横线或下划线。")
    )
    person: "forms.ModelChoiceField[Person]" = forms.ModelChoiceField(
        label=_("人员"),
        queryset=None,
        required=False,
        empty_label=_("不选"),
        help_text=_("接口账号不选人员。"),
    )
    display_name = forms.CharField(
        label=_("姓名"), max_length=80, required=False, help_text=_("选了人员时可以不填。")
    )
    role = forms.ChoiceField(label=_("角色"), choices=Role)
    email = forms.EmailField(label=_("电子邮箱"), required=False)

    def __init__(self, *args: Any, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_visible_to(actor).filter(account=None, left_on=None)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("角色"), choices=Role)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=200)


class TokenForm(forms.Form):
    """A key for another system."""

    account: "forms.ModelChoiceField[Account]" = forms.ModelChoiceField(
        label=_("账号"), queryset=None, empty_label=_("请选择")
    )
    name = forms.CharField(label=_("用途"), max_length=80, help_text=_("写明哪个系统用它做什么。"))
    scopes = forms.MultipleChoiceField(
        label=_("范围"), choices=ApiToken.Scope, widget=forms.CheckboxSelectMultiple()
    )
    expires_on = forms.DateField(
        label=_("到期日期"), required=False, widget=DayInput(), help_text=_("当日仍可用；不填则不到期。")
    )

    def __init__(self, *args: Any, accounts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """As the action wants them: the moment at which the key stops."""
        typed = dict(self.cleaned_data)
        ends_on = day_after(typed.pop("expires_on"))
        return typed | {
            "expires_at": timezone.make_aware(datetime.combine(ends_on, time.min)) if ends_on else None
        }


def day_after(day: date | None) -> date | None:
    """The first day that no longer counts, of the last that does."""
    return day + timedelta(days=1) if day else None
