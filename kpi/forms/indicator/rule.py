"""How the figure becomes points, for the rules that need a few numbers and no table."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.forms.indicator.part import (
    CannotShow,
    Entry,
    Number,
    Part,
    Place,
    holder,
    put,
    put_percent,
    read_number,
    read_percent,
)

POINTS = gettext_lazy("怎么计分")


class RulePart(Part):
    """The numbers of a rule; `names` are those of the document that carry the same name as their field."""

    heading = POINTS
    names: tuple[str, ...] = ()

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        return {name: read_number(entry["rule"], name) for name in cls.names}

    def write(self, entry: Entry, document: Entry) -> None:
        for name in self.names:
            put(entry["rule"], name, self.cleaned_data[name])

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield from ((("rule", name), name) for name in self.fields)


class RatioForm(RulePart):
    """Completion × points."""

    names = ("points",)
    points = Number(label=gettext_lazy("完成目标得几分"), help_text=gettext_lazy("没完成的按完成率得分"))
    cap_ratio = Number(
        label=gettext_lazy("完成率最多按（%）"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("例如 120：超过 120% 的也按 120% 算"),
    )

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        return super().read(entry) | {"cap_ratio": read_percent(entry["rule"], "cap_ratio")}

    def write(self, entry: Entry, document: Entry) -> None:
        super().write(entry, document)
        put_percent(entry["rule"], "cap_ratio", self.cleaned_data["cap_ratio"])


class OverForm(RulePart):
    """The target's points, more for what goes beyond it, and less or nothing below."""

    names = ("points",)
    points = Number(label=gettext_lazy("完成目标得几分"))
    bonus_step = Number(label=gettext_lazy("每超过（%）"), min_value=0)
    bonus_points = Number(label=gettext_lazy("加几分"))
    bonus_cap = Number(label=gettext_lazy("最多加几分"), required=False)
    whole_steps = forms.BooleanField(label=gettext_lazy("不足一档的不加"), required=False)
    shortfall = forms.ChoiceField(
        label=gettext_lazy("没完成的"),
        choices=(("proportional", gettext_lazy("按完成率得分")), ("zero", gettext_lazy("不得分"))),
    )

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        rule = entry["rule"]
        bonus, shortfall = rule.get("bonus", {}), rule.get("shortfall", "proportional")
        if "cap_ratio" in rule or not isinstance(shortfall, str):
            raise CannotShow
        return super().read(entry) | {
            "bonus_step": read_percent(bonus, "step"),
            "bonus_points": read_number(bonus, "points"),
            "bonus_cap": read_number(bonus, "cap"),
            "whole_steps": bonus.get("steps", "whole") == "whole",
            "shortfall": shortfall,
        }

    def write(self, entry: Entry, document: Entry) -> None:
        super().write(entry, document)
        cleaned = self.cleaned_data
        bonus = dict(entry["rule"].get("bonus", {}))
        put_percent(bonus, "step", cleaned["bonus_step"])
        put(bonus, "points", cleaned["bonus_points"])
        bonus["steps"] = "whole" if cleaned["whole_steps"] else "pro_rata"
        put(bonus, "cap", cleaned["bonus_cap"])
        entry["rule"] |= {"bonus": bonus, "shortfall": cleaned["shortfall"]}

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield from super().places(entry)
        yield ("rule", "bonus"), "bonus_step"


class StepForm(RulePart):
    """So many points for every full step beyond a start."""

    names = ("points",)
    start = Number(
        label=gettext_lazy("超过多少起算"),
        required=False,
        help_text=gettext_lazy("和目标比时填百分数，例如 100"),
    )
    step = Number(label=gettext_lazy("每满多少"), min_value=0, help_text=gettext_lazy("和目标比时填百分数"))
    points = Number(label=gettext_lazy("得几分"))
    ceiling = Number(label=gettext_lazy("最多得几分"), required=False)
    whole_steps = forms.BooleanField(label=gettext_lazy("不足一档的不计"), required=False)

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        rule = entry["rule"]
        if "cap_ratio" in rule:
            raise CannotShow
        read = read_percent if "target" in rule else read_number
        return {
            "start": read(rule, "from"),
            "step": read(rule, "step"),
            "points": read_number(rule, "points"),
            "ceiling": read_number(rule, "cap"),
            "whole_steps": rule.get("steps", "whole") == "whole",
        }

    def write(self, entry: Entry, document: Entry) -> None:
        super().write(entry, document)
        rule, cleaned = entry["rule"], self.cleaned_data
        write = put_percent if "target" in rule else put
        write(rule, "from", cleaned["start"])
        write(rule, "step", cleaned["step"])
        put(rule, "cap", cleaned["ceiling"])
        rule["steps"] = "whole" if cleaned["whole_steps"] else "pro_rata"

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield from super().places(entry)
        yield ("rule", "from"), "start"
        yield ("rule", "cap"), "ceiling"


class ShortfallForm(RulePart):
    """Full points, and so many less for each one that is missing."""

    names = ("points", "most")
    points = Number(label=gettext_lazy("完成目标得几分"))
    each = Number(label=gettext_lazy("每少一个扣几分"), min_value=0)
    most = Number(label=gettext_lazy("最多扣几分"), required=False, min_value=0)

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        return super().read(entry) | {"each": read_number(holder(entry), "each")}

    def write(self, entry: Entry, document: Entry) -> None:
        super().write(entry, document)
        put(holder(entry), "each", self.cleaned_data["each"])

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield from super().places(entry)
        yield ("rule", "terms", 0, "each"), "each"


class PowerForm(RulePart):
    """A place between the worst and the best of the group."""

    names = ("top", "bottom")
    top = Number(label=gettext_lazy("最好的得几分"))
    bottom = Number(label=gettext_lazy("最差的得几分"))
    first = forms.ChoiceField(
        label=gettext_lazy("怎样算好"),
        choices=(("highest", gettext_lazy("越大越好")), ("lowest", gettext_lazy("越小越好"))),
    )

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        return super().read(entry) | {"first": entry["rule"].get("first", "highest")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        top, bottom = cleaned.get("top"), cleaned.get("bottom")
        if top is not None and bottom is not None and bottom >= top:
            self.add_error("bottom", _("最差的分要比最好的低。"))
        return cleaned

    def write(self, entry: Entry, document: Entry) -> None:
        super().write(entry, document)
        if self.cleaned_data["first"] != "highest" or "first" in entry["rule"]:
            entry["rule"]["first"] = self.cleaned_data["first"]
