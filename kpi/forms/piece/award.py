"""An award or a notice (奖项、提示): the first or the last of a group, perhaps only who missed the target, or everybody."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.forms.indicator.facts import in_order
from kpi.forms.indicator.part import Entry, Part, Place, checked, missing, put

ENDS = (
    ("first", gettext_lazy("前几名")),
    ("last", gettext_lazy("末几名")),
    ("everybody", gettext_lazy("所有符合条件的")),
)


class AwardForm(Part):
    """Who stands for the award."""

    heading = gettext_lazy("奖项")
    template = "kpi/parts/award.html"

    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    clause = forms.CharField(
        label=gettext_lazy("条款"), max_length=60, required=False, help_text=gettext_lazy("例如：第十二条")
    )
    group = forms.ChoiceField(label=gettext_lazy("在哪个分组里选"))
    end = forms.ChoiceField(label=gettext_lazy("取"), choices=ENDS)
    count = forms.IntegerField(
        label=gettext_lazy("几名"),
        required=False,
        min_value=1,
        max_value=999,
        help_text=gettext_lazy("最后一名有并列时都列出，由人决定"),
    )
    warning = forms.BooleanField(label=gettext_lazy("警示类：谁都不想要的，如蜗牛奖"), required=False)
    missed = forms.ChoiceField(
        label=gettext_lazy("还要没有完成任务吗"),
        required=False,
        choices=(
            ("", gettext_lazy("不看任务，只看名次")),
            ("any", gettext_lazy("任一项没完成的才算")),
            ("all", gettext_lazy("各项都没完成的才算")),
        ),
    )
    items = checked(gettext_lazy("看哪几项任务"))
    timing = forms.ChoiceField(
        label=gettext_lazy("和哪个目标比"),
        required=False,
        choices=(
            ("elapsed", gettext_lazy("时序目标（按已过的时间折算）")),
            ("annual", gettext_lazy("全年目标")),
        ),
    )

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        condition = entry.get("if_target_missed", {})
        end = "everybody" if "everybody" in entry else "last" if "last" in entry else "first"
        return {
            "title": entry.get("title", ""),
            "clause": entry.get("clause", ""),
            "group": entry.get("group", ""),
            "end": end,
            "count": None if end == "everybody" else entry.get(end),
            "warning": entry.get("warning", False),
            "missed": condition.get("when", ""),
            "items": condition.get("indicators", []),
            "timing": condition.get("timing", "elapsed"),
        }

    def prepare(self, entry: Entry) -> None:
        self.code = entry.get("code", "")
        scheme = self.setting.scheme
        groups = [(code, group.title) for code, group in scheme.groups.items()]
        self.fields["group"] = forms.ChoiceField(
            label=_("在哪个分组里选"), choices=[("", _("请选择")), *groups]
        )
        held = [(one.code, one.title) for one in scheme.indicators if one.progress is not None]
        others = [(code, code) for code in self.initial["items"] if code not in dict(held)]
        help_text = _("只列出和目标比的指标") if held else _("还没有哪一项指标和目标比；请先在指标里选目标。")
        self.fields["items"] = checked(_("看哪几项任务"), [*held, *others], help_text)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("end") != "everybody" and not cleaned.get("count") and "count" not in self.errors:
            self.add_error("count", missing(_("请写取几名。")))
        if cleaned.get("missed") and not cleaned.get("items") and "items" not in self.errors:
            self.add_error("items", missing(_("请至少勾一项任务。")))
        return cleaned

    def write(self, entry: Entry, document: Entry) -> None:
        cleaned = self.cleaned_data
        entry["title"] = cleaned["title"]
        put(entry, "clause", cleaned["clause"] or None)
        entry["group"] = cleaned["group"]
        for other in {"first", "last", "everybody"} - {cleaned["end"]}:
            entry.pop(other, None)
        entry[cleaned["end"]] = True if cleaned["end"] == "everybody" else cleaned["count"]
        put(entry, "warning", True if cleaned["warning"] else None)
        before = entry.get("if_target_missed", {})
        condition = {
            **before,
            "indicators": in_order(before.get("indicators", ()), cleaned["items"]),
            "when": cleaned["missed"],
            "timing": cleaned["timing"] or "elapsed",
        }
        put(entry, "if_target_missed", condition if cleaned["missed"] else None)

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield from (((name,), name) for name in ("title", "clause", "group", "warning"))
        yield from (((end,), "count") for end in ("first", "last", "everybody"))
        yield ("if_target_missed",), "items"

    def bars(self) -> list[str]:
        """The gates that keep somebody from this award."""
        return [one.title for one in self.setting.scheme.gates if {"all", self.code} & set(one.bars)]
