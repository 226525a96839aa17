"""What is typed about admission, due diligence, pre-coaching and the configuration of the gates."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.actions.conditions import Condition
from projects.forms.fields import AmountField, day_input
from projects.models import (
    GATED_MILESTONES,
    AdmissionDecision,
    Checklist,
    CoachingItem,
    Department,
    DiligenceItem,
    ProjectClass,
    Risk,
)
from projects.review_rules import Direction, GateKind, Metric
from staff.models import Person

CONDITIONS = 3
CHOOSE = ("", "—")


def _text(label: Any, longest: int = 300, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea({"rows": 3}), **kwargs)


def _figure(label: Any, digits: int = 12) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=digits, decimal_places=2, min_value=Decimal(0), required=False
    )


class ApplyForm(forms.Form):
    """What the investor states; what is not known stays empty and is judged as such."""

    investment = AmountField(label=_("总投资"), required=False)
    land_area = _figure(_("用地（亩）"), 10)
    annual_output = AmountField(label=_("达产年产值"), required=False)
    annual_tax = AmountField(label=_("达产年税收"), required=False)
    annual_energy = _figure(_("年综合能耗（吨标准煤）"))
    annual_emissions = _figure(_("年碳排放（吨）"))
    jobs = forms.IntegerField(label=_("就业（人）"), min_value=0, required=False)
    note = _text(_("申请说明"), required=False)


class DecideAdmissionForm(forms.Form):
    """The decision under a number; conditions line by line, each with who sees to it and by when."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    decision = forms.ChoiceField(
        label=_("决定"), choices=[CHOOSE, *[each for each in AdmissionDecision.choices if each[0]]]
    )
    reason = _text(_("理由"))
    number = forms.CharField(
        label=_("决定文号"), max_length=30, required=False, help_text=_("留空则按项目编号顺编。")
    )
    on = forms.DateField(label=_("决定日期"), widget=day_input(), initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, CONDITIONS + 1):
            self.fields[f"text_{n}"] = forms.CharField(
                label=_("条件 %(n)s") % {"n": n}, max_length=300, required=False
            )
            self.fields[f"owner_{n}"] = forms.ModelChoiceField(
                label=_("责任人"),
                queryset=Person.objects.filter(left_on=None),
                to_field_name="public_id",
                required=False,
            )
            self.fields[f"due_{n}"] = forms.DateField(label=_("期限"), widget=day_input(), required=False)

    @property
    def condition_rows(self) -> list[tuple[Any, Any, Any]]:
        """The bound fields of each condition, as the panel draws them."""
        return [(self[f"text_{n}"], self[f"owner_{n}"], self[f"due_{n}"]) for n in range(1, CONDITIONS + 1)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        conditions = []
        for n in range(1, CONDITIONS + 1):
            text, owner, due = (given.pop(f"{name}_{n}", None) for name in ("text", "owner", "due"))
            if text and owner and due:
                conditions.append(Condition(text, owner, due))
            elif text or owner or due:
                self._ask_for_the_rest(n, {"text": text, "owner": owner, "due": due})
        return {**given, "conditions": conditions}

    def _ask_for_the_rest(self, n: int, parts: dict[str, Any]) -> None:
        for name, value in parts.items():
            if not value and f"{name}_{n}" not in self.errors:
                self.add_error(f"{name}_{n}", _("一条条件要写明内容、责任人和期限。"))

    def add_error(self, field: str | None, error: Any) -> None:
        """What the action says of the conditions stands beside the first of them."""
        super().add_error("text_1" if field == "conditions" else field, error)


class FindingForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    finding = _text(_("调查情况"), 500)
    risk = forms.ChoiceField(label=_("风险等级"), choices=[CHOOSE, *Risk.choices])
    upload = forms.FileField(label=_("佐证"), required=False)

    def __init__(self, *args: Any, item: DiligenceItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["finding"].help_text = item.guidance


class ConcludeForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    conclusion = _text(_("结论"), 500)
    risk = forms.ChoiceField(label=_("总体风险"), choices=[CHOOSE, *Risk.choices])


class ConfirmForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = _text(_("复核意见"), required=False, help_text=_("总体风险为高时必填：可以继续的理由和防控措施。"))


class ReturnForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = _text(_("退回原因"))


class CoachingForm(forms.Form):
    """What the department advised and when the matter was done, or why it is not needed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    is_needed = forms.BooleanField(label=_("这个项目需要办理"), required=False)
    advice = _text(_("辅导意见，或不适用的理由"), 500, required=False)
    advised_on = forms.DateField(label=_("辅导日期"), widget=day_input(), required=False)
    done_on = forms.DateField(label=_("办结日期"), widget=day_input(), required=False)

    def __init__(self, data: Any = None, *, item: CoachingItem) -> None:
        held = {name: getattr(item, name) for name in ("is_needed", "advice", "advised_on", "done_on")}
        super().__init__(data, initial={**held, "seen": item.version})
        self.fields["advice"].help_text = item.guidance


class RequireForm(forms.Form):
    """One line of the configuration, from a day on."""

    project_class = forms.ChoiceField(label=_("项目等级"), choices=ProjectClass.choices)
    milestone = forms.ChoiceField(
        label=_("里程碑"), choices=[(each.value, each.label) for each in GATED_MILESTONES]
    )
    gate = forms.ChoiceField(label=_("关口"), choices=GateKind.choices)
    stops_move = forms.BooleanField(
        label=_("未过关口不得推进"), required=False, help_text=_("不勾选时可以推进，但里程碑不能认定。")
    )
    holds_from = forms.DateField(label=_("起"), widget=day_input(), initial=timezone.localdate)
    reason = _text(_("依据"), required=False)


class LiftForm(forms.Form):
    on = forms.DateField(label=_("停止执行日期"), widget=day_input(), initial=timezone.localdate)
    reason = _text(_("理由"))


class CriterionForm(forms.Form):
    project_class = forms.ChoiceField(label=_("项目等级"), choices=ProjectClass.choices)
    metric = forms.ChoiceField(label=_("指标"), choices=Metric.choices)
    direction = forms.ChoiceField(label=_("方向"), choices=Direction.choices)
    threshold = forms.DecimalField(label=_("标准值"), max_digits=12, decimal_places=4, min_value=Decimal(0))
    holds_from = forms.DateField(label=_("起"), widget=day_input(), initial=timezone.localdate)
    reason = _text(_("依据"), required=False)


class ReviewRuleForm(forms.Form):
    project_class = forms.ChoiceField(label=_("项目等级"), choices=ProjectClass.choices)
    working_days = forms.IntegerField(label=_("反馈期限（工作日）"), min_value=1, max_value=250)
    quorum = forms.IntegerField(label=_("最低反馈率（%）"), min_value=1, max_value=100)
    against_needs_override = forms.BooleanField(
        label=_("有反对意见须分管领导书面裁定"), required=False, initial=True
    )
    holds_from = forms.DateField(label=_("起"), widget=day_input(), initial=timezone.localdate)
    reason = _text(_("依据"), required=False)


class TopicForm(forms.Form):
    project_class = forms.ChoiceField(label=_("项目等级"), choices=ProjectClass.choices)
    checklist = forms.ChoiceField(label=_("清单"), choices=Checklist.choices)
    title = forms.CharField(label=_("事项"), max_length=60)
    guidance = forms.CharField(label=_("要点"), max_length=200, required=False)
    department = forms.ModelChoiceField(
        label=_("职能部门"),
        queryset=Department.objects.filter(is_open=True),
        to_field_name="public_id",
        required=False,
    )
    holds_from = forms.DateField(label=_("起"), widget=day_input(), initial=timezone.localdate)


class RetireTopicForm(forms.Form):
    on = forms.DateField(label=_("停用日期"), widget=day_input(), initial=timezone.localdate)
    reason = _text(_("理由"))
