"""Correcting a company, and adding a person to talk to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import Company, Contact


class CompanyForm(forms.ModelForm):
    """A company's own record; the code is checked in the action, which also sees a changed version."""

    credit_code = forms.CharField(label=_("统一社会信用代码"), max_length=40, required=False)
    website = forms.URLField(label=_("网站"), required=False, assume_scheme="https")

    class Meta:
        model = Company
        fields = ("name", "english_name", "credit_code", "country", "region", "website")

    def validate_constraints(self) -> None:
        """Left to the action, whose sentence names what to do."""


class ContactForm(forms.ModelForm):
    class Meta:
        model = Contact
        fields = ("name", "title", "phone", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].widget.attrs["inputmode"] = "tel"
