"""Pay: scales, rules, sheets to make, corrections, and a second person's word."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.actions.pay_rules import PayTerms, ScaleRow
from kpi.models import DayBasis, PayMethod, PayRule, PayScale
from kpi.pay.line import BASE, PERFORMANCE
from kpi.pay.scale import Monthly
from kpi.pay.table import FactorTable, Method, Point, faults
from kpi.pay.what_if import Assumed
from kpi.queries.pay_rules import RULE_START, SCALE_START
from projects.forms.fields import day_input
from promotion.web.formats import exact
from staff.models import AbsenceKind, Grade

AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 2, "min_value": 0}


def _lines(label: Any, longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=False, widget=forms.Textarea({"rows": 2}), **more
    )


def read_points(text: str) -> tuple[tuple[Decimal, Decimal], ...]:
    """Points as they are typed, one a line. Raises ValidationError naming the line."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.replace("，", " ").replace(",", " ").split()
        if not words:
            continue
        try:
            score, factor = (Decimal(word) for word in words)
        except (ValueError, InvalidOperation):
            raise forms.ValidationError(
                _("第 %(number)s 行看不懂；请写“分数 系数”，如“80 1”。") % {"number": number}
            ) from None
        if not (score.is_finite() and factor.is_finite()):
            raise forms.ValidationError(
                _("第 %(number)s 行看不懂；请写“分数 系数”，如“80 1”。") % {"number": number}
            )
        found.append((score, factor))
    return tuple(found)


class PayScaleForm(forms.Form):
    """A draft of a scale: for each grade the base, the performance pay at target, and why it is below two thirds."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    holds_from = forms.DateField(
        label=gettext_lazy("起"), widget=day_input(), help_text=gettext_lazy("某月 1 日。")
    )

    def __init__(self, data: Any = None, *, scale: PayScale | None = None) -> None:
        super().__init__(data)
        found = scale.by_grade if scale else SCALE_START
        why = {line.grade: line.exception for line in scale.lines.all()} if scale else {}
        today = timezone.localdate()
        self.initial = {
            "title": scale.title if scale else _("招商专员薪酬标准"),
            "holds_from": scale.holds_from if scale else today.replace(month=1, day=1),
            "assumptions": scale.assumptions if scale else "",
        }
        for grade in Grade:
            words = {"grade": grade.label}
            self.fields[f"{grade.value}_base"] = forms.DecimalField(
                label=_("%(grade)s：基本底薪（元/月）") % words, initial=found[grade.value].base, **AMOUNT
            )
            self.fields[f"{grade.value}_performance"] = forms.DecimalField(
                label=_("%(grade)s：达标考核薪酬（元/月）") % words,
                initial=found[grade.value].performance,
                help_text=_("至少为底薪的两倍，即全部的三分之二。"),
                **AMOUNT,
            )
            self.fields[f"{grade.value}_exception"] = forms.CharField(
                label=_("%(grade)s：不足三分之二的理由") % words,
                required=False,
                max_length=200,
                initial=why.get(grade.value, ""),
            )
        self.fields["assumptions"] = _lines(gettext_lazy("说明和设定"), 500)

    def values(self) -> dict[str, Any]:
        """What was typed, for the action."""
        typed = self.cleaned_data
        rows = [
            ScaleRow(
                grade,
                typed[f"{grade}_base"],
                typed[f"{grade}_performance"],
                typed[f"{grade}_exception"],
            )
            for grade in Grade.values
        ]
        named = {name: typed[name] for name in ("title", "holds_from", "assumptions")}
        return named | {"rows": rows}


class PayRuleForm(forms.Form):
    """A draft of a rule; the table is typed one point a line: score, factor."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    holds_from = forms.IntegerField(label=gettext_lazy("适用年度起"), min_value=2000, max_value=2100)
    method = forms.ChoiceField(label=gettext_lazy("取值方法"), choices=PayMethod)
    points = forms.CharField(
        label=gettext_lazy("考核系数表"),
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy(
            "每行一点：分数 系数，如“80 1”。低于最低一点的按它保底，高于最高一点的按它封顶。"
        ),
    )
    advance_percent = forms.DecimalField(
        label=gettext_lazy("预发比例（%）"), min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    day_basis = forms.ChoiceField(
        label=gettext_lazy("折算天数"),
        choices=DayBasis,
        help_text=gettext_lazy("月中入职、离职、改级时按它折算。"),
    )
    deducts = forms.MultipleChoiceField(
        label=gettext_lazy("扣除的离岗事由"),
        choices=AbsenceKind,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不选则离岗不扣。"),
    )
    assumptions = _lines(gettext_lazy("说明和设定"), 500)

    def __init__(self, data: Any = None, *, rule: PayRule | None = None) -> None:
        super().__init__(data)
        held: Any = {name: getattr(rule, name) for name in RULE_START} if rule else dict(RULE_START)
        held["points"] = "\n".join(f"{exact(score)} {exact(factor)}" for score, factor in held["points"])
        self.initial = held | {
            "title": rule.title if rule else _("考核薪酬办法"),
            "holds_from": rule.holds_from if rule else timezone.localdate().year,
            "deducts": rule.deducts if rule else [],
            "assumptions": rule.assumptions if rule else "",
        }

    def clean_points(self) -> tuple[tuple[Decimal, Decimal], ...]:
        """The points in their order. Raises ValidationError naming the line."""
        return read_points(self.cleaned_data["points"])

    def terms(self) -> PayTerms:
        """What was typed, for the action."""
        typed = dict(self.cleaned_data)
        return PayTerms(**typed | {"deducts": tuple(typed["deducts"])})


class MakeSheetForm(forms.Form):
    """Which month, or 0 for the settlement of the year."""

    year = forms.IntegerField(min_value=2000, max_value=2100)
    month = forms.IntegerField(min_value=0, max_value=12)


class CorrectionForm(forms.Form):
    """An amount to add to one person's line."""

    kind = forms.ChoiceField(
        label=gettext_lazy("项目"),
        choices=[(BASE, gettext_lazy("基本底薪")), (PERFORMANCE, gettext_lazy("考核薪酬"))],
    )
    amount = forms.DecimalField(
        label=gettext_lazy("金额（元）"),
        max_digits=18,
        decimal_places=2,
        help_text=gettext_lazy("扣减写负数；不参与年终结算。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("本人看得到。"),
    )


class ConfirmPayForm(forms.Form):
    """A second person's word on a sheet."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    approve = forms.TypedChoiceField(
        label=gettext_lazy("确认"),
        coerce=lambda value: value == "yes",
        choices=[("yes", gettext_lazy("核对无误，确认")), ("no", gettext_lazy("退回"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("意见"), required=False, max_length=300, widget=forms.Textarea({"rows": 2})
    )


class PayReasonForm(forms.Form):
    """Why something is opened or taken back."""

    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=200, min_length=4, widget=forms.Textarea({"rows": 2})
    )


class BillForm(forms.Form):
    """What is assumed of the year's bill."""

    year = forms.IntegerField(widget=forms.HiddenInput, min_value=2000, max_value=2100)
    scores = forms.ChoiceField(
        label=gettext_lazy("得分"),
        choices=[
            ("as_is", gettext_lazy("按现在的核算")),
            ("target", gettext_lazy("全部达标（系数 1）")),
            ("highest", gettext_lazy("全部封顶")),
        ],
    )
    points = forms.CharField(
        label=gettext_lazy("考核系数表"),
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("每行一点：分数 系数。"),
    )

    def __init__(self, data: Any = None, *, year: int, rule: PayRule, scale: PayScale) -> None:
        super().__init__(data)
        self.rule = rule
        self.initial = {
            "year": year,
            "scores": "as_is",
            "points": "\n".join(f"{exact(score)} {exact(factor)}" for score, factor in rule.points),
        }
        for grade, paid in scale.by_grade.items():
            words = {"grade": Grade(grade).label}
            self.fields[f"{grade}_base"] = forms.DecimalField(
                label=_("%(grade)s：基本底薪（元/月）") % words, initial=paid.base, **AMOUNT
            )
            self.fields[f"{grade}_performance"] = forms.DecimalField(
                label=_("%(grade)s：达标考核薪酬（元/月）") % words, initial=paid.performance, **AMOUNT
            )

    def clean_points(self) -> FactorTable:
        """The table that is assumed. Raises ValidationError."""
        pairs = read_points(self.cleaned_data["points"])
        points = tuple(Point(score, factor) for score, factor in pairs)
        if faults(points):
            raise forms.ValidationError(_("系数表至少两点，分数从低到高，系数不下降，最高至少为 1。"))
        return FactorTable(Method(self.rule.method), points)

    def assumed(self) -> Assumed:
        """What was typed, for the arithmetic."""
        typed = self.cleaned_data
        scale = {
            grade: Monthly(typed[f"{grade}_base"], typed[f"{grade}_performance"])
            for grade in Grade.values
            if f"{grade}_base" in typed
        }
        table = typed["points"]
        factor = {"target": Decimal(1), "highest": table.highest}.get(typed["scores"])
        return Assumed(scale, table, factor)
