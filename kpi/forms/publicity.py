"""What people fill in about a publicity: its draft, an objection, the decision, and what was done about it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpi.models import Item, RemedyKind, Standing
from kpi.models.publicity import DAYS, MOST_DAYS
from kpi.models.score_objection import OUTCOMES
from kpi.queries.objection import objectionable_achievements
from projects.forms.document import FilesField
from projects.models import Achievement
from promotion.web.formats import day
from staff.models import Account, BodyName


def _lines(label: Any, longest: int, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        widget=forms.Textarea({"rows": 3}),
        help_text=help_text,
    )


class DraftForm(forms.Form):
    """For how long the present result is made public, and what the notice says."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    days = forms.IntegerField(
        label=_("公示期（工作日）"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=DAYS,
        help_text=_("从发布次日起算。"),
    )
    contact = forms.CharField(
        label=_("异议受理"),
        max_length=120,
        required=False,
        help_text=_("写在公告上的部门、电话；系统内提出异议不受影响。"),
    )
    note = _lines(_("说明"), 300, _("写在公告上，可不填。"), required=False)
    body_name = forms.ChoiceField(label=_("落款"), choices=BodyName.choices)


class SeenForm(forms.Form):
    """A step that asks for nothing but which state was seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class WithdrawForm(SeenForm):
    reason = _lines(_("撤回的原因"), 300)


class FinaliseForm(SeenForm):
    seen_run = forms.CharField(widget=forms.HiddenInput, required=False)


class AchievementChoice(forms.ModelChoiceField):
    """A fact by its day, kind, project and state."""

    def label_from_instance(self, found: Achievement) -> str:
        what = found.project.name if found.project else found.title
        return f"{day(found.happened_on)} {found.get_kind_display()} {what}（{found.get_state_display()}）"


class ScoreObjectionForm(forms.Form):
    """What is wrong with which line, and what is asked for."""

    indicator = forms.ChoiceField(label=_("针对哪一项"), required=False)
    achievement = AchievementChoice(
        label=_("涉及的业绩"),
        queryset=Achievement.objects.none(),
        required=False,
        empty_label=_("不针对某一条业绩"),
        help_text=_("没有计入或计错的那一条；没有认定的也在列表里。"),
    )
    text = _lines(_("哪里不对、为什么"), 500)
    asked = _lines(_("希望怎样更正"), 300)
    papers = FilesField(label=_("证明材料"), required=False, help_text=_("PDF、图片或 Office 文件，可多选。"))

    def __init__(self, actor: Account, standing: Standing, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = Item.objects.filter(standing=standing).order_by("position").values_list("indicator", "title")
        self.fields["indicator"].choices = [("", _("整个结果")), *items]  # type: ignore[attr-defined]
        listed = self.fields["achievement"]
        listed.queryset = objectionable_achievements(actor, standing)  # type: ignore[attr-defined]


class DecisionForm(SeenForm):
    outcome = forms.ChoiceField(
        label=_("处理"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
    )
    reason = _lines(_("理由"), 500, _("提出人会看到。"))


class RemedyForm(SeenForm):
    """What was done about a granted objection."""

    kind = forms.ChoiceField(label=_("更正方式"), choices=RemedyKind.choices)
    achievement = AchievementChoice(
        label=_("更正的业绩"),
        queryset=Achievement.objects.none(),
        required=False,
        empty_label=_("不涉及业绩"),
    )
    text = _lines(_("做了什么更正"), 300)

    def __init__(self, actor: Account, standing: Standing, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["achievement"].queryset = objectionable_achievements(actor, standing)  # type: ignore[attr-defined]
