"""What people fill in about cards."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models import CardColour, CardKind, TargetPeriod


class CardPeriodForm(forms.Form):
    """For which period cards are proposed."""

    year = forms.IntegerField(min_value=2000, max_value=2100)
    period = forms.ChoiceField(label=_("时段"), choices=TargetPeriod.choices)


class CardRuleForm(forms.Form):
    """From which limit on a card is due."""

    kind = forms.ChoiceField(
        label=_("事由"), choices=[each for each in CardKind.choices if each[0] != CardKind.GATE]
    )
    group = forms.ChoiceField(label=_("组别"))
    colour = forms.ChoiceField(label=_("牌"), choices=CardColour.choices)
    limit = forms.DecimalField(
        label=_("界限"),
        required=False,
        max_digits=6,
        decimal_places=2,
        help_text=_(
            "进度落后填百分点，连续末位和久无签约填月数，扣分事项填起数；达到即提请。留空：从起始日起不再亮牌。"
        ),
    )
    holds_from = forms.DateField(label=_("起"), widget=forms.DateInput({"type": "date"}))
    note = forms.CharField(label=_("依据"), max_length=200)

    def __init__(self, *args: Any, groups: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = groups  # type: ignore[attr-defined]
        self.fields["holds_from"].initial = timezone.localdate().isoformat()
