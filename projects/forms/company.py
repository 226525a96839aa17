"""Correcting a company, its other names, its group, and the people to talk to there."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import day_input
from projects.models import AliasKind, Company, CompanyAlias, CompanyGroup, Contact, ContactPart
from projects.queries.company_group import group_suggestions
from projects.queries.contact import contacts_for
from promotion.web.requests import SignedInRequest


class CompanyForm(forms.ModelForm):
    """A company's own record; the code is checked in the action, which also sees a changed version."""

    credit_code = forms.CharField(label=_("统一社会信用代码"), max_length=40, required=False)
    website = forms.URLField(label=_("网站"), required=False, assume_scheme="https")
    group = forms.CharField(label=_("所属集团"), max_length=120, required=False)

    class Meta:
        model = Company
        fields = (
            "name",
            "reading",
            "english_name",
            "credit_code",
            "country",
            "region",
            "address",
            "controller",
            "website",
        )  # fmt: skip

    def __init__(self, *args: Any, request: SignedInRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group = self.instance.group
        self.fields["group"].initial = group.name if group else ""
        self.fields["group"].widget.attrs["list"] = "group-names"
        self.group_names = [each.name for each in group_suggestions(request.user)]

    def validate_constraints(self) -> None:
        """Left to the action, whose sentence names what to do."""

    def _post_clean(self) -> None:
        """Also left to the action; the instance stays as it is stored."""


class AliasForm(forms.ModelForm):
    class Meta:
        model = CompanyAlias
        fields = ("name", "kind", "note")

    kind = forms.ChoiceField(label=_("类型"), choices=AliasKind.choices)

    def _post_clean(self) -> None:
        """Left to the action."""


class GroupForm(forms.Form):
    name = forms.CharField(label=_("集团名称"), max_length=120)
    reading = forms.CharField(label=_("读音"), max_length=200, required=False)
    country = forms.CharField(label=_("国家或地区"), max_length=40, required=False)
    parent = forms.CharField(label=_("上级集团"), max_length=120, required=False)

    def __init__(
        self, *args: Any, request: SignedInRequest, group: CompanyGroup | None = None, **kwargs: Any
    ) -> None:
        initial = {}
        if group is not None:
            parent = group.parent.name if group.parent else ""
            initial = {
                "name": group.name,
                "reading": group.reading,
                "country": group.country,
                "parent": parent,
            }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.fields["parent"].widget.attrs["list"] = "group-names"
        self.group_names = [each.name for each in group_suggestions(request.user) if each != group]


class ContactForm(forms.ModelForm):
    class Meta:
        model = Contact
        fields = ("name", "title", "phone", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].widget.attrs["inputmode"] = "tel"

    def _post_clean(self) -> None:
        """Left to the action; the instance stays as it is stored."""


class ReasonForm(forms.Form):
    """One reason, for what must not be done without."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ContactRoleForm(forms.Form):
    contact = forms.ModelChoiceField(label=_("联系人"), queryset=Contact.objects.none())
    part = forms.ChoiceField(label=_("角色"), choices=ContactPart.choices)
    starts_on = forms.DateField(label=_("起"), required=False, widget=day_input())

    def __init__(self, *args: Any, request: SignedInRequest, project: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: Any = self.fields["contact"]
        found.queryset = contacts_for(request.user, project)
        own = project.company_id
        found.label_from_instance = lambda row: " · ".join(
            part for part in (row.name, row.title, row.company.name if row.company_id != own else "") if part
        )
