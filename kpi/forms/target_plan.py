"""What people choose to plan many targets at once: whose, which, and how."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.models import TargetLevel
from kpi.queries.target import TargetLine, people_of
from kpi.queries.target_plan import MOST_DIGITS, Copy, Spread, even_weights, finest, working_day_weights
from kpi.scoring.goals import GRAINS
from kpi.scoring.scheme import Target as WantedTarget
from promotion.working_days import working_calendar

GRAIN_CHOICES = (
    ("half", gettext_lazy("半年")),
    ("quarter", gettext_lazy("季度")),
    ("month", gettext_lazy("月度")),
)
METHODS = (
    ("even", gettext_lazy("平均分")),
    ("working_days", gettext_lazy("按工作日")),
    ("weights", gettext_lazy("按填写的比重")),
)


class PlanForm(forms.Form):
    """Whose targets, which ones, at which level; what is set already stays unless it is said otherwise."""

    scope = forms.ChoiceField(label=gettext_lazy("对象"))
    codes = forms.MultipleChoiceField(label=gettext_lazy("目标"), widget=forms.CheckboxSelectMultiple)
    levels = forms.MultipleChoiceField(
        label=gettext_lazy("档次"),
        choices=TargetLevel.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    digits = forms.TypedChoiceField(
        label=gettext_lazy("保留小数"),
        choices=[(n, n) for n in range(MOST_DIGITS + 1)],
        coerce=int,
        initial=2,
    )
    replaces = forms.BooleanField(label=gettext_lazy("覆盖已下达的目标"), required=False)

    def __init__(
        self,
        lines: Sequence[TargetLine],
        wanted: Sequence[WantedTarget],
        data: Any = None,
        *,
        scope: str = "",
        prefix: str | None = None,
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.lines, self.wanted = lines, wanted
        self.scopes = _scopes(lines, scope)
        self.fields["scope"].choices = [(key, label) for key, (label, _lines) in self.scopes.items()]  # type: ignore[attr-defined]
        self.fields["codes"].choices = [(one.code, one.title) for one in wanted]  # type: ignore[attr-defined]
        self.initial.update(
            scope=scope or "all",
            codes=[one.code for one in wanted],
            levels=list(TargetLevel.values),
        )

    def chosen(self) -> tuple[list[TargetLine], list[WantedTarget], list[str]]:
        """The subjects, targets and levels."""
        codes = set(self.cleaned_data["codes"])
        _label, lines = self.scopes[self.cleaned_data["scope"]]
        return lines, [one for one in self.wanted if one.code in codes], self.cleaned_data["levels"]


def _scopes(lines: Sequence[TargetLine], own: str) -> dict[str, tuple[str, list[TargetLine]]]:
    """Everybody, all teams, all people, each team with its people, and the one subject the page was opened for."""
    found: dict[str, tuple[str, list[TargetLine]]] = {}
    for line in lines:
        if own == f"{line.key[0]}:{line.public_id}":
            found[own] = (line.name, [line])
    teams = [line for line in lines if line.team is not None]
    found["all"] = (_("全部团队和个人"), list(lines))
    found["teams"] = (_("全部团队"), teams)
    found["people"] = (_("全部个人"), [line for line in lines if line.person is not None])
    for line in teams:
        people = people_of(lines, line.team) if line.team else []
        if people:
            label = _("%(team)s及其人员") % {"team": line.name}
            found[f"members:{line.public_id}"] = (label, [line, *people])
    return found


class SpreadForm(PlanForm):
    """A year's target spread over its parts."""

    grains = forms.MultipleChoiceField(
        label=gettext_lazy("分解到"),
        choices=GRAIN_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        initial=["quarter", "month"],
    )
    method = forms.ChoiceField(
        label=gettext_lazy("怎么分"), choices=METHODS, widget=forms.RadioSelect, initial="even"
    )
    weights = forms.CharField(
        label=gettext_lazy("比重"),
        required=False,
        help_text=gettext_lazy("按最细一级填：2 个半年、4 个季度或 12 个月，用空格分开，例如 20 25 25 30。"),
    )
    field_order = ("scope", "codes", "levels", "grains", "method", "weights", "digits", "replaces")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("method") == "weights" and cleaned.get("grains"):
            wanted = len(GRAINS[finest(cleaned["grains"])])
            numbers = _numbers(cleaned.get("weights", ""))
            if numbers is None:
                self.add_error("weights", _("比重要填数，用空格分开，不能是负数，也不能全是 0。"))
            elif len(numbers) != wanted:
                words = {"wanted": wanted, "count": len(numbers)}
                self.add_error("weights", _("这里要 %(wanted)s 个比重，填了 %(count)s 个。") % words)
            cleaned["numbers"] = numbers or []
        return cleaned

    def how(self, year: int) -> Spread:
        """The choices as the plan takes them."""
        chosen = self.cleaned_data
        grain = finest(chosen["grains"])
        if chosen["method"] == "weights":
            weights = dict(zip(GRAINS[grain], chosen["numbers"], strict=True))
        elif chosen["method"] == "working_days":
            weights = working_day_weights(grain, year, working_calendar())
        else:
            weights = even_weights(grain)
        return Spread(tuple(chosen["grains"]), weights, chosen["digits"], replaces=chosen["replaces"])

    def title(self) -> str:
        """What the preview is called."""
        chosen = self.cleaned_data
        parts = "、".join(str(label) for name, label in GRAIN_CHOICES if name in chosen["grains"])
        method = str(dict(METHODS)[chosen["method"]])
        return _("分解到%(parts)s（%(method)s）") % {"parts": parts, "method": method}


def _numbers(text: str) -> list[Decimal] | None:
    """Weights separated by spaces or commas; None when they are none."""
    try:
        numbers = [Decimal(part.rstrip("%")) for part in re.split(r"[\s,，、;；]+", text.strip()) if part]
    except InvalidOperation:
        return None
    usable = all(one.is_finite() and 0 <= one < 10**9 for one in numbers) and any(numbers)
    return numbers if usable else None


class CopyForm(PlanForm):
    """The targets of an earlier year."""

    year = forms.TypedChoiceField(label=gettext_lazy("从哪一年"), coerce=int)
    factor = forms.DecimalField(
        label=gettext_lazy("比例"),
        initial=100,
        min_value=Decimal("0.01"),
        max_value=1000,
        decimal_places=2,
        help_text=gettext_lazy("100 为照抄，110 为增长一成；分期目标仍然加得起来。"),
    )
    with_parts = forms.BooleanField(label=gettext_lazy("连同分期目标"), required=False, initial=True)
    field_order = ("year", "scope", "codes", "levels", "factor", "digits", "with_parts", "replaces")

    def __init__(self, *given: Any, years: Sequence[int], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["year"].choices = [(year, year) for year in years]  # type: ignore[attr-defined]

    def how(self) -> Copy:
        """The choices as the plan takes them."""
        chosen = self.cleaned_data
        return Copy(
            year=chosen["year"],
            factor=chosen["factor"] / 100,
            digits=chosen["digits"],
            with_parts=chosen["with_parts"],
            replaces=chosen["replaces"],
        )

    def title(self) -> str:
        """What the preview is called."""
        words = {"year": self.cleaned_data["year"], "factor": self.cleaned_data["factor"]}
        return _("复制 %(year)s 年目标（%(factor)s%%）") % words
