"""What is typed when something is reported: amounts as people write them, dates, files."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.actions.reporting import requirement_of
from projects.forms.document import FilesField
from projects.forms.fields import AmountField, day_input
from projects.models import (
    MILESTONE_KINDS,
    MOST_PEOPLE,
    Achievement,
    AchievementKind,
    Currency,
    IncidentReason,
    Necessity,
    Project,
    WinLevel,
)
from projects.queries.evidence import demanded_of
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
    people = forms.IntegerField(
        label=_("新增人数"),
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text=_("这次新增、已缴社保的人数，不与以前申报的重复。"),
    )
    currency = forms.ChoiceField(label=_("币种"), choices=Currency.choices, initial=Currency.CNY)
    exchange_rate = forms.DecimalField(
        label=_("汇率"),
        required=False,
        max_digits=12,
        decimal_places=8,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    usd_rate = forms.DecimalField(
        label=_("美元汇率"),
        required=False,
        max_digits=12,
        decimal_places=8,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    rate_on = forms.DateField(label=_("汇率日期"), required=False, widget=day_input())
    certificate = forms.CharField(label=_("凭证编号"), max_length=80, required=False)
    source = forms.CharField(
        label=_("出处"), max_length=120, required=False, help_text=_("例如哪天的哪份公告、报道或报表。")
    )
    evidence = FilesField()
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        kind: str,
        actor: Account,
        project: Project | None = None,
        alone: bool = False,
        proven: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, requirement = kind, requirement_of(kind)
        self.project, self.proven = project, proven
        person: Any = self.fields["person"]
        person.queryset = people_visible_to(actor).filter(left_on=None)
        self.fields["title"].required = requirement.title
        self.fields["amount"].required = requirement.amount
        self.fields["certificate"].required = requirement.certificate
        self.fields["source"].required = requirement.source
        self._add_papers()
        for name, sentence in MISSING.items():
            self.fields[name].error_messages["required"] = sentence
        self.fields["title"].help_text = TITLE_HELP.get(kind, "")
        for name in self._unasked(alone):
            del self.fields[name]

    def _add_papers(self) -> None:
        """One file field for each paper that is asked for on the day typed, today when none is."""
        day = self.fields["happened_on"].widget.value_from_datadict(
            self.data, self.files, self.add_prefix("happened_on")
        )
        try:
            on = self.fields["happened_on"].to_python(day) or timezone.localdate()
        except forms.ValidationError:
            on = timezone.localdate()
        self.requirements = demanded_of(self.kind, self.project, on)
        for one in self.requirements:
            self.fields[f"paper_{one.document_type}"] = FilesField(
                label=one.get_document_type_display(), help_text=""
            )
        if self.requirements:
            self.fields["evidence"].label = _("其他材料")

    @property
    def papers(self) -> list[tuple[forms.BoundField, bool]]:
        """The file fields of the checklist, each with whether the paper is required."""
        return [
            (self[f"paper_{one.document_type}"], one.necessity == Necessity.REQUIRED)
            for one in self.requirements
        ]

    def _unasked(self, alone: bool) -> set[str]:
        incident = self.kind == AchievementKind.INCIDENT
        unasked = set() if incident else {"incident_reason"}
        unasked |= set() if incident and alone else {"person"}
        unasked |= set() if self.kind == AchievementKind.WIN else {"level"}
        counts_people = requirement_of(self.kind).people
        unasked |= {"certificate"} if counts_people else {"people"}
        if (
            counts_people
            or incident
            or (self.kind in MILESTONE_KINDS and not requirement_of(self.kind).amount)
        ):
            unasked |= {"amount", "currency", "exchange_rate", "usd_rate", "rate_on"}
        if incident or (self.kind in MILESTONE_KINDS and not requirement_of(self.kind).amount):
            unasked |= {"certificate", "source"}
        if self.kind in MILESTONE_KINDS:
            unasked |= {"title"}
        return unasked

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = str(self.data.get(self.add_prefix("amount"), ""))
        if cleaned.get("amount") and DOLLARS.search(typed) and cleaned.get("currency") == Currency.CNY:
            self.add_error("currency", _("金额写的是美元，币种请选美元，或改写金额。"))
        if requirement_of(self.kind).evidence and not self.proven and not self._uploads(cleaned):
            self.add_error("evidence", self.fields["evidence"].error_messages["required"])
        return cleaned

    def _uploads(self, cleaned: Mapping[str, Any]) -> list[tuple[Any, str]]:
        """Every upload with the type of the slot it was put into, without one where it was put among the others."""
        slots = [(f"paper_{one.document_type}", one.document_type) for one in self.requirements]
        return [
            (upload, document_type)
            for name, document_type in (*slots, ("evidence", ""))
            for upload in cleaned.get(name) or ()
        ]

    def report(self) -> dict[str, Any]:
        """The arguments of the action."""
        uploads = self._uploads(self.cleaned_data)
        plain = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("version", "evidence") and not name.startswith("paper_")
        }
        return plain | {
            "evidence": [upload for upload, _type in uploads],
            "evidence_types": [document_type for _upload, document_type in uploads],
        }


MISSING: Mapping[str, Any] = {
    "person": _("请选择人员。"),
    "incident_reason": _("请选择扣分事由。"),
    "level": _("请选择争取到的级别。"),
    "title": _("请写明事项，例如资金或称号的名称。"),
    "happened_on": _("请填写发生日期。"),
    "amount": _("请填写金额，例如 3.5亿。"),
    "people": _("请填写新增就业的人数，例如 36。"),
    "certificate": _("请填写凭证编号，例如外汇业务登记凭证号。"),
    "source": _("请写明出处，例如哪天的哪份公告或报道。"),
    "evidence": _("请至少附一份佐证材料，例如合同盖章页、执照或到账凭证。"),
}
TITLE_HELP: Mapping[str, Any] = {
    AchievementKind.WIN: _("资金、称号或试点的名称，例如“省级外贸转型升级基地”。"),
    AchievementKind.PAID_IN: _("第几笔、出资方等，便于区分。"),
    AchievementKind.INCREASE: _("选填，例如“二期扩产增资”。"),
    AchievementKind.ANNOUNCED: _("选填，例如“一期”“追加投资”。"),
    AchievementKind.JOBS: _("选填，例如“二季度新增”。"),
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
        "usd_rate",
        "rate_on",
        "people",
        "certificate",
        "source",
        "incident_reason",
    )
    values = {name: getattr(achievement, name) for name in names}
    return values | {"amount": in_wan(achievement.amount), "version": achievement.version}


class DecisionForm(forms.Form):
    """The manager's two taps: recognise (perhaps less than reported, with a note) or return with a reason."""

    recognised_amount = AmountField(label=_("认定金额"))
    recognised_people = forms.IntegerField(label=_("认定人数"), min_value=1, max_value=MOST_PEOPLE)
    note = forms.CharField(
        label=_("意见"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("退回或少认定时必填，申报人会看到。"),
    )
    exception_reason = forms.CharField(
        label=_("例外认定的理由"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("必备材料不齐时才填，会留在操作记录里，申报人和审计都能看到。"),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, achievement: Achievement, missing: Sequence[str] = (), **kwargs: Any
    ) -> None:
        kwargs["initial"] = {
            "recognised_amount": in_wan(achievement.amount),
            "recognised_people": achievement.people,
            "version": achievement.version,
        }
        super().__init__(*args, **kwargs)
        self.fields["recognised_amount"].required = not self.returns
        self.fields["recognised_people"].required = not self.returns
        self.fields["note"].required = self.returns
        self.fields["note"].error_messages["required"] = _("请写明退回的原因，申报人要据此补正。")
        if achievement.amount is None:
            del self.fields["recognised_amount"]
        if achievement.people is None:
            del self.fields["recognised_people"]
        if not missing:
            del self.fields["exception_reason"]

    @property
    def returns(self) -> bool:
        """Whether the button pressed was 退回."""
        return self.data.get("decision") == "return"


class ReasonForm(forms.Form):
    """A decision that needs a reason."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea({"rows": 3}))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
