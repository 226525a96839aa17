"""What is typed about key projects: a threshold, a request, a decision."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.forms.document import FilesField
from projects.forms.fields import day_input
from projects.models import KEY_CLASS_CHOICES, MILESTONE_CHOICES, CapitalSource, Industry, KeyMeasure
from promotion.money import WAN

TEXT = forms.Textarea({"rows": 3})


class ThresholdForm(forms.Form):
    """A row of the table; the amount in 万元, of foreign capital in 万美元."""

    project_class = forms.ChoiceField(label=_("认定等级"), choices=KEY_CLASS_CHOICES)
    industry = forms.ChoiceField(
        label=_("产业"), choices=[("", _("全部产业")), *Industry.choices], required=False
    )
    capital_source = forms.ChoiceField(
        label=_("资金来源"), choices=[("", _("全部来源")), *CapitalSource.choices], required=False
    )
    milestone = forms.ChoiceField(
        label=_("达到阶段"), choices=MILESTONE_CHOICES, help_text=_("这个里程碑已认定才算达到。")
    )
    measure = forms.ChoiceField(label=_("看什么金额"), choices=KeyMeasure)
    amount = forms.DecimalField(
        label=_("达到金额（万元或万美元）"),
        max_digits=14,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    holds_from = forms.DateField(
        label=_("生效日"),
        widget=day_input(),
        initial=timezone.localdate,
        help_text=_("可以是文件规定的过去的日子；已作的认定不变。"),
    )
    note = forms.CharField(label=_("依据"), max_length=200, required=False)

    def values(self) -> dict[str, Any]:
        """The arguments of `settle_key_threshold`, the amount in 元 or US dollars."""
        return {**self.cleaned_data, "amount": self.cleaned_data["amount"] * WAN}


class EndThresholdForm(forms.Form):
    """From when on a row holds no more, and why."""

    on = forms.DateField(label=_("停用日期"), widget=day_input(), initial=timezone.localdate)
    reason = forms.CharField(label=_("理由"), max_length=300, widget=TEXT)


class KeyRequestForm(forms.Form):
    """A request for recognition."""

    project_class = forms.ChoiceField(label=_("申请等级"), choices=KEY_CLASS_CHOICES)
    reason = forms.CharField(
        label=_("申请理由"),
        max_length=300,
        required=False,
        widget=TEXT,
        help_text=_("没有达到标准的，写明为什么应当例外认定。"),
    )
    papers = FilesField(label=_("材料"))


class KeyDecisionForm(forms.Form):
    """A recognition: in which class, with which note; the version seen travels with it."""

    project_class = forms.ChoiceField(label=_("认定等级"), choices=KEY_CLASS_CHOICES)
    note = forms.CharField(
        label=_("认定意见"),
        max_length=300,
        required=False,
        widget=TEXT,
        help_text=_("与标准或申请不一致时必填。"),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class KeyReasonForm(forms.Form):
    """Why a request is returned or a recognition revoked."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=TEXT)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
