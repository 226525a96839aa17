"""What is typed into the directory of departments."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DepartmentForm(forms.Form):
    """A department; its code is given once."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    code = forms.SlugField(label=_("代码"), max_length=20, help_text=_("英文小写，定了不改，接口用它。"))
    name = forms.CharField(label=_("名称"), max_length=60)
    duties = forms.CharField(label=_("职责"), max_length=200, required=False)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    names_specialist = forms.BooleanField(label=_("建设阶段须指定项目专员"), required=False)


class ContactForm(forms.Form):
    """A person of a department who can be asked; by telephone or e-mail."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    title = forms.CharField(label=_("职务"), max_length=60, required=False)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    email = forms.EmailField(label=_("电子邮箱"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
