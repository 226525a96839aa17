"""What somebody assumes in a trial, and which scheme is rehearsed on which years."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.models import SchemeVersion
from kpi.queries.assumptions import CURRENCIES, KINDS, Assumption
from projects.forms.fields import AmountField, day_input
from projects.models import (
    PEOPLE_KINDS,
    AchievementKind,
    CapitalSource,
    Currency,
    IncidentReason,
    Project,
    WinLevel,
)


class AssumptionForm(forms.Form):
    """One fact that somebody assumes in a trial; what it means is checked where it is tried out."""

    kind = forms.ChoiceField(
        label=gettext_lazy("业绩"), choices=[(kind, AchievementKind(kind).label) for kind in KINDS]
    )
    project = forms.ChoiceField(label=gettext_lazy("项目"), required=False)
    on = forms.DateField(label=gettext_lazy("日期"), widget=day_input())
    amount = AmountField(label=gettext_lazy("金额"), required=False)
    people = forms.IntegerField(
        label=gettext_lazy("人数"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("只有新增就业填人数，不填金额。"),
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("币种"),
        choices=[(code, Currency(code).label) for code in CURRENCIES],
        initial=Currency.CNY,
    )
    share = forms.DecimalField(
        label=gettext_lazy("我的份额"),
        required=False,
        max_digits=7,
        decimal_places=4,
        help_text=gettext_lazy("不填：现有项目按核定份额，其他按 100%。"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    detail = forms.ChoiceField(
        label=gettext_lazy("级别或事由"),
        required=False,
        choices=[
            ("", gettext_lazy("对上争取、扣分事项须选")),
            (gettext_lazy("对上争取"), WinLevel.choices),
            (gettext_lazy("扣分事项"), IncidentReason.choices),
        ],
    )
    source = forms.ChoiceField(
        label=gettext_lazy("新项目的资金来源"), required=False, choices=CapitalSource.choices
    )

    def __init__(self, *args: Any, projects: Sequence[Project] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(one.public_id, str(one)) for one in projects]
        self.fields["project"].choices = [("", _("新项目，或不属于项目")), *names]  # type: ignore[attr-defined]
        self.fields["on"].initial = timezone.localdate()

    def assumption(self) -> Assumption:
        """What was typed, as an assumption."""
        given = self.cleaned_data
        known = given["project"] != "" or given["kind"] in ("win", "incident")
        people = given["kind"] in PEOPLE_KINDS
        counted = Decimal(given["people"]) if given["people"] is not None else None
        return Assumption(
            kind=given["kind"],
            on=given["on"],
            amount=counted if people else given["amount"],
            currency=Currency.CNY if people else given["currency"],
            share=given["share"],
            project=given["project"],
            detail=given["detail"] if given["kind"] in ("win", "incident") else "",
            source="" if known else given["source"],
        )


class SchemeChoice(forms.ModelChoiceField):
    """A scheme version by year, state and title."""

    def label_from_instance(self, obj: Any) -> str:
        return _("%(year)s 年 · %(state)s · %(scheme)s") % {
            "year": obj.year,
            "state": obj.get_state_display(),
            "scheme": obj,
        }


class RehearsalForm(forms.Form):
    """Which scheme to rehearse, and on which years."""

    scheme = SchemeChoice(
        label=gettext_lazy("演练的细则"), queryset=SchemeVersion.objects.none(), to_field_name="public_id"
    )
    years = forms.TypedMultipleChoiceField(
        label=gettext_lazy("用哪几年的账"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, schemes: QuerySet[SchemeVersion], years: Sequence[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = schemes.order_by("-year", "-number")  # type: ignore[attr-defined]
        self.fields["years"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
