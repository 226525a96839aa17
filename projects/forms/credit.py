"""What is typed to settle the shares of a project: how much each role weighs, who has which part of it, from when and why."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.achievement import DATE
from projects.models import CreditRole


class ShareForm(forms.Form):
    """One share; an empty line is left out."""

    person: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=_("人员"), queryset=None, to_field_name="public_id", required=False
    )
    role = forms.ChoiceField(label=_("角色"), choices=CreditRole.choices, required=False)
    percent = forms.DecimalField(
        label=_("角色内份额（%）"),
        max_digits=5,
        decimal_places=2,
        required=False,
        localize=False,
        widget=forms.TextInput({"inputmode": "decimal", "data-share": "", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("percent") and not cleaned.get("person"):
            self.add_error("person", _("请选择人员。"))
        if cleaned.get("person") and cleaned.get("percent") is None and "percent" not in self.errors:
            self.add_error("percent", _("请填写份额。"))
        return cleaned


class BaseShareFormSet(forms.BaseFormSet):
    """The lines of shares; the people to choose from are read once for all lines."""

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", _("请选择")),
            *((person.public_id, f"{person.name} {person.staff_number}") for person in people),
        ]
        for form in self.forms:
            form.fields["person"].queryset = people
            form.fields["person"].widget.choices = choices
            for name, look in (
                ("person", "form-select"),
                ("role", "form-select"),
                ("percent", "form-control"),
            ):
                form.fields[name].widget.attrs["class"] = look

    def shares(self) -> list[tuple[Any, str, Decimal]]:
        """The filled lines as the action takes them."""
        return [
            (line["person"], line["role"], line["percent"])
            for line in self.cleaned_data
            if line.get("person") and line.get("percent") is not None
        ]


ShareFormSet: Any = forms.formset_factory(ShareForm, formset=BaseShareFormSet, extra=0, max_num=12)


class SettlementForm(forms.Form):
    """The weights of the roles, the day and the reason; a role without a weight takes no part."""

    on = forms.DateField(label=_("自哪天起"), widget=DATE)
    reason = forms.CharField(label=_("理由"), max_length=200, required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, correcting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in CreditRole:
            self.fields[f"weight_{role}"] = forms.DecimalField(
                label=role.label,
                max_digits=5,
                decimal_places=2,
                required=False,
                localize=False,
                widget=forms.TextInput(
                    {
                        "inputmode": "decimal",
                        "data-weight": str(role),
                        "autocomplete": "off",
                        "class": "form-control",
                    }
                ),
            )
        self.fields["reason"].required = correcting

    @property
    def weight_fields(self) -> list[forms.BoundField]:
        """The weights as the page draws them, in the order of the roles."""
        return [self[f"weight_{role}"] for role in CreditRole]

    def settlement(self) -> dict[str, Any]:
        """The weights, the day, the reason and what was seen, as the actions take them."""
        cleaned = self.cleaned_data
        weights = {str(role): cleaned[f"weight_{role}"] for role in CreditRole if cleaned[f"weight_{role}"]}
        return {"weights": weights, **{name: cleaned[name] for name in ("on", "reason", "seen")}}
