"""What is typed when something is reported: amounts as people write them, dates, files."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.actions.reporting import requirement_of
from projects.forms.document import FilesField
from projects.forms.fields import AmountField, day_input
from projects.models import MILESTONE_KINDS, Achievement, AchievementKind, Currency, IncidentReason, WinLevel
from promotion.money import WAN
from staff.access import people_visible_to
from staff.models import Account, Person

DATE = day_input()
TypedAmountField = AmountField
DOLLARS = re.compile(r"美元|[$＄]")


def in_wan(amount: Decimal | None) -> str:
    """An amount as the amount field takes it back: exact, in 万."""
    if amount is None:
        return ""
    text = f"{amount / WAN:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class ReportForm(forms.Form):
    """A report of one kind; fields that the kind does not ask for are left out."""

    person: Any = forms.ModelChoiceField(
        label=_("人员"), queryset=Person.objects.none(), to_field_name="public_id"
    )
    incident_reason = forms.ChoiceField(
        label=_("扣分事由"), choices=[("", _("请选择")), *IncidentReason.choices]
    )
    title = forms.CharField(label=_("事项"), max_length=120, required=False)
    level = forms.ChoiceField(label=_("级别"), choices=[("", _("请选择")), *WinLevel.choices])
    happened_on = forms.DateField(label=_("发生日期"), widget=day_input())
    amount = AmountField(label=_("金额"), required=False)
    currency = forms.ChoiceField(label=_("币种"), choices=Currency.choices, initial=Currency.CNY)
    exchange_rate = forms.DecimalField(
        label=_("汇率"),
        required=False,
        max_digits=10,
        decimal_places=6,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    rate_on = forms.DateField(label=_("汇率日期"), required=False, widget=day_input())
    certificate = forms.CharField(label=_("凭证编号"), max_length=80, required=False)
    evidence = FilesField()
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, kind: str, actor: Account, alone: bool = False, proven: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, requirement = kind, requirement_of(kind)
        person: Any = self.fields["person"]
        person.queryset = people_visible_to(actor).filter(left_on=None)
        self.fields["title"].required = requirement.title
        self.fields["amount"].required = requirement.amount
        self.fields["certificate"].required = requirement.certificate
        self.fields["evidence"].required = requirement.evidence and not proven
        for name, sentence in MISSING.items():
            self.fields[name].error_messages["required"] = sentence
        self.fields["title"].help_text = TITLE_HELP.get(kind, "")
        for name in self._unasked(alone):
            del self.fields[name]

    def _unasked(self, alone: bool) -> set[str]:
        incident = self.kind == AchievementKind.INCIDENT
        unasked = set() if incident else {"incident_reason"}
        unasked |= set() if incident and alone else {"person"}
        unasked |= set() if self.kind == AchievementKind.WIN else {"level"}
        if incident or (self.kind in MILESTONE_KINDS and not requirement_of(self.kind).amount):
            unasked |= {"amount", "currency", "exchange_rate", "rate_on", "certificate"}
        if self.kind in MILESTONE_KINDS:
            unasked |= {"title"}
        return unasked

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = str(self.data.get(self.add_prefix("amount"), ""))
        if cleaned.get("amount") and DOLLARS.search(typed) and cleaned.get("currency") == Currency.CNY:
            self.add_error("currency", _("金额写的是美元，币种请选美元，或改写金额。"))
        return cleaned

    def report(self) -> dict[str, Any]:
        """The arguments of the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


MISSING: Mapping[str, Any] = {
    "person": _("请选择人员。"),
    "incident_reason": _("请选择扣分事由。"),
    "level": _("请选择争取到的级别。"),
    "title": _("请写明事项，例如资金或称号的名称。"),
    "happened_on": _("请填写发生日期。"),
    "amount": _("请填写金额，例如 3.5亿。"),
    "certificate": _("请填写凭证编号，例如外汇业务登记凭证号。"),
    "evidence": _("请至少附一份佐证材料，例如合同盖章页、执照或到账凭证。"),
}
TITLE_HELP: Mapping[str, Any] = {
    AchievementKind.WIN: _("资金、称号或试点的名称，例如“省级外贸转型升级基地”。"),
    AchievementKind.PAID_IN: _("第几笔、出资方等，便于区分。"),
    AchievementKind.INCIDENT: _("一句话说明经过。"),
}


def initial_of(achievement: Achievement) -> dict[str, Any]:
    """What a returned report shows when it is mended."""
    names = (
        "title",
        "level",
        "happened_on",
        "currency",
        "exchange_rate",
        "rate_on",
        "certificate",
        "incident_reason",
    )
    values = {name: getattr(achievement, name) for name in names}
    return values | {"amount": in_wan(achievement.amount), "version": achievement.version}


class DecisionForm(forms.Form):
    """The manager's two taps: recognise (perhaps less than reported, with a note) or return with a reason."""

    recognised_amount = AmountField(label=_("认定金额"))
    note = forms.CharField(
        label=_("意见"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("退回或少认定时必填，申报人会看到。"),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, achievement: Achievement, **kwargs: Any) -> None:
        kwargs["initial"] = {"recognised_amount": in_wan(achievement.amount), "version": achievement.version}
        super().__init__(*args, **kwargs)
        self.fields["recognised_amount"].required = not self.returns
        self.fields["note"].required = self.returns
        self.fields["note"].error_messages["required"] = _("请写明退回的原因，申报人要据此补正。")
        if achievement.amount is None:
            del self.fields["recognised_amount"]

    @property
    def returns(self) -> bool:
        """Whether the button pressed was 退回."""
        return self.data.get("decision") == "return"


class ReasonForm(forms.Form):
    """A decision that needs a reason."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea({"rows": 3}))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
