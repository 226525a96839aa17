"""Work lent during an absence."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff.access import people_visible_to
from staff.access.delegation import LENT_ROLES
from staff.forms.day import DayInput, day_after
from staff.models import Account, Person


class DelegationForm(forms.Form):
    """Who stands in, from when until when, and why."""

    delegate: "forms.ModelChoiceField[Person]" = forms.ModelChoiceField(
        label=_("代办人"),
        queryset=None,
        empty_label=_("请选择"),
        help_text=_("代办人用自己的账号办理，留痕写明“代谁”；两人复核的规定照旧。"),
    )
    starts_on = forms.DateField(label=_("从"), widget=DayInput())
    last_day = forms.DateField(label=_("到（含当天）"), widget=DayInput())
    reason = forms.CharField(label=_("事由"), max_length=200, help_text=_("例如：出差、年休假、病假。"))

    def __init__(self, data: Any = None, *, actor: Account, principal: Person) -> None:
        super().__init__(data, initial={"starts_on": timezone.localdate()})
        people = people_visible_to(actor).filter(
            account__is_active=True, account__role__in=LENT_ROLES, left_on=None
        )
        self.fields["delegate"].queryset = people.exclude(pk=principal.pk)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """As the action wants them: the first day on which the work is lent no more."""
        given = dict(self.cleaned_data)
        ends_on = day_after(given.pop("last_day"))
        return given | {"ends_on": ends_on}
