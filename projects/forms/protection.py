"""What is typed about first receptions: a claim, a release, a confirmation, a rule, and the papers of a dispute."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.actions.protection_upkeep import RULE_DAYS
from projects.forms.document import FilesField
from projects.forms.fields import day_input
from projects.models import ArbitrationOutcome, FollowUp, Project, ProtectionRule
from staff.access import in_force, people_visible_to, teams_led_by
from staff.models import Account, Appointment, Role

LONG = forms.Textarea({"rows": 6})
SHORT = forms.Textarea({"rows": 3})


def people_to_act_for(actor: Account) -> Any:
    """Whom the actor may claim for: managers anybody in office, leaders the people of their teams."""
    posts = Appointment.objects.filter(in_force())
    if not actor.is_role(Role.MANAGER):
        posts = posts.filter(team__in=teams_led_by(actor).values("pk"))
    return people_visible_to(actor).filter(pk__in=posts.values("person")).order_by("pinyin", "pk")


class ForAColleague(forms.Form):
    """Leaders and managers choose for whom; everybody else acts for himself, and the field is left out."""

    person: Any = forms.ModelChoiceField(
        label=_("首接人"), queryset=None, required=False, to_field_name="public_id", empty_label=_("本人")
    )

    def __init__(self, *args: Any, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if actor.is_role(Role.MANAGER, Role.LEADER):
            self.fields["person"].queryset = people_to_act_for(actor)  # type: ignore[attr-defined]
            if actor.is_role(Role.MANAGER):
                self.fields["person"].empty_label = _("请选择")  # type: ignore[attr-defined]
        else:
            del self.fields["person"]


class ClaimForm(ForAColleague):
    """A claim from the pool asks for nothing but, of those who lead, for whom; and why it is no double where it looks like one."""

    distinct_reason = forms.CharField(
        label=_("并非同一家的理由"),
        max_length=300,
        required=False,
        help_text=_("只在系统提示同名企业已由他队首接时填写。"),
    )


class ReleaseForm(forms.Form):
    reason = forms.CharField(label=_("释放原因"), max_length=300, widget=SHORT)


class ConfirmForm(forms.Form):
    """Which follow-up is progress, and why."""

    follow_up: Any = forms.ModelChoiceField(label=_("跟进"), queryset=None, empty_label=_("请选择"))
    reason = forms.CharField(
        label=_("确认理由"), max_length=300, widget=SHORT, help_text=_("对方做了什么实质的事，凭什么核实。")
    )

    def __init__(self, *args: Any, project: Project, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        recent = FollowUp.objects.filter(
            project=project, happened_at__gte=timezone.now() - timedelta(days=30), protection_extension=None
        )
        field = self.fields["follow_up"]
        field.queryset = recent.exclude(written_by=actor)[:30]  # type: ignore[attr-defined]
        field.label_from_instance = _follow_up_words  # type: ignore[attr-defined]

    def clean_follow_up(self) -> FollowUp:
        found: FollowUp = self.cleaned_data["follow_up"]
        return found


def _follow_up_words(row: FollowUp) -> str:
    return f"{timezone.localdate(row.happened_at)} {row.get_kind_display()} {row.text[:40]}"


class RuleForm(forms.ModelForm):
    class Meta:
        model = ProtectionRule
        fields = ("holds_from", *RULE_DAYS, "note")
        widgets = {"holds_from": day_input()}

    def validate_constraints(self) -> None:
        """Left to the action, whose sentence names what to do."""

    def validate_unique(self) -> None:
        """A rule of the same day is written over by the action."""


class OpenForm(ForAColleague):
    """A dispute: for whom, why, and the papers."""

    grounds = forms.CharField(
        label=_("申请理由"),
        max_length=4000,
        widget=LONG,
        help_text=_("何时、通过谁、先接触到这家企业；证据在下面上传。"),
    )
    papers = FilesField(label=_("证据材料"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "person" in self.fields:
            self.fields["person"].label = _("申请人")


class StatementForm(forms.Form):
    text = forms.CharField(label=_("陈述"), max_length=4000, widget=LONG)
    papers = FilesField(label=_("证据材料"), required=False)


class DecisionForm(forms.Form):
    """The outcome, the written decision and what follows."""

    outcome = forms.ChoiceField(label=_("裁决结果"), choices=[("", _("请选择")), *ArbitrationOutcome.choices])
    claimant_percent = forms.DecimalField(
        label=_("建议申请方份额（%）"),
        max_digits=5,
        decimal_places=2,
        required=False,
        localize=False,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("仅共同首接时填写；份额由责任团队队长在项目页核定。"),
    )
    decision = forms.CharField(
        label=_("裁决书正文"),
        max_length=6000,
        widget=forms.Textarea({"rows": 10}),
        help_text=_("查明的事实、依据和结果。"),
    )
    consequence = forms.CharField(
        label=_("后续办理"),
        max_length=2000,
        required=False,
        widget=SHORT,
        help_text=_("留空则按结果自动写明项目如何移交。"),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
