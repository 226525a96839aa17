"""Contracts of employment: drafted, signed, ended."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff.access import teams_visible_to
from staff.forms.day import DayInput, day_after
from staff.models import Account, BodyName, Contract, ContractKind, Grade, Team

# Half-open ends by the name of the field in which people type the last day.
LAST_DAYS = {"last_day": "ends_on", "probation_last_day": "probation_until"}


class SeenForm(forms.Form):
    """Carries the version that the page showed."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def values(self) -> dict[str, Any]:
        """As the actions want them: an end is the first day that no longer counts."""
        return {
            LAST_DAYS.get(name, name): day_after(value) if name in LAST_DAYS else value
            for name, value in self.cleaned_data.items()
        }


class ContractForm(SeenForm):
    """What is agreed; the last days are the last ones that count."""

    kind = forms.ChoiceField(label=_("合同类别"), choices=ContractKind)
    body_name = forms.ChoiceField(label=_("落款"), choices=BodyName)
    grade = forms.ChoiceField(label=_("级别"), choices=[("", _("不写级别")), *Grade.choices], required=False)
    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        label=_("团队"), queryset=None, required=False, empty_label=_("不写团队")
    )
    starts_on = forms.DateField(label=_("合同起"), widget=DayInput())
    last_day = forms.DateField(
        label=_("最后一日"), required=False, widget=DayInput(), help_text=_("不填表示无固定期限。")
    )
    probation_last_day = forms.DateField(
        label=_("试用期最后一日"),
        required=False,
        widget=DayInput(),
        help_text=_("没有试用期就不填；最长六个月。"),
    )
    number = forms.CharField(
        label=_("合同编号"), max_length=40, required=False, help_text=_("不填则自动编号。")
    )
    end_earlier = forms.BooleanField(
        label=_("签订时终止原合同（到新合同前一日）"),
        required=False,
    )

    def __init__(self, *args: Any, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams_visible_to(actor).filter(closed_on=None)  # type: ignore[attr-defined]


class ContractChangeForm(ContractForm):
    """The same for a draft that is there."""

    end_earlier = None  # type: ignore[assignment]

    def __init__(self, data: Any = None, *, actor: Account, contract: Contract) -> None:
        drawn = drawn_from(contract)
        super().__init__(data, actor=actor, initial={**drawn, "seen": contract.version})


class ContractFileForm(forms.Form):
    """A table of contracts to look at before anything is written."""

    file = forms.FileField(
        label=_("合同表文件"),
        help_text=_("XLSX 或 CSV，不超过 5 MB、5000 行。填了签订日期的按已签写入，没填的写成待签。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
    )


class SignForm(SeenForm):
    signed_on = forms.DateField(label=_("签订日期"), widget=DayInput())
    paper = forms.FileField(
        label=_("签字盖章的扫描件"), required=False, help_text=_("可以以后再登记；PDF 或图片。")
    )


class PaperForm(forms.Form):
    paper = forms.FileField(label=_("签字盖章的扫描件"), help_text=_("PDF 或图片。"))


class ProbationForm(SeenForm):
    passed_on = forms.DateField(label=_("转正日期"), widget=DayInput())


class EndContractForm(SeenForm):
    last_day = forms.DateField(label=_("最后一日"), widget=DayInput())
    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("如：到期不续；协商解除；调离。"))


def drawn_from(contract: Contract) -> dict[str, Any]:
    """What a form shows of a contract."""
    return {
        "kind": contract.kind,
        "body_name": contract.body_name,
        "grade": contract.grade,
        "team": contract.team,
        "starts_on": contract.starts_on,
        "last_day": contract.last_day,
        "probation_last_day": contract.probation_last_day,
        "number": contract.number,
    }


def renewal_of(contract: Contract) -> dict[str, Any]:
    """What a renewal begins with: the same again from the day after, as long as before, without a probation."""
    starts_on = contract.ends_on or timezone.localdate() + timedelta(days=1)
    last_day = None
    if contract.ends_on is not None:
        last_day = starts_on + (contract.ends_on - contract.starts_on) - timedelta(days=1)
    changed = {"starts_on": starts_on, "last_day": last_day, "probation_last_day": None, "number": ""}
    return drawn_from(contract) | changed
