"""Log-ins and keys, kept by administrators."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff.access import people_visible_to
from staff.forms.day import DayInput, day_after
from staff.models import Account, ApiToken, Person, Role


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
    by_invitation = forms.BooleanField(
        label=_("发邀请链接，由本人设置密码"),
        required=False,
        help_text=_("不勾选则给出一个首个密码，当面或电话告知。接口账号用令牌，不看这一项。"),
    )

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
