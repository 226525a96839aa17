"""The first password, set by whom the log-in belongs to."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AcceptForm(forms.Form):
    """A password, typed twice."""

    new = forms.CharField(
        label=_("设置密码"),
        strip=False,
        help_text=_("至少 10 个字符，不要只用数字，不要与登录名相近。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
    )
    again = forms.CharField(
        label=_("再输一遍密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("两次输入的密码不一样。"))
        return str(self.cleaned_data["again"])
