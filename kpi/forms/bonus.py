"""What is typed about team bonuses: standards, pools, plans of distribution, answers, decisions and payments."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models import BonusMeasure, BonusPlan, ShareAnswer
from projects.forms.fields import AmountField, day_input
from projects.models import KEY_CLASS_CHOICES, MILESTONE_CHOICES

TEXT = forms.Textarea({"rows": 3})
ONE = Decimal(1)
PHASES = 5


def figure(**kwargs: Any) -> forms.DecimalField:
    """A number as people type it."""
    return forms.DecimalField(
        localize=False, widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}), **kwargs
    )


class RateForm(forms.Form):
    """A standard: a fixed amount, or per mille with a cap; and up to five phases."""

    project_class = forms.ChoiceField(label=_("认定等级"), choices=KEY_CLASS_CHOICES)
    measure = forms.ChoiceField(label=_("计算方式"), choices=BonusMeasure)
    amount = AmountField(
        label=_("定额"), required=False, help_text=_("例如 20万；只写数字按万元。选“定额”时填。")
    )
    per_mille = figure(
        label=_("比例（‰）"),
        required=False,
        max_digits=7,
        decimal_places=4,
        help_text=_("选“按已认定签约额比例”时填。"),
    )
    cap = AmountField(label=_("封顶"), required=False, help_text=_("例如 100万；不封顶留空。"))
    holds_from = forms.DateField(label=_("生效日"), widget=day_input(), initial=timezone.localdate)
    note = forms.CharField(label=_("依据"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(1, PHASES + 1):
            self.fields[f"milestone_{place}"] = forms.ChoiceField(
                label=_("第 %(place)s 阶段") % {"place": place},
                choices=[("", "—"), *MILESTONE_CHOICES],
                required=False,
            )
            self.fields[f"percent_{place}"] = figure(
                label=_("比例（%）"), required=False, max_digits=5, decimal_places=2
            )

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """The fields before the phases."""
        return [bound for bound in self if not bound.name.startswith(("milestone_", "percent_"))]

    @property
    def phase_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Milestone and percentage of each phase, as the page draws them."""
        return [(self[f"milestone_{place}"], self[f"percent_{place}"]) for place in range(1, PHASES + 1)]

    def values(self) -> dict[str, Any]:
        """The arguments of `settle_bonus_rate`; a phase without a percentage counts as 0, so that the action says so."""
        given = self.cleaned_data
        phases = [
            (given[f"milestone_{place}"], given[f"percent_{place}"] or Decimal(0))
            for place in range(1, PHASES + 1)
            if given[f"milestone_{place}"] or given[f"percent_{place}"]
        ]
        names = ("project_class", "measure", "amount", "per_mille", "cap", "holds_from", "note")
        return {**{name: given[name] for name in names}, "phases": phases}


class EndRateForm(forms.Form):
    """From when on a standard holds no more, and why."""

    on = forms.DateField(label=_("停用日期"), widget=day_input(), initial=timezone.localdate)
    reason = forms.CharField(label=_("理由"), max_length=300, widget=TEXT)


class PoolForm(forms.Form):
    """A pool, with the reason where it is not the standard's."""

    pool = AmountField(
        label=_("奖励总额（元）"), default_unit=ONE, help_text=_("例如 86000 或 8.6万；只写数字按元。")
    )
    reason = forms.CharField(
        label=_("理由"), max_length=300, required=False, widget=TEXT, help_text=_("与标准不同时必填。")
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PlanLineForm(forms.Form):
    """A member and the percentage; an empty line is left out."""

    person: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=_("人员"), queryset=None, to_field_name="public_id", required=False
    )
    percent = forms.DecimalField(
        label=_("比例（%）"),
        max_digits=5,
        decimal_places=2,
        required=False,
        localize=False,
        widget=forms.TextInput({"inputmode": "decimal", "data-bonus-percent": "", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("percent") and not cleaned.get("person"):
            self.add_error("person", _("请选择人员。"))
        if cleaned.get("person") and cleaned.get("percent") is None and "percent" not in self.errors:
            self.add_error("percent", _("请填写比例。"))
        return cleaned


class BasePlanFormSet(forms.BaseFormSet):
    """The lines of a plan; the people to choose from are read once for all lines."""

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("请选择")), *((one.public_id, f"{one.name} {one.staff_number}") for one in people)]
        for form in self.forms:
            form.fields["person"].queryset = people
            form.fields["person"].widget.choices = choices
            form.fields["person"].widget.attrs["class"] = "form-select"
            form.fields["percent"].widget.attrs["class"] = "form-control"

    def shares(self) -> list[tuple[Any, Decimal]]:
        """The filled lines as the action takes them."""
        return [
            (line["person"], line["percent"])
            for line in self.cleaned_data
            if line.get("person") and line.get("percent") is not None
        ]


PlanFormSet: Any = forms.formset_factory(PlanLineForm, formset=BasePlanFormSet, extra=0, max_num=30)


class PlanForm(forms.Form):
    """What goes with a plan: a note, an answer to each objection to the one before, and the version seen."""

    note = forms.CharField(
        label=_("说明"),
        max_length=300,
        required=False,
        widget=TEXT,
        help_text=_("团队怎样研究的、按什么分。"),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, before: BonusPlan | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.objections = [
            share for share in (before.shares.all() if before else ()) if share.answer == ShareAnswer.OBJECTED
        ]
        for share in self.objections:
            self.fields[f"reply_{share.pk}"] = forms.CharField(
                label=_("答复%(name)s的异议") % {"name": share.person.name},
                max_length=300,
                required=False,
                widget=TEXT,
                help_text=share.objection,
            )

    def replies(self) -> dict[int, str]:
        """Answers by the key of the share."""
        return {share.pk: self.cleaned_data[f"reply_{share.pk}"] for share in self.objections}


class ObjectionForm(forms.Form):
    """Why a member objects."""

    reason = forms.CharField(label=_("异议的理由"), max_length=300, widget=TEXT)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReplyForm(forms.Form):
    """The leader's answer to an objection, where the plan stays."""

    reply = forms.CharField(label=_("答复"), max_length=300, widget=TEXT)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """What a member says who has left, as HR has it in writing."""

    confirmed = forms.TypedChoiceField(
        label=_("答复"),
        choices=[("1", _("确认")), ("0", _("有异议"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("出处或理由"),
        max_length=300,
        widget=TEXT,
        help_text=_("例如“某月某日书面确认，见附件”；有异议的写理由。"),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why a plan is returned or a bonus ended."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=TEXT)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ApprovePlanForm(forms.Form):
    """An approval, perhaps with a note."""

    note = forms.CharField(label=_("审批意见"), max_length=300, required=False, widget=TEXT)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PayForm(forms.Form):
    """When everything due was paid."""

    paid_on = forms.DateField(label=_("发放日期"), widget=day_input(), initial=timezone.localdate)
    note = forms.CharField(label=_("说明"), max_length=200, required=False, help_text=_("例如发放凭证号。"))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


def in_yuan(amount: Decimal) -> str:
    """An amount as the pool field takes it back: exact, in 元."""
    return f"{amount:f}".rstrip("0").rstrip(".")
