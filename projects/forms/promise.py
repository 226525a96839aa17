"""What is typed about promises: a new one, what was done for it, new terms, a decision."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.forms.document import FilesField
from projects.forms.fields import day_input
from projects.models import (
    COMPANY_SUBJECTS,
    ZONE_SUBJECTS,
    Department,
    Direction,
    Project,
    Promise,
    PromiseSubject,
    Unit,
)
from projects.queries.promise import amount_words
from promotion.errors import Refused
from promotion.money import parse_amount
from staff.access import people_visible_to
from staff.models import Account, Person

MONEY = (Unit.YUAN, Unit.YUAN_PER_MU)


class FigureField(forms.CharField):
    """A figure in the unit beside it; money as people write it (“3.5亿”, a bare number in 万)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 30, "required": False, "label": _("数额"), **kwargs})


def figure_of(text: str, unit: str) -> Decimal | None:
    """The figure in the unit's own measure. Raises ValidationError with a sentence."""
    if not text.strip():
        return None
    try:
        if unit in MONEY:
            return parse_amount(text)
        return parse_amount(text, default_unit=Decimal(1))
    except Refused as refused:
        raise forms.ValidationError(refused.message) from refused


class PromiseForm(forms.Form):
    """A promise as it stands in the contract."""

    direction = forms.ChoiceField(label=_("承诺方"), choices=Direction.choices)
    subject = forms.ChoiceField(label=_("事项"))
    text = forms.CharField(label=_("承诺内容"), max_length=300, widget=forms.Textarea({"rows": 2}))
    figure = FigureField(help_text=_("金额可写 3.5亿，只写数字按万；其他按所选单位。没有数额时留空。"))
    unit = forms.ChoiceField(label=_("单位"), choices=[("", _("无")), *Unit.choices], required=False)
    due_on = forms.DateField(label=_("期限"), widget=day_input())
    person: Any = forms.ModelChoiceField(
        label=_("责任人"), queryset=Person.objects.none(), to_field_name="public_id", required=False
    )
    department: Any = forms.ModelChoiceField(
        label=_("责任部门"),
        queryset=Department.objects.none(),
        to_field_name="public_id",
        required=False,
        help_text=_("只用于园区承诺。"),
    )
    source = forms.CharField(
        label=_("合同条款"), max_length=160, required=False, help_text=_("例如 投资协议第 6 条第 2 款。")
    )
    evidence = FilesField(label=_("依据文件"))

    def __init__(self, *args: Any, actor: Account, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")),
            (_("企业承诺"), [(one.value, one.label) for one in COMPANY_SUBJECTS]),
            (_("园区承诺"), [(one.value, one.label) for one in ZONE_SUBJECTS]),
            (PromiseSubject.OTHER.value, PromiseSubject.OTHER.label),
        ]
        people: Any = self.fields["person"]
        people.queryset = people_visible_to(actor).filter(left_on=None).order_by("pinyin", "pk")
        people.empty_label = _("服务专员 %(name)s") % {"name": project.owner.name}
        departments: Any = self.fields["department"]
        departments.queryset = Department.objects.filter(is_open=True)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return given | _cleaned_figure(self, given, given.get("unit", ""))


class FulfilmentForm(forms.Form):
    """What was done, with evidence."""

    happened_on = forms.DateField(label=_("履行日期"), widget=day_input())
    figure = FigureField(label=_("完成数额"))
    is_whole = forms.BooleanField(
        label=_("全部履行"), required=False, help_text=_("没有勾选即为部分履行，可以再报。")
    )
    note = forms.CharField(
        label=_("说明"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    evidence = FilesField()
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, promise: Promise, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "happened_on": timezone.localdate(),
            "is_whole": True,
            "seen": promise.version,
        }
        super().__init__(*args, **kwargs)
        self.promise = promise
        if promise.figure is None:
            del self.fields["figure"]
        else:
            del self.fields["is_whole"]
            self.fields["figure"].help_text = _("承诺 %(amount)s；按同一单位填写。") % {
                "amount": amount_words(promise.figure, promise.unit)
            }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "figure" not in self.fields:
            return given
        return given | _cleaned_figure(self, given, self.promise.unit)


class SettleForm(forms.Form):
    """New terms, a release, or a decision: only the fields of its verb."""

    due_on = forms.DateField(label=_("新期限"), widget=day_input())
    figure = FigureField(label=_("新数额"))
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea({"rows": 2}))
    note = forms.CharField(
        label=_("意见"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asks: Sequence[str], promise: Promise, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": promise.version, "due_on": promise.due_on}
        super().__init__(*args, **kwargs)
        self.promise = promise
        for name in set(self.fields) - set(asks):
            del self.fields[name]
        if promise.figure is None:
            self.fields.pop("figure", None)
        elif "figure" in self.fields:
            self.fields["figure"].help_text = _("现为 %(amount)s；不变时留空。") % {
                "amount": amount_words(promise.figure, promise.unit)
            }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return given | _cleaned_figure(self, given, self.promise.unit) if "figure" in self.fields else given


def _cleaned_figure(form: forms.Form, given: dict[str, Any], unit: str) -> dict[str, Any]:
    try:
        return {"figure": figure_of(given.get("figure") or "", unit)}
    except forms.ValidationError as error:
        form.add_error("figure", error)
        return {"figure": None}
