"""The quick lead: five fields, and the rest folded away."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import AmountField, day_input
from projects.models import CapitalSource, Channel, Industry
from staff.access import in_force, people_visible_to, teams_led_by
from staff.models import Account, Appointment, Role

MORE = ("credit_code", "industry", "capital_source", "country", "channel_note", "distinct_reason")


def _checking(beside: str) -> dict[str, str]:
    """Asks for duplicates while something is typed, together with the field beside it."""
    return {
        "hx-get": reverse("projects:lead-check"),
        "hx-trigger": "input changed delay:300ms",
        "hx-target": "#lead-duplicates",
        "hx-swap": "innerHTML",
        "hx-include": beside,
        "hx-sync": "this:replace",
    }


class LeadForm(forms.Form):
    """What a lead is typed into; whoever may log for others also chooses the service specialist."""

    company_name = forms.CharField(label=_("企业名称"), max_length=120)
    name = forms.CharField(label=_("项目名称"), max_length=120)
    channel = forms.ChoiceField(label=_("来源渠道"), choices=Channel.choices)
    planned_investment = AmountField(label=_("计划总投资"), required=False)
    next_step = forms.CharField(label=_("下一步"), max_length=120, required=False)
    next_step_on = forms.DateField(label=_("下一步日期"), required=False, widget=day_input())
    credit_code = forms.CharField(label=_("统一社会信用代码"), max_length=40, required=False)
    industry = forms.ChoiceField(
        label=_("产业"), choices=[("", _("待定")), *Industry.choices], required=False
    )
    capital_source = forms.ChoiceField(label=_("资金来源"), choices=CapitalSource.choices, required=False)
    country = forms.CharField(label=_("国家或地区"), max_length=40, required=False)
    channel_note = forms.CharField(label=_("渠道说明"), max_length=120, required=False)
    distinct_reason = forms.CharField(
        label=_("并非同一家的理由"),
        max_length=300,
        required=False,
        help_text=_("只在系统提示同名企业已由他队首接时填写。"),
    )
    owner: Any = forms.ModelChoiceField(
        label=_("服务专员"), queryset=None, required=False, empty_label=_("本人")
    )

    def __init__(self, *args: Any, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("company_name", "name", "next_step", "credit_code"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["company_name"].widget.attrs |= {"autofocus": True, **_checking("[name=credit_code]")}
        self.fields["credit_code"].widget.attrs |= {
            "autocapitalize": "characters",
            "spellcheck": "false",
            **_checking("[name=company_name]"),
        }
        people = people_visible_to(actor).order_by("pinyin", "pk")
        posts = Appointment.objects.filter(in_force())
        if actor.is_role(Role.MANAGER):
            self.fields["owner"].queryset = people.filter(pk__in=posts.values("person"))  # type: ignore[attr-defined]
        elif actor.is_role(Role.LEADER):
            led = posts.filter(team__in=teams_led_by(actor).values("pk"))
            self.fields["owner"].queryset = people.filter(pk__in=led.values("person"))  # type: ignore[attr-defined]
        else:
            del self.fields["owner"]

    def clean_capital_source(self) -> str:
        return self.cleaned_data["capital_source"] or CapitalSource.DOMESTIC

    @property
    def more_is_open(self) -> bool:
        """Whether something folded away needs attention."""
        return any(name in self.errors for name in MORE)
