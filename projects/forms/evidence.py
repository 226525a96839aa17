"""What is typed about the checklists of evidence."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import day_input
from projects.models import (
    AchievementKind,
    CapitalSource,
    DocumentType,
    EvidenceRequirement,
    Necessity,
    ProjectClass,
)

ALL = ("", _("全部"))


class RequirementForm(forms.Form):
    """A new line."""

    kind = forms.ChoiceField(label=_("业绩种类"), choices=AchievementKind.choices)
    document_type = forms.ChoiceField(label=_("材料类型"), choices=DocumentType.choices)
    necessity = forms.ChoiceField(label=_("要求"), choices=Necessity.choices)
    project_class = forms.ChoiceField(
        label=_("项目等级"), choices=[ALL, *ProjectClass.choices], required=False
    )
    capital_source = forms.ChoiceField(
        label=_("资金来源"), choices=[ALL, *CapitalSource.choices], required=False
    )
    holds_from = forms.DateField(label=_("起"), widget=day_input())
    holds_until = forms.DateField(label=_("止（不含）"), widget=day_input(), required=False)
    note = forms.CharField(
        label=_("依据"), max_length=200, required=False, help_text=_("例如认定办法的条款、会议纪要的文号。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"holds_from": timezone.localdate(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class RequirementChangeForm(forms.Form):
    """Another necessity or note from a day on."""

    necessity = forms.ChoiceField(label=_("要求"), choices=Necessity.choices)
    note = forms.CharField(label=_("依据"), max_length=200, required=False)
    from_day = forms.DateField(
        label=_("自哪天起"), widget=day_input(), help_text=_("这一天以前发生的业绩仍按原要求。")
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, requirement: EvidenceRequirement, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "necessity": requirement.necessity,
            "note": requirement.note,
            "from_day": max(timezone.localdate(), requirement.holds_from),
            "seen": requirement.version,
        }
        super().__init__(*args, **kwargs)


class RequirementEndForm(forms.Form):
    """From which day it is asked for no longer, and why."""

    on = forms.DateField(
        label=_("自哪天起停止"), widget=day_input(), help_text=_("这一天以前发生的业绩仍要求这份材料。")
    )
    reason = forms.CharField(label=_("理由"), max_length=200)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, requirement: EvidenceRequirement, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": timezone.localdate(), "seen": requirement.version}
        super().__init__(*args, **kwargs)
